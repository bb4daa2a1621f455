/**
 * What an instruction does to what is known: {@link dev.turnout.verifier.transfer.Transfer} for all but jumps, {@link
 * dev.turnout.verifier.transfer.Branching} for the edges of a jump. Both assume that the instruction's obligations hold (if
 * one does not, the program is rejected whatever follows) and judge nothing themselves. Sound for every machine state of
 * the state given.
 */
@NullMarked
package dev.turnout.verifier.transfer;

import org.jspecify.annotations.NullMarked;
