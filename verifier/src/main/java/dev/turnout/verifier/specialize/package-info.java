/**
 * Rewriting after the proof, with one owner. {@link dev.turnout.verifier.specialize.Specializer} takes a {@link
 * dev.turnout.verifier.VerifiedProgram} and gives an {@link dev.turnout.verifier.specialize.ExecutableProgram}: code that
 * machines may run, with the map from original to rewritten slots and every table of instructions rebased. No machine takes
 * anything else, so nothing unverified can reach one.
 *
 * <p>A rewrite is a file: {@code FoldBranches}, {@code FoldLoads}, {@code FoldOperands}, {@code RemoveDeadCode}, {@code RemoveEmptyJumps}, {@code
 * RemoveDeadDefinitions}, {@code BlindConstants}. It changes a {@code Draft}, in which everything is said in original slots,
 * and argues from the table of invariants why no run changes. {@code Layout} gives out new slots, once. {@link
 * dev.turnout.verifier.specialize.Decisions} says what was decided, for which value, and what died of it.
 */
@NullMarked
package dev.turnout.verifier.specialize;

import org.jspecify.annotations.NullMarked;
