/** Holds the house to its plan: which module may need which, what each may touch, and how things are named. */
@NullMarked
package dev.turnout.tests.architecture;

import org.jspecify.annotations.NullMarked;
