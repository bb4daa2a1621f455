/**
 * What an operation on a map costs a program, kind by kind, on each engine and in the running kernel: {@link
 * dev.turnout.bench.maps.MapTable} prints it, {@link dev.turnout.bench.maps.MapWork} is a row of it.
 */
@NullMarked
package dev.turnout.bench.maps;

import org.jspecify.annotations.NullMarked;
