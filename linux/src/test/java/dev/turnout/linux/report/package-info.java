@NullMarked
package dev.turnout.linux.report;

import org.jspecify.annotations.NullMarked;
