/**
 * Maps beside Linux's, and maps under many threads. A {@link dev.turnout.tests.maps.MapHistory} is a definition and operations on it,
 * drawn from a seed: some by a host, some by a program that {@link dev.turnout.tests.maps.OperationProgram} writes for the definition.
 * A {@link dev.turnout.tests.maps.MapSide} carries them out, in the running kernel or on an engine of ours, and says what each gave.
 */
@NullMarked
package dev.turnout.tests.maps;

import org.jspecify.annotations.NullMarked;
