/**
 * Instruction selection: an IR {@link dev.turnout.ir.model.Function} whose ways to go the target has (see {@code
 * dev.turnout.bpf.lower}) goes in, a {@link dev.turnout.bpf.machine.MachineFunction} over virtual registers comes out.
 *
 * <p>Three ideas carry it. <b>Folding</b>: an operation whose every use can take it in (a comparison by a branch, an offset
 * by a displacement, a constant by an immediate) is not computed at all; {@link dev.turnout.bpf.select.ValueUses} decides
 * this before anything is emitted. <b>Lazy upper bits</b>: a number of 8, 16 or 32 bits sits in a 64-bit register whose upper
 * bits are cleared only where some use can see them; {@code ValueUses} finds these uses, {@link
 * dev.turnout.bpf.select.KnownBits} finds what is clear already. <b>Few moves</b>: a two-address instruction is a move and
 * an operation; the operand that is moved is the one whose register is most likely to be free, and narrowing, hiding and
 * passing through a block with one predecessor make no move at all.
 */
@NullMarked
package dev.turnout.bpf.select;

import org.jspecify.annotations.NullMarked;
