/**
 * How fast code runs, beside others: the objects of {@code tests/corpus} on every engine, the same C sources as native code, and
 * the running kernel, all in one process on one input. Nothing is timed whose result was not compared first.
 *
 * <p>{@link dev.turnout.bench.speed.SpeedTable} is the door; a {@link dev.turnout.bench.speed.Subject} is something that runs a
 * workload many times in a row, {@link dev.turnout.bench.speed.Sampling} times it. {@link dev.turnout.bench.speed.OtherFigures}
 * measures what has no workload: translation, and the ways from Java to a program.
 */
@NullMarked
package dev.turnout.bench.speed;

import org.jspecify.annotations.NullMarked;
