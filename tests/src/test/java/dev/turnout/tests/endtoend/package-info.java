/** Starts {@code ./turnout} as users do: the script, the jar that it built, in a process of its own. */
@NullMarked
package dev.turnout.tests.endtoend;

import org.jspecify.annotations.NullMarked;
