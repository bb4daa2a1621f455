/**
 * The integer instructions of x86-64, each declared once. One enum a family ({@link dev.turnout.x86.isa.Arith},
 * {@link dev.turnout.x86.isa.Shift}, …), a row an instruction, behind {@link dev.turnout.x86.isa.X86Op}; a row holds an
 * {@link dev.turnout.x86.isa.Encoding} for each form of operands, written as the manual writes it ({@code "81 /0 id"}), so that
 * a row is checked by laying the manual beside it. The assembler walks these rows and knows no opcode of its own; so do the
 * listing and the tests, which range over all rows.
 *
 * <p>Source: Intel 64 and IA-32 Architectures Software Developer's Manual (SDM), volume 2, the entry of the instruction.
 */
@NullMarked
package dev.turnout.x86.isa;

import org.jspecify.annotations.NullMarked;
