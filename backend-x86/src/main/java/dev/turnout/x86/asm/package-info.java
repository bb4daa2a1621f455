/**
 * Writes x86-64 machine code. {@link dev.turnout.x86.asm.Assembler} turns rows of {@link dev.turnout.x86.isa} and operands into
 * bytes, {@link dev.turnout.x86.asm.Label}s into distances, and, when asked, the same calls into a listing. A loop that sums
 * {@code esi} words from {@code rdi} on:
 *
 * {@snippet lang="java" :
 * Assembler asm = Assembler.listing();
 * Label done = new Label();
 * asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
 * Label again = asm.here();
 * asm.arith(Arith.SUB, OperandSize.DWORD, Gpr.RSI, 1);
 * asm.jump(Condition.B, done);
 * asm.arith(Arith.ADD, OperandSize.QWORD, Gpr.RAX, Mem.indexed(Gpr.RDI, Gpr.RSI, 8, 0));
 * asm.jump(again);
 * asm.place(done);
 * asm.bare(Bare.RET);
 * AssembledCode code = asm.finish();
 * }
 *
 * <p>{@code code.listing()} then says, and GNU objdump says so too:
 *
 * {@snippet lang="text" :
 *  0: xor eax,eax
 *  2: sub esi,0x1
 *  5: jb 0xd
 *  7: add rax,QWORD PTR [rdi+rsi*8]
 *  b: jmp 0x2
 *  d: ret
 * }
 *
 * <p><b>Operands.</b> The operation and its size stand first, the destination before the source. Whatever can be said in several
 * encodings is said in the shortest: immediates, displacements, constants, the accumulator's own forms. What no processor can
 * do (an index rsp, imul of bytes) is an {@link java.lang.IllegalArgumentException} at the call.
 *
 * <p><b>Places.</b> How long a jump is depends on how far it goes, and that on other jumps, so no offset is known before
 * {@link dev.turnout.x86.asm.Assembler#finish}. Whoever wants to know where something came to lie takes a label of it, by
 * {@link dev.turnout.x86.asm.Assembler#here} or as the result of the call that wrote it, and asks
 * {@link dev.turnout.x86.asm.AssembledCode#offset}. {@code jump} is always an instruction; {@code continueAt} is none where the
 * target is next. The method, and why it ends, is in docs/adr/0011.
 *
 * <p><b>Addresses.</b> Code is position independent: it reaches itself relative to rip. Open are only the eight-byte words that
 * hold addresses of the code itself ({@link dev.turnout.x86.asm.AssembledCode#absolutes}) and what the caller has left open by
 * itself ({@code movImm64}, {@code callOutside}: both return the label of the field).
 *
 * <p><b>Cost.</b> An instruction makes no object but its {@link dev.turnout.x86.asm.Mem}; the layout takes two or three rounds over
 * the jumps. A listing makes text and costs many times as much; without one there is none of that.
 */
@NullMarked
package dev.turnout.x86.asm;

import org.jspecify.annotations.NullMarked;
