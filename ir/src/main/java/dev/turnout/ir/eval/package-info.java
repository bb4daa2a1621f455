/**
 * Runs IR. {@link dev.turnout.ir.eval.Evaluator} is the meaning of the language, written as plainly as it goes: passes are
 * tested against it (the same inputs before and after must give the same results), constants are computed by it at compile
 * time, and {@code test} blocks run on it.
 *
 * <p>What a function can see of the world is an {@link dev.turnout.ir.eval.Environment}: memory, addresses, helpers, keys.
 * {@link dev.turnout.ir.eval.CheckedMemory} is one that stands alone: every access is checked against the bounds of what it
 * points to, stack bytes must have been written before they are read, and nothing depends on anything but its input.
 *
 * <p>Values are {@code long}s without bits above their width, as the model says; pointers are addresses, 0 is null.
 */
@NullMarked
package dev.turnout.ir.eval;

import org.jspecify.annotations.NullMarked;
