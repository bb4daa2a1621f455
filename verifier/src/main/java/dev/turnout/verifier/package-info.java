/**
 * Proves that a BPF program is safe to run, or says which instruction is not, why, and what would make it so. In goes a
 * {@link dev.turnout.bpf.program.BpfProgram}; out comes a {@link dev.turnout.verifier.Verdict}: a {@link
 * dev.turnout.verifier.VerifiedProgram} with its table of {@link dev.turnout.verifier.Invariants}, or the list of
 * {@link dev.turnout.verifier.report.Violation}s. The door is {@link dev.turnout.verifier.Verifier}.
 *
 * <p>The rooms, in the order in which a program walks through them: {@code cfg} (functions, blocks, loops, structural
 * rules), {@code domain} (what can be known of a machine state), {@code transfer} (what an instruction does to it), {@code
 * fixpoint} (the invariants of all instructions), {@code obligation} (what must hold before an instruction, judged on the
 * invariants), {@code report} (words), {@code specialize} (the only way from a proof to code that runs).
 *
 * <p>{@code docs/verifier.md} explains the method with its mathematics.
 */
@NullMarked
package dev.turnout.verifier;

import org.jspecify.annotations.NullMarked;
