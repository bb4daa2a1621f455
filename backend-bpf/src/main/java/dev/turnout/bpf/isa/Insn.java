package dev.turnout.bpf.isa;

import java.util.Optional;

/**
 * A decoded instruction. Distances count slots from the slot behind the instruction; offsets of memory accesses count
 * bytes and fit 16 bits.
 */
public sealed interface Insn {
    /** {@code dst op= src}. */
    record Alu(AluOp op, Width width, Reg dst, Operand src) implements Insn {}

    /** {@code dst = -dst}. */
    record Neg(Width width, Reg dst) implements Insn {}

    /** Byte order; {@code bits} is 16, 32 or 64. */
    record Swap(SwapOp op, int bits, Reg dst) implements Insn {}

    /**
     * {@code dst = addr_space_cast(src)}: between an arena's pointers and the kernel's.
     *
     * @param spaces dst in the upper half
     */
    record CastSpace(Reg dst, Reg src, int spaces) implements Insn {}

    /**
     * Two slots: 64 bits, or what {@code kind} makes of them.
     *
     * @param low slot 1's immediate
     * @param high slot 2's
     */
    record Wide(Reg dst, WideKind kind, int low, int high) implements Insn {
        /** The number of both words; the meaning of {@link WideKind#CONSTANT}. */
        public long value() {
            return (long) high << 32 | Integer.toUnsignedLong(low);
        }

        public static Wide constant(Reg dst, long value) {
            return new Wide(dst, WideKind.CONSTANT, (int) value, (int) (value >>> 32));
        }
    }

    /** {@code dst = *(size *)(base + offset)}, zero- or sign-extended to 64 bits. */
    record Load(Size size, boolean signed, Reg dst, Reg base, int offset) implements Insn {}

    /** {@code *(size *)(base + offset) = value}. */
    record Store(Size size, Reg base, int offset, Operand value) implements Insn {}

    /**
     * An indivisible access to {@code *(size *)(base + offset)}.
     *
     * @param value the other operand and, if the operation fetches, the result's place; the result's place of a
     *     load-acquire
     */
    record Atomic(AtomicOp op, Size size, Reg base, int offset, Reg value) implements Insn {}

    /**
     * The legacy packet loads: {@code r0 = ntoh(packet[imm + index])}; needs r6 = context, loses r1 to r5, leaves the
     * program when out of bounds.
     *
     * @param indexed whether {@code index} is added (LD_IND) or not (LD_ABS, where it is r0 and means nothing)
     */
    record PacketLoad(Size size, boolean indexed, Reg index, int imm) implements Insn {}

    /**
     * {@code goto}.
     *
     * @param far whether the distance is in the 32-bit field (gotol, from cpu v4 on)
     */
    record Jump(boolean far, int distance) implements Insn {}

    /** {@code if dst op src goto}. The distance fits 16 bits. */
    record JumpIf(JumpOp op, Width width, Reg dst, Operand src, int distance) implements Insn {}

    /**
     * A static branch: a jump or a nop, by the state of its key.
     *
     * @param nop whether it starts as a nop
     */
    record StaticJump(boolean far, boolean nop, int distance) implements Insn {}

    /** Falls through a bounded number of times, then jumps. */
    record MayGoto(int distance) implements Insn {}

    /** gotox: jumps to the address in a register, which was loaded from an instruction array. */
    record JumpIndirect(Reg target) implements Insn {}

    record CallHelper(int id) implements Insn {}

    record CallLocal(int distance) implements Insn {}

    /**
     * A kernel function by its BTF id; in a {@code BpfProgram}, by the index of its name in the program's own list of what the kernel
     * has to provide.
     *
     * @param module 0, or the index of a module's BTF
     */
    record CallKernel(int btfId, int module) implements Insn {}

    /** callx: calls the function whose address is in a register. */
    record CallIndirect(Reg target) implements Insn {}

    record Exit() implements Insn {}

    /** Slots taken: 2 for a wide load, else 1. */
    default int slots() {
        return this instanceof Wide ? 2 : 1;
    }

    /** The distance of a jump that has one; calls and wide loads of functions are not jumps. */
    default Optional<Integer> jumpDistance() {
        return switch (this) {
            case Jump jump -> Optional.of(jump.distance);
            case JumpIf jump -> Optional.of(jump.distance);
            case StaticJump jump -> Optional.of(jump.distance);
            case MayGoto jump -> Optional.of(jump.distance);
            case Alu _, Neg _, Swap _, CastSpace _, Wide _, Load _, Store _, Atomic _, PacketLoad _ -> Optional.empty();
            case JumpIndirect _, CallHelper _, CallLocal _, CallKernel _, CallIndirect _, Exit _ -> Optional.empty();
        };
    }

    /** Whether control can go on to the next instruction. */
    default boolean fallsThrough() {
        return switch (this) {
            case Jump _, JumpIndirect _, Exit _ -> false;
            case JumpIf _, StaticJump _, MayGoto _ -> true;
            case Alu _, Neg _, Swap _, CastSpace _, Wide _, Load _, Store _, Atomic _, PacketLoad _ -> true;
            case CallHelper _, CallLocal _, CallKernel _, CallIndirect _ -> true;
        };
    }

    /** The register through which it accesses memory, if it does; legacy packet loads name none. */
    default Optional<Reg> accessBase() {
        return switch (this) {
            case Load load -> Optional.of(load.base());
            case Store store -> Optional.of(store.base());
            case Atomic atomic -> Optional.of(atomic.base());
            case Alu _, Neg _, Swap _, CastSpace _, Wide _, PacketLoad _ -> Optional.empty();
            case Jump _, JumpIf _, StaticJump _, MayGoto _, JumpIndirect _ -> Optional.empty();
            case CallHelper _, CallLocal _, CallKernel _, CallIndirect _, Exit _ -> Optional.empty();
        };
    }
}
