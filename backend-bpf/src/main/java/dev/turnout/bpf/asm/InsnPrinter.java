package dev.turnout.bpf.asm;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import java.util.Locale;

/** An instruction as text, as compilers and kernels write it. What no tool has a text for is written in the same spirit. */
public final class InsnPrinter {
    private InsnPrinter() {}

    /** The text of one instruction, distances as {@code +3}. */
    public static String print(Insn insn) {
        StringBuilder out = new StringBuilder(40);
        print(insn, out);
        return out.toString();
    }

    /** Appends the text of one instruction. */
    public static void print(Insn insn, StringBuilder out) {
        switch (insn) {
            case Insn.Alu alu -> alu(alu, out);
            case Insn.Neg(Width width, Reg dst) -> {
                register(width, dst, out).append(" = -");
                register(width, dst, out);
            }
            case Insn.Swap swap ->
                out.append(swap.dst())
                        .append(" = ")
                        .append(swap.op().word())
                        .append(swap.bits())
                        .append(' ')
                        .append(swap.dst());
            case Insn.CastSpace(Reg dst, Reg src, int spaces) ->
                out.append(dst)
                        .append(" = addr_space_cast(")
                        .append(src)
                        .append(", ")
                        .append(spaces >>> 16)
                        .append(", ")
                        .append(spaces & 0xffff)
                        .append(')');
            case Insn.Wide wide -> wide(wide, out);
            case Insn.Load load -> {
                out.append(load.dst()).append(" = *(").append(load.signed() ? 's' : 'u');
                out.append(load.size().bits()).append(" *)");
                address(load.base(), load.offset(), out);
            }
            case Insn.Store store -> {
                memory(store.size(), store.base(), store.offset(), out);
                out.append(" = ").append(store.value());
            }
            case Insn.Atomic atomic -> atomic(atomic, out);
            case Insn.PacketLoad load -> {
                out.append("r0 = *(u").append(load.size().bits()).append(" *)skb[");
                if (load.indexed()) {
                    out.append(load.index());
                    if (load.imm() != 0) {
                        signed(load.imm(), out.append(' '), " ");
                    }
                } else {
                    out.append(load.imm());
                }
                out.append(']');
            }
            case Insn.Jump(boolean far, int distance) -> distance(out.append(far ? "gotol " : "goto "), distance);
            case Insn.JumpIf jump -> {
                register(jump.width(), jump.dst(), out.append("if "))
                        .append(' ')
                        .append(jump.op().symbol())
                        .append(' ');
                operand(jump.width(), jump.src(), out).append(" goto ");
                distance(out, jump.distance());
            }
            case Insn.StaticJump(boolean far, boolean nop, int distance) -> {
                String word = far ? "gotol" : "goto";
                out.append(nop ? "nop_or_" + word : word + "_or_nop").append(' ');
                distance(out, distance);
            }
            case Insn.MayGoto(int distance) -> distance(out.append("may_goto "), distance);
            case Insn.JumpIndirect(Reg target) -> out.append("gotox ").append(target);
            case Insn.CallHelper(int id) -> out.append("call ").append(id);
            case Insn.CallLocal(int distance) -> distance(out.append("call pc"), distance);
            case Insn.CallKernel(int btfId, int module) -> {
                out.append("call kernel[").append(btfId);
                if (module != 0) {
                    out.append(", ").append(module);
                }
                out.append(']');
            }
            case Insn.CallIndirect(Reg target) -> out.append("callx ").append(target);
            case Insn.Exit _ -> out.append("exit");
        }
    }

    private static void alu(Insn.Alu alu, StringBuilder out) {
        register(alu.width(), alu.dst(), out)
                .append(' ')
                .append(alu.op().symbol())
                .append(alu.op().isSignExtension() ? "" : " ");
        operand(alu.width(), alu.src(), out);
    }

    private static void wide(Insn.Wide wide, StringBuilder out) {
        out.append(wide.dst()).append(" = ");
        switch (wide.kind()) {
            case CONSTANT -> out.append(wide.value()).append(" ll");
            case MAP_FD -> out.append("map_fd[").append(wide.low()).append(']');
            case MAP_VALUE ->
                signed(wide.high(), out.append("map_fd[").append(wide.low()).append("][0]"), "");
            case BTF_ID ->
                out.append("btf_id[")
                        .append(wide.low())
                        .append(", ")
                        .append(wide.high())
                        .append(']');
            case FUNCTION -> distance(out.append("function pc"), wide.low());
            case MAP_INDEX -> out.append("map[").append(wide.low()).append(']');
            case MAP_INDEX_VALUE ->
                signed(wide.high(), out.append("map[").append(wide.low()).append("][0]"), "");
        }
    }

    private static void atomic(Insn.Atomic atomic, StringBuilder out) {
        AtomicOp op = atomic.op();
        Size size = atomic.size();
        Width width = size == Size.DW ? Width.W64 : Width.W32;
        switch (op) {
            case ADD, OR, AND, XOR -> {
                memory(size, atomic.base(), atomic.offset(), out.append("lock "));
                out.append(' ').append(sign(op)).append("= ");
                register(width, atomic.value(), out);
            }
            case FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR -> {
                register(width, atomic.value(), out)
                        .append(" = atomic_")
                        .append(op.name().toLowerCase(Locale.ROOT))
                        .append('(');
                cast(size, atomic.base(), atomic.offset(), out).append(", ");
                register(width, atomic.value(), out).append(')');
            }
            case XCHG, CMPXCHG -> {
                boolean compares = op == AtomicOp.CMPXCHG;
                register(width, compares ? Reg.R0 : atomic.value(), out)
                        .append(compares ? " = cmpxchg" : " = xchg")
                        .append(width == Width.W64 ? "_64(" : "32_32(");
                signed(atomic.offset(), out.append(atomic.base()).append(' '), " ")
                        .append(", ");
                if (compares) {
                    register(width, Reg.R0, out).append(", ");
                }
                register(width, atomic.value(), out).append(')');
            }
            case LOAD_ACQUIRE -> {
                register(width, atomic.value(), out).append(" = load_acquire(");
                cast(size, atomic.base(), atomic.offset(), out).append(')');
            }
            case STORE_RELEASE -> {
                cast(size, atomic.base(), atomic.offset(), out.append("store_release("))
                        .append(", ");
                register(width, atomic.value(), out).append(')');
            }
        }
    }

    private static char sign(AtomicOp op) {
        return switch (op) {
            case ADD, FETCH_ADD -> '+';
            case OR, FETCH_OR -> '|';
            case AND, FETCH_AND -> '&';
            case XOR, FETCH_XOR -> '^';
            case XCHG, CMPXCHG, LOAD_ACQUIRE, STORE_RELEASE -> throw new IllegalStateException(op + " has no sign");
        };
    }

    private static StringBuilder register(Width width, Reg reg, StringBuilder out) {
        return out.append(reg.toString(width));
    }

    private static StringBuilder operand(Width width, Operand operand, StringBuilder out) {
        return switch (operand) {
            case Operand.Register(Reg reg) -> register(width, reg, out);
            case Operand.Immediate(int value) -> out.append(value);
        };
    }

    private static void memory(Size size, Reg base, int offset, StringBuilder out) {
        address(base, offset, out.append("*(u").append(size.bits()).append(" *)"));
    }

    private static StringBuilder cast(Size size, Reg base, int offset, StringBuilder out) {
        out.append("(u").append(size.bits()).append(" *)");
        address(base, offset, out);
        return out;
    }

    private static void address(Reg base, int offset, StringBuilder out) {
        signed(offset, out.append('(').append(base).append(' '), " ").append(')');
    }

    /** {@code + 4} or {@code - 4}. */
    private static StringBuilder signed(int value, StringBuilder out, String gap) {
        return out.append(value < 0 ? '-' : '+').append(gap).append(Math.abs((long) value));
    }

    private static StringBuilder distance(StringBuilder out, int distance) {
        return signed(distance, out, "");
    }
}
