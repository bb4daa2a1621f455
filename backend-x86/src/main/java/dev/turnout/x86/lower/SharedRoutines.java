package dev.turnout.x86.lower;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.engine.Limits;
import dev.turnout.runtime.map.Errno;
import dev.turnout.x86.asm.AssembledCode;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.code.Listing;
import dev.turnout.x86.code.Stub;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is too long to stand at each instruction that needs it: written once, behind the functions, if any of them needs it. */
final class SharedRoutines {
    private static final int NETWORK_WINDOW = 0x100000;
    private static final int LINK_WINDOW = 0x200000;

    private final Assembler asm;
    private @Nullable Label loop;
    private @Nullable Label packet;
    private @Nullable Label turns;
    private final Draft draft;

    SharedRoutines(Draft draft) {
        this.draft = draft;
        this.asm = draft.asm;
    }

    /** {@code bpf_loop}, called with its arguments in r1 to r4. */
    Label loop() {
        if (loop == null) {
            loop = new Label();
        }
        return loop;
    }

    /**
     * Where the bytes of a packet load are: called with the offset in eax and their number in ecx; rax is their address, or 0
     * if they are not in the packet.
     */
    Label packet() {
        if (packet == null) {
            packet = new Label();
        }
        return packet;
    }

    /**
     * A helper that calls a function of the program back, called with its arguments in r1 to r5, when the control block says which: Java
     * says what each turn is given.
     */
    Label turns() {
        if (turns == null) {
            turns = new Label();
        }
        return turns;
    }

    /** Writes those that were asked for. */
    void emit() {
        if (loop != null) {
            emitLoop(loop);
        }
        if (packet != null) {
            emitPacket(packet);
        }
        if (turns != null) {
            emitTurns(turns);
        }
    }

    /** Adds their names, in the order in which they were written. */
    void name(AssembledCode assembled, List<Listing.Place> places) {
        if (loop != null) {
            places.add(new Listing.Place(assembled.offset(loop), "bpf_loop"));
        }
        if (packet != null) {
            places.add(new Listing.Place(assembled.offset(packet), "packet bytes"));
        }
        if (turns != null) {
            places.add(new Listing.Place(assembled.offset(turns), "turns of a callback"));
        }
    }

    private void emitLoop(Label start) {
        Gpr turn = Gpr.RBX;
        Gpr most = Gpr.R13;
        Gpr function = Gpr.R14;
        Gpr context = Gpr.R15;
        Label done = new Label();
        Label end = new Label();
        asm.align(X86Code.ALIGNMENT);
        asm.place(start);
        asm.movImm(Gpr.RAX, -Errno.EINVAL);
        asm.test(OperandSize.QWORD, Gpr.RCX, Gpr.RCX);
        asm.jump(Condition.NE, end);
        asm.movImm(Gpr.RAX, -Errno.E2BIG);
        asm.arith(Arith.CMP, OperandSize.DWORD, Gpr.RDI, Limits.MOST_TURNS);
        asm.jump(Condition.A, end);
        asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
        asm.test(OperandSize.DWORD, Gpr.RDI, Gpr.RDI);
        asm.jump(Condition.E, end);
        asm.push(turn);
        asm.push(most);
        asm.push(function);
        asm.push(context);
        asm.arith(Arith.XOR, OperandSize.DWORD, turn, turn);
        asm.mov(OperandSize.DWORD, most, Gpr.RDI);
        asm.mov(OperandSize.QWORD, function, Gpr.RSI);
        asm.mov(OperandSize.QWORD, context, Gpr.RDX);
        CallLowering.lowerFrame(asm);
        Label again = asm.here();
        asm.mov(OperandSize.DWORD, Gpr.RDI, turn);
        asm.mov(OperandSize.QWORD, Gpr.RSI, context);
        asm.call(function);
        asm.arith(Arith.ADD, OperandSize.DWORD, turn, 1);
        asm.test(OperandSize.QWORD, Gpr.RAX, Gpr.RAX);
        asm.jump(Condition.NE, done);
        asm.arith(Arith.CMP, OperandSize.DWORD, turn, most);
        asm.jump(Condition.B, again);
        asm.place(done);
        CallLowering.raiseFrame(asm);
        asm.mov(OperandSize.DWORD, Gpr.RAX, turn);
        asm.pop(context);
        asm.pop(function);
        asm.pop(most);
        asm.pop(turn);
        asm.place(end);
        asm.bare(Bare.RET);
    }

    private void emitTurns(Label start) {
        Gpr function = Gpr.RBX;
        Gpr number = Gpr.R13;
        Gpr[] arguments = {Gpr.RDI, Gpr.RSI, Gpr.RDX, Gpr.RCX};
        Label done = new Label();
        asm.align(X86Code.ALIGNMENT);
        asm.place(start);
        asm.push(function);
        asm.push(number);
        asm.mov(OperandSize.QWORD, function, Gpr.RSI);
        draft.callStub(Stub.HELPER);
        asm.mov(OperandSize.DWORD, number, Gpr.RAX);
        asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RSI, Gpr.RSI);
        Label again = asm.here();
        asm.mov(OperandSize.DWORD, Gpr.RDI, number);
        asm.store(OperandSize.DWORD, Mem.of(Registers.CONTROL, ControlBlock.HELPER), ControlBlock.NEXT_TURN);
        draft.callStub(Stub.HELPER);
        asm.test(OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
        asm.jump(Condition.E, done);
        for (int i = 0; i < arguments.length; i++) {
            asm.load(OperandSize.QWORD, arguments[i], Mem.of(Registers.CONTROL, ControlBlock.TURN + 8 * i));
        }
        CallLowering.lowerFrame(asm);
        asm.call(function);
        CallLowering.raiseFrame(asm);
        asm.mov(OperandSize.QWORD, Gpr.RSI, Gpr.RAX);
        asm.jump(again);
        asm.place(done);
        asm.load(OperandSize.QWORD, Gpr.RAX, Mem.of(Registers.CONTROL, ControlBlock.TURN));
        asm.pop(number);
        asm.pop(function);
        asm.bare(Bare.RET);
    }

    /** Negative offsets count from the network header or the link header, in windows of a MiB. */
    private void emitPacket(Label start) {
        Gpr input = Registers.SCRATCH;
        Gpr address = Gpr.RAX;
        Label link = new Label();
        Label negative = new Label();
        Label check = new Label();
        Label fails = new Label();
        asm.align(X86Code.ALIGNMENT);
        asm.place(start);
        asm.load(OperandSize.QWORD, input, Mem.of(Registers.CONTROL, ControlBlock.INPUT));
        asm.signExtend(OperandSize.DWORD, OperandSize.QWORD, address, Gpr.RAX);
        asm.test(OperandSize.QWORD, address, address);
        asm.jump(Condition.S, negative);
        asm.arith(Arith.ADD, OperandSize.QWORD, address, Mem.of(input, InputDescriptor.DATA));
        asm.jump(check);
        asm.place(negative);
        asm.arith(Arith.ADD, OperandSize.QWORD, address, NETWORK_WINDOW);
        asm.jump(Condition.S, link);
        asm.arith(Arith.ADD, OperandSize.QWORD, address, Mem.of(input, InputDescriptor.NETWORK_HEADER));
        asm.jump(check);
        asm.place(link);
        asm.arith(Arith.ADD, OperandSize.QWORD, address, LINK_WINDOW - NETWORK_WINDOW);
        asm.jump(Condition.S, fails);
        asm.arith(Arith.ADD, OperandSize.QWORD, address, Mem.of(input, InputDescriptor.MAC_HEADER));
        asm.place(check);
        asm.arith(Arith.CMP, OperandSize.QWORD, address, Mem.of(input, InputDescriptor.MAC_HEADER));
        asm.jump(Condition.B, fails);
        asm.arith(Arith.ADD, OperandSize.QWORD, Gpr.RCX, address);
        asm.arith(Arith.CMP, OperandSize.QWORD, Gpr.RCX, Mem.of(input, InputDescriptor.DATA_END));
        asm.jump(Condition.A, fails);
        asm.bare(Bare.RET);
        asm.place(fails);
        asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
        asm.bare(Bare.RET);
    }
}
