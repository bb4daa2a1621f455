/**
 * What the ways to decide cost, on programs that are made for the question: the same work behind each way, on the direct engine
 * and, where it takes them, in the running kernel.
 *
 * <p>{@link dev.turnout.bench.ways.DispatchTable} compares jump tables with compare trees, and one dispatch for a loop with one a
 * case.
 */
@NullMarked
package dev.turnout.bench.ways;

import org.jspecify.annotations.NullMarked;
