/** One meaning on every machine: our interpreter and the running kernel are given the same programs, inputs and maps. */
@NullMarked
package dev.turnout.tests.differential;

import org.jspecify.annotations.NullMarked;
