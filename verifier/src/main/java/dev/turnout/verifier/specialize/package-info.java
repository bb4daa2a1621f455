/**
 * Rewriting after the proof, with one owner. {@link dev.turnout.verifier.specialize.Specializer} takes a {@link
 * dev.turnout.verifier.VerifiedProgram} and gives an {@link dev.turnout.verifier.specialize.ExecutableProgram}: code that
 * machines may run, with the map from original to rewritten slots and every table of instructions rebased. No machine takes
 * anything else, so nothing unverified can reach one.
 */
@NullMarked
package dev.turnout.verifier.specialize;

import org.jspecify.annotations.NullMarked;
