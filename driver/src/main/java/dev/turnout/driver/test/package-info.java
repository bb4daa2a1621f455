/**
 * Runs the {@code test} blocks of a program. A block is evaluated as IR in a {@link dev.turnout.driver.test.TestMemory};
 * programs that it runs are run by a {@link dev.turnout.driver.test.TestBed}, one for each engine, freshly loaded for each
 * test. What the block sees of maps and globals is a copy that is carried to the bed before each run and back behind it, so
 * that a test works alike whether the maps are in this process or in the kernel.
 */
@NullMarked
package dev.turnout.driver.test;

import org.jspecify.annotations.NullMarked;
