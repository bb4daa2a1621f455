/**
 * The reference machine: runs programs instruction by instruction with every check on, although all of them were proven. It
 * reads what an instruction does from its row ({@link dev.turnout.bpf.isa.AluOp}, {@link dev.turnout.bpf.isa.JumpOp}, {@link
 * dev.turnout.bpf.isa.AtomicOp}), as the verifier does, so the two agree on what was proven; compiled code, which has meanings
 * of its own, is compared with it.
 *
 * <p>{@link dev.turnout.runtime.interpreter.Interpreter} is the door. A program becomes an array of {@link
 * dev.turnout.runtime.interpreter.Step}s, one a slot; an {@link dev.turnout.runtime.interpreter.Execution} is one run. {@link
 * dev.turnout.runtime.interpreter.LiveMemory} says which bytes the program may touch at this moment: its frames, packet,
 * context and map values. An access elsewhere ends the run with a report that names instruction and registers: never the
 * process. {@link dev.turnout.runtime.interpreter.WatchedInterpreter} is the same with somebody who looks on before each
 * instruction, for tests of what the verifier claims.
 */
@NullMarked
package dev.turnout.runtime.interpreter;

import org.jspecify.annotations.NullMarked;
