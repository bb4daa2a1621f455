/**
 * Machine code over virtual registers: what selection makes of a function, what register allocation rewrites, and what
 * layout turns into instructions. Not SSA: BPF's two-address instructions read and write one register, so a virtual
 * register may be written often.
 *
 * <p>Registers are numbers. 0 to 10 are the machine's own; from {@link dev.turnout.bpf.machine.MachineFunction#FIRST_VIRTUAL}
 * on they are virtual. {@link dev.turnout.bpf.machine.MachineInsn#NONE} means that there is none. Places in the frame are
 * named by slot until {@code dev.turnout.bpf.frame} gives them offsets; blocks are named by number until {@code
 * dev.turnout.bpf.layout} gives them positions.
 */
@NullMarked
package dev.turnout.bpf.machine;

import org.jspecify.annotations.NullMarked;
