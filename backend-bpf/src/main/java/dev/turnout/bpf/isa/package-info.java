/**
 * The BPF instruction set: cpu v4 of RFC 9669 and Linux 7.2, with indirect jumps (gotox), indirect calls (callx), static
 * branches and may_goto. An {@link dev.turnout.bpf.isa.Insn} is a decoded instruction, a sealed family of records: what
 * cannot be encoded can hardly be spelled. What an instruction of the arithmetic, jump or atomic family does is said once,
 * in its row ({@link dev.turnout.bpf.isa.AluOp}, {@link dev.turnout.bpf.isa.JumpOp}, {@link dev.turnout.bpf.isa.AtomicOp}),
 * over an {@link dev.turnout.bpf.isa.Algebra}: on numbers it runs, on abstract numbers it is the verifier's transfer
 * function.
 *
 * <p>Vocabulary: a <i>slot</i> is eight bytes of code; an instruction takes one slot, a wide load two. Distances of jumps
 * and calls count slots from the slot behind the instruction. Positions and distances are never in bytes here.
 */
@NullMarked
package dev.turnout.bpf.isa;

import org.jspecify.annotations.NullMarked;
