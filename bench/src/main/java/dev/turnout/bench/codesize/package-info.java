/**
 * Compares the code that Turnout makes with what clang makes of the same job: instructions in the object, and instructions
 * executed. Workloads go in (a port in Turnout and an object of the C twin), a table comes out.
 *
 * <p>Both objects are verified and run by the same machine on the same packet, and must give the same result; nothing here
 * measures time, so that the table is the same on every machine.
 */
@NullMarked
package dev.turnout.bench.codesize;

import org.jspecify.annotations.NullMarked;
