package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Width;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/**
 * Whether the operands' kinds allow an operation. Numbers allow all. A pointer takes the addition and subtraction of a number
 * and stays near its region: then no sum can wrap around to another one, whatever the access that follows adds to it.
 */
final class ArithmeticCheck {
    /** A pointer's offset, and what is added to it, stays below this in size; as in Linux. */
    private static final long MOST_OFFSET = 1L << 29;

    private final Options options;

    ArithmeticCheck(Options options) {
        this.options = options;
    }

    Optional<Violation> check(State state, int slot, Insn.Alu alu) {
        Value dst = alu.op().readsDestination() ? state.reg(alu.dst()) : Value.constant(0);
        Value src = alu.src() instanceof Operand.Register register ? state.reg(register.reg()) : Value.constant(0);
        if (dst instanceof Value.Scalar && src instanceof Value.Scalar) {
            return Optional.empty();
        }
        if (isArena(dst) || isArena(src)) {
            return Optional.empty();
        }
        Value pointed = dst instanceof Value.Scalar ? src : dst;
        switch (alu.op()) {
            case MOV -> {
                return alu.width() == Width.W64 || options.mayLeak() ? Optional.empty() : half(slot, pointed);
            }
            case MOVSX8, MOVSX16, MOVSX32 -> {
                if (options.mayLeak()) {
                    return Optional.empty();
                }
            }
            case SUB -> {
                boolean number = alu.width() == Width.W32;
                boolean difference = !(dst instanceof Value.Scalar) && !(src instanceof Value.Scalar);
                if (options.mayLeak() && (number || difference)) {
                    return Optional.empty();
                }
            }
            case ADD, MUL, DIV, SDIV, MOD, SMOD, OR, AND, XOR, LSH, RSH, ARSH -> {}
        }
        if (alu.width() == Width.W32) {
            return half(slot, pointed);
        }
        if (alu.op() == AluOp.SUB && dst instanceof Value.Pointer p && src instanceof Value.Pointer q) {
            return difference(slot, p, q);
        }
        boolean moves = alu.op() == AluOp.ADD || alu.op() == AluOp.SUB;
        if (!moves || !(pointed instanceof Value.Pointer pointer)) {
            return Optional.of(
                    Violation.of(DiagnosticCode.V0120, slot, "`" + alu.op().symbol() + "` on " + pointed.words())
                            .note("a pointer takes the addition and subtraction of a number, nothing else"));
        }
        if (!(dst instanceof Value.Scalar) && !(src instanceof Value.Scalar)) {
            return violation(slot, "two pointers are added");
        }
        if (alu.op() == AluOp.SUB && dst instanceof Value.Scalar) {
            return violation(slot, "a pointer is subtracted from a number");
        }
        return moved(state, slot, alu, pointer, dst instanceof Value.Scalar);
    }

    /** RFC 9669 gives these operations a result; Linux lets them stand only where no run gets to. */
    Optional<Violation> constantOperand(int slot, Insn.Alu alu) {
        if (options.policy() != Options.Policy.LINUX || !(alu.src() instanceof Operand.Immediate constant)) {
            return Optional.empty();
        }
        if (alu.op().isDivision() && constant.value() == 0) {
            return Optional.of(Violation.of(DiagnosticCode.V0108, slot, "division by the constant 0"));
        }
        int bits = alu.width().bits();
        if (alu.op().isShift() && (constant.value() < 0 || constant.value() >= bits)) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0108,
                            slot,
                            "shift of a " + bits + "-bit number by the constant " + constant.value())
                    .help("shift by 0 to " + (bits - 1)));
        }
        return Optional.empty();
    }

    private static boolean isArena(Value value) {
        return value instanceof Value.Pointer pointer && pointer.region() instanceof Region.Arena;
    }

    private static Optional<Violation> violation(int slot, String message) {
        return Optional.of(Violation.of(DiagnosticCode.V0120, slot, message));
    }

    private static Optional<Violation> half(int slot, Value pointed) {
        return Optional.of(Violation.of(DiagnosticCode.V0120, slot, "32-bit arithmetic on a pointer")
                .note("one operand is " + pointed.words() + ", whose upper half would be lost"));
    }

    private static Optional<Violation> difference(int slot, Value.Pointer p, Value.Pointer q) {
        boolean one = p.region().equals(q.region()) && !(p.region() instanceof Region.OneOfMapValues);
        boolean same = one || (State.isPacket(p.region()) && State.isPacket(q.region()));
        return same && !p.isNullable() && !q.isNullable()
                ? Optional.empty()
                : violation(slot, "the difference of pointers to different things means nothing");
    }

    private Optional<Violation> moved(State state, int slot, Insn.Alu alu, Value.Pointer pointer, boolean addendIsDst) {
        if (pointer.isNullable()) {
            return Optional.of(AccessCheck.mayBeNull(slot, alu.dst().toString(), pointer));
        }
        Num by = addendIsDst
                ? number(state, state.reg(alu.dst()))
                : alu.src() instanceof Operand.Immediate immediate
                        ? Num.constant(immediate.value())
                        : number(state, state.reg(((Operand.Register) alu.src()).reg()));
        boolean down = alu.op() == AluOp.SUB;
        if (!isMovable(pointer.region(), by, down)) {
            return violation(slot, "a pointer to " + pointer.region().words() + " cannot be moved");
        }
        if (down && pointer.region() instanceof Region.Stack && options.policy() == Options.Policy.LINUX) {
            return Optional.of(Violation.of(DiagnosticCode.V0120, slot, "a number is subtracted from a stack address")
                    .note("Linux takes only the addition of a number, which may be negative"));
        }
        Num from = state.offset(pointer);
        Num to = down
                ? AbstractAlgebra.INSTANCE.subtract(Width.W64, from, by)
                : AbstractAlgebra.INSTANCE.add(Width.W64, from, by);
        if (!isNear(by) || !isNear(from) || (by.isConstant() && !isNear(to))) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0120,
                            slot,
                            "a pointer to " + pointer.region().words() + " is moved by a number without bounds")
                    .note("the number is " + by + "; pointers stay within 2^29 bytes")
                    .help("bound the number from below and above first"));
        }
        return Optional.empty();
    }

    private static boolean isMovable(Region region, Num by, boolean down) {
        return switch (region) {
            case Region.Stack _, Region.Packet _, Region.PacketMeta _, Region.MapValue _, Region.InsnTable _ -> true;
            case Region.FunctionTables _, Region.OneOfMapValues _, Region.Memory _, Region.Context _ -> true;
            case Region.HelperMemory _, Region.Buffer _, Region.KernelObject _, Region.DynptrReference _ -> true;
            case Region.Arena _ -> true;
            case Region.FlowKeys _, Region.Allocated _ -> by.isConstant();
            case Region.MapReference _ -> by.equals(Num.constant(0)) && !down;
            case Region.PacketEnd _, Region.Socket _ -> false;
        };
    }

    /** Only the lower end: a move too far up is found by the access, which knows the region's size. */
    private static boolean isNear(Num offset) {
        return offset.sMin() > -MOST_OFFSET && offset.sMin() < MOST_OFFSET;
    }

    private static Num number(State state, Value value) {
        return value instanceof Value.Scalar scalar ? state.num(scalar) : Num.top();
    }
}
