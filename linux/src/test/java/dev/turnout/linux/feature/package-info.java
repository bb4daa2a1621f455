@NullMarked
package dev.turnout.linux.feature;

import org.jspecify.annotations.NullMarked;
