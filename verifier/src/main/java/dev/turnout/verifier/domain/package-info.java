/**
 * What can be known of a machine state, as immutable values with the textbook operators ({@code top}, {@code bottom},
 * {@code leq}, {@code join}, {@code meet}, {@code widen}).
 *
 * <ul>
 *   <li>{@link dev.turnout.verifier.domain.Tnum}: which bits are known. {@link dev.turnout.verifier.domain.Num}: the reduced
 *       product of a tnum with unsigned and signed intervals of 64 and of 32 bits. {@code AbstractAlgebra} computes on it, {@code Comparison} learns
 *       from branches.
 *   <li>{@code Form}: an exact linear combination of symbols, which stand for values that the
 *       analysis has named. Two locations with related forms are related, whatever is known of the symbols. {@code Halves} relates
 *       numbers that 32-bit arithmetic may have cut.
 *   <li>{@code Value}: what a register or a stack slot holds. {@code State}: registers, stack frames, symbols, and the proven length of the packet.
 * </ul>
 *
 * <p>Laws, each held by a property test: {@code leq} is a partial order; {@code join} is above both and {@code meet} below;
 * every operator's result contains every concrete result. Sources: Vishwanathan et al., CGO 2022 (tnums); Miné, "Symbolic
 * methods to enhance the precision of numerical abstract domains", VMCAI 2006 (linear forms).
 */
@NullMarked
package dev.turnout.verifier.domain;

import org.jspecify.annotations.NullMarked;
