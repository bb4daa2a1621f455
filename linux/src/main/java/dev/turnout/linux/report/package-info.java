/** The words for what a kernel refuses. */
@NullMarked
package dev.turnout.linux.report;

import org.jspecify.annotations.NullMarked;
