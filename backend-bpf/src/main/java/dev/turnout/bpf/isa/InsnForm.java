package dev.turnout.bpf.isa;

import java.util.Locale;

/**
 * A row of the instruction table: one way to fill an instruction word. An opcode has several rows where another field
 * selects the operation (the immediate of an atomic access, the offset of a division).
 *
 * @param prototype an instruction of this form; its operation, width, size and kind are the row's, its operands examples
 * @param opcode the first byte
 * @param dst rule of the destination nibble
 * @param src rule of the source nibble
 * @param off rule of the 16-bit field
 * @param imm rule of the 32-bit field
 * @param high rule of the second slot's 32-bit field, where there is a second slot
 * @param linuxImm what Linux's load policy allows of {@code imm}, beyond the encoding
 * @param group conformance group
 * @param cpu the first {@code -mcpu} version that compilers emit it for
 * @param source where it is defined
 */
public record InsnForm(
        Insn prototype,
        int opcode,
        FieldRule dst,
        FieldRule src,
        FieldRule off,
        FieldRule imm,
        FieldRule high,
        FieldRule linuxImm,
        ConformanceGroup group,
        int cpu,
        String source) {
    /** The instruction of this form with these fields, which must be legal. */
    public Insn build(int dst, int src, int off, int imm, int high) {
        return switch (prototype) {
            case Insn.Alu alu -> new Insn.Alu(alu.op(), alu.width(), Reg.of(dst), operand(alu.src(), src, imm));
            case Insn.Neg neg -> new Insn.Neg(neg.width(), Reg.of(dst));
            case Insn.Swap swap -> new Insn.Swap(swap.op(), swap.bits(), Reg.of(dst));
            case Insn.CastSpace _ -> new Insn.CastSpace(Reg.of(dst), Reg.of(src), imm);
            case Insn.Wide wide -> new Insn.Wide(Reg.of(dst), wide.kind(), imm, high);
            case Insn.Load load -> new Insn.Load(load.size(), load.signed(), Reg.of(dst), Reg.of(src), off);
            case Insn.Store store -> new Insn.Store(store.size(), Reg.of(dst), off, operand(store.value(), src, imm));
            case Insn.Atomic atomic
            when atomic.op() == AtomicOp.LOAD_ACQUIRE ->
                new Insn.Atomic(atomic.op(), atomic.size(), Reg.of(src), off, Reg.of(dst));
            case Insn.Atomic atomic -> new Insn.Atomic(atomic.op(), atomic.size(), Reg.of(dst), off, Reg.of(src));
            case Insn.PacketLoad load -> new Insn.PacketLoad(load.size(), load.indexed(), Reg.of(src), imm);
            case Insn.Jump jump -> new Insn.Jump(jump.far(), jump.far() ? imm : off);
            case Insn.JumpIf jump ->
                new Insn.JumpIf(jump.op(), jump.width(), Reg.of(dst), operand(jump.src(), src, imm), off);
            case Insn.StaticJump jump -> new Insn.StaticJump(jump.far(), jump.nop(), jump.far() ? imm : off);
            case Insn.MayGoto _ -> new Insn.MayGoto(off);
            case Insn.JumpIndirect _ -> new Insn.JumpIndirect(Reg.of(dst));
            case Insn.CallHelper _ -> new Insn.CallHelper(imm);
            case Insn.CallLocal _ -> new Insn.CallLocal(imm);
            case Insn.CallKernel _ -> new Insn.CallKernel(imm, off);
            case Insn.CallIndirect _ -> new Insn.CallIndirect(Reg.of(dst));
            case Insn.Exit _ -> prototype;
        };
    }

    private static Operand operand(Operand prototype, int src, int imm) {
        return prototype instanceof Operand.Register ? Operand.of(Reg.of(src)) : Operand.of(imm);
    }

    /** A short name: {@code add64 imm}, {@code ldx32}, {@code jsgt32 reg}. */
    public String name() {
        return nameOf(prototype);
    }

    /** The {@link #name} of the row of an instruction. */
    public static String nameOf(Insn insn) {
        return switch (insn) {
            case Insn.Alu alu -> word(alu.op()) + alu.width().bits() + operand(alu.src());
            case Insn.Neg neg -> "neg" + neg.width().bits();
            case Insn.Swap swap -> swap.op().word() + swap.bits();
            case Insn.CastSpace _ -> "addr_space_cast";
            case Insn.Wide wide -> "lddw " + word(wide.kind());
            case Insn.Load load ->
                (load.signed() ? "ldxs" : "ldx") + load.size().bits();
            case Insn.Store store ->
                (store.value() instanceof Operand.Register ? "stx" : "st")
                        + store.size().bits();
            case Insn.Atomic atomic -> word(atomic.op()) + atomic.size().bits();
            case Insn.PacketLoad load ->
                (load.indexed() ? "ldind" : "ldabs") + load.size().bits();
            case Insn.Jump jump -> jump.far() ? "gotol" : "goto";
            case Insn.JumpIf jump -> word(jump.op()) + jump.width().bits() + operand(jump.src());
            case Insn.StaticJump jump -> {
                String jumping = jump.far() ? "gotol" : "goto";
                yield jump.nop() ? "nop_or_" + jumping : jumping + "_or_nop";
            }
            case Insn.MayGoto _ -> "may_goto";
            case Insn.JumpIndirect _ -> "gotox";
            case Insn.CallHelper _ -> "call helper";
            case Insn.CallLocal _ -> "call local";
            case Insn.CallKernel _ -> "call kernel";
            case Insn.CallIndirect _ -> "callx";
            case Insn.Exit _ -> "exit";
        };
    }

    private static String word(Enum<?> op) {
        return op.name().toLowerCase(Locale.ROOT);
    }

    private static String operand(Operand operand) {
        return operand instanceof Operand.Register ? " reg" : " imm";
    }
}
