package dev.turnout.bpf.machine;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.object.Reference;

/** An instruction that does not end a block. At most one register is written; calls also lose r0 to r5. */
public sealed interface MachineInsn {
    /** No register, no slot. */
    int NONE = -1;

    /** A whole-register copy: what register allocation tries to make superfluous. */
    record Move(int dst, int src) implements MachineInsn {}

    /** A number, in the shortest instruction that gives it. */
    record Constant(int dst, long value) implements MachineInsn {}

    /** The address of something named. */
    record Address(int dst, Reference to) implements MachineInsn {}

    /** The address of a byte of a frame slot. */
    record SlotAddress(int dst, int slot, int offset) implements MachineInsn {}

    /** {@code dst op= src}. */
    record Alu(AluOp op, Width width, int dst, int src) implements MachineInsn {}

    /** {@code dst op= value}. */
    record AluImmediate(AluOp op, Width width, int dst, int value) implements MachineInsn {}

    record Negate(Width width, int dst) implements MachineInsn {}

    record Swap(SwapOp op, int bits, int dst) implements MachineInsn {}

    record Load(Size size, boolean signed, int dst, Place at) implements MachineInsn {}

    record Store(Size size, Place at, int value) implements MachineInsn {}

    record StoreImmediate(Size size, Place at, int value) implements MachineInsn {}

    /** See {@link dev.turnout.bpf.isa.Insn.Atomic}; an exchange with comparison reads and writes r0 too. */
    record Atomic(AtomicOp op, Size size, Place at, int value) implements MachineInsn {}

    /** Arguments are in r1 and up, the result is in r0. */
    record CallHelper(int id, int arguments) implements MachineInsn {}

    record CallLocal(String function, int arguments) implements MachineInsn {}

    /** Of a function of the kernel that is no helper. */
    record CallKernel(String function, int arguments) implements MachineInsn {}

    record CallIndirect(int target, int arguments) implements MachineInsn {}

    /** The register written, or {@link #NONE}. For calls r0. */
    default int written() {
        return switch (this) {
            case Move insn -> insn.dst;
            case Constant insn -> insn.dst;
            case Address insn -> insn.dst;
            case SlotAddress insn -> insn.dst;
            case Alu insn -> insn.dst;
            case AluImmediate insn -> insn.dst;
            case Negate insn -> insn.dst;
            case Swap insn -> insn.dst;
            case Load insn -> insn.dst;
            case Store _, StoreImmediate _ -> NONE;
            case Atomic insn ->
                switch (insn.op) {
                    case ADD, AND, OR, XOR, STORE_RELEASE -> NONE;
                    case FETCH_ADD, FETCH_AND, FETCH_OR, FETCH_XOR, XCHG, LOAD_ACQUIRE -> insn.value;
                    case CMPXCHG -> 0;
                };
            case CallHelper _, CallLocal _, CallKernel _, CallIndirect _ -> 0;
        };
    }

    /** Register read number {@code index}, 0 to 2, or {@link #NONE}. Arguments of calls are not told here. */
    default int read(int index) {
        return switch (this) {
            case Move insn -> index == 0 ? insn.src : NONE;
            case Constant _, Address _, SlotAddress _ -> NONE;
            case Alu insn ->
                switch (index) {
                    case 0 -> insn.src;
                    case 1 -> insn.op.readsDestination() ? insn.dst : NONE;
                    default -> NONE;
                };
            case AluImmediate insn -> index == 0 && insn.op.readsDestination() ? insn.dst : NONE;
            case Negate insn -> index == 0 ? insn.dst : NONE;
            case Swap insn -> index == 0 ? insn.dst : NONE;
            case Load insn -> index == 0 ? insn.at.base() : NONE;
            case Store insn ->
                switch (index) {
                    case 0 -> insn.at.base();
                    case 1 -> insn.value;
                    default -> NONE;
                };
            case StoreImmediate insn -> index == 0 ? insn.at.base() : NONE;
            case Atomic insn ->
                switch (index) {
                    case 0 -> insn.at.base();
                    case 1 -> insn.op == AtomicOp.LOAD_ACQUIRE ? NONE : insn.value;
                    default -> insn.op == AtomicOp.CMPXCHG ? 0 : NONE;
                };
            case CallHelper _, CallLocal _, CallKernel _ -> NONE;
            case CallIndirect insn -> index == 0 ? insn.target : NONE;
        };
    }

    /** Number of argument registers that a call reads, or {@link #NONE} if this is no call. */
    default int arguments() {
        return switch (this) {
            case CallHelper insn -> insn.arguments;
            case CallLocal insn -> insn.arguments;
            case CallKernel insn -> insn.arguments;
            case CallIndirect insn -> insn.arguments;
            case Move _, Constant _, Address _, SlotAddress _, Alu _, AluImmediate _, Negate _, Swap _ -> NONE;
            case Load _, Store _, StoreImmediate _, Atomic _ -> NONE;
        };
    }

    default boolean isCall() {
        return arguments() != NONE;
    }

    /** The same with register {@code to} in place of {@code from}. */
    default MachineInsn renamed(int from, int to) {
        return switch (this) {
            case Move(int dst, int src) -> new Move(dst == from ? to : dst, src == from ? to : src);
            case Constant(int dst, long value) -> dst == from ? new Constant(to, value) : this;
            case Address(int dst, Reference reference) -> dst == from ? new Address(to, reference) : this;
            case SlotAddress(int dst, int slot, int offset) -> dst == from ? new SlotAddress(to, slot, offset) : this;
            case Alu(AluOp op, Width width, int dst, int src) ->
                new Alu(op, width, dst == from ? to : dst, src == from ? to : src);
            case AluImmediate(AluOp op, Width width, int dst, int value) ->
                new AluImmediate(op, width, dst == from ? to : dst, value);
            case Negate(Width width, int dst) -> new Negate(width, dst == from ? to : dst);
            case Swap(SwapOp op, int bits, int dst) -> new Swap(op, bits, dst == from ? to : dst);
            case Load(Size size, boolean signed, int dst, Place at) ->
                new Load(size, signed, dst == from ? to : dst, at.renamed(from, to));
            case Store(Size size, Place at, int value) ->
                new Store(size, at.renamed(from, to), value == from ? to : value);
            case StoreImmediate(Size size, Place at, int value) ->
                new StoreImmediate(size, at.renamed(from, to), value);
            case Atomic(AtomicOp op, Size size, Place at, int value) ->
                new Atomic(op, size, at.renamed(from, to), value == from ? to : value);
            case CallHelper insn -> insn;
            case CallLocal insn -> insn;
            case CallKernel insn -> insn;
            case CallIndirect(int target, int count) -> target == from ? new CallIndirect(to, count) : this;
        };
    }
}
