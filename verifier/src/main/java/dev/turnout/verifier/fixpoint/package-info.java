/**
 * The invariants of a program: for each block, in each context of calls, a state that holds whenever control enters it.
 *
 * <p>{@link dev.turnout.verifier.fixpoint.Fixpoint} goes through a function in its weak topological order; a loop is a
 * {@code LoopHead}, which guesses how each place changes from round to round (not at all, by a constant, within a range, or
 * anyhow) and how many rounds there are, and then verifies the guess by one more pass through the body. The bound on the
 * rounds that makes memory accesses safe is at the same time the proof that the loop ends. {@code docs/verifier.md} has the
 * argument. Nothing is judged here: obligations are judged on the result.
 */
@NullMarked
package dev.turnout.verifier.fixpoint;

import org.jspecify.annotations.NullMarked;
