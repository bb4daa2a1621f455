/**
 * Machine code as bytes and as text. {@link dev.turnout.bpf.asm.Encoder} and {@link dev.turnout.bpf.asm.Decoder} translate
 * between instructions and words; {@link dev.turnout.bpf.asm.InsnPrinter} and {@link
 * dev.turnout.bpf.asm.InsnParser} between
 * instructions and the text that compilers and kernels print for BPF; {@link dev.turnout.bpf.asm.Disassembly} shows whole
 * programs and objects with labels, function heads and source lines.
 *
 * <p>The text: {@code r1} is 64 bits of a register, {@code w1} its lower 32; {@code r1 += r2} adds, {@code r1 = *(u32 *)(r2 +
 * 4)} loads, {@code if w1 s> -1 goto +3} jumps three slots past the next one. All numbers are decimal when printed; hex is
 * read too. Parsing what was printed gives the same instruction.
 */
@NullMarked
package dev.turnout.bpf.asm;

import org.jspecify.annotations.NullMarked;
