package dev.turnout.verifier.log;

import static dev.turnout.verifier.log.KernelInsn.number;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The reason of a rejection in the words that Linux has for it, so that what people have written about these words is found. Where
 * Linux has none, or says something else of the cause, the words are this verifier's.
 */
final class KernelWords {
    /** Offsets beyond which Linux calls an access unbounded. */
    private static final long UNBOUNDED = 1L << 29;

    private static final Map<DiagnosticCode, Function<KernelWords, String>> WORDS = words();

    /** Reasons that are found before any instruction is gone through. */
    private static final Set<DiagnosticCode> UNMET = Set.of(
            DiagnosticCode.V0101,
            DiagnosticCode.V0102,
            DiagnosticCode.V0103,
            DiagnosticCode.V0104,
            DiagnosticCode.V0105,
            DiagnosticCode.V0106,
            DiagnosticCode.V0107,
            DiagnosticCode.V0109,
            DiagnosticCode.V0136,
            DiagnosticCode.V0137,
            DiagnosticCode.V0140);

    private final BpfProgram program;
    private final Violation violation;
    private final Insn insn;
    private final Optional<State> state;

    private KernelWords(BpfProgram program, Violation violation, Insn insn, Optional<State> state) {
        this.program = program;
        this.violation = violation;
        this.insn = insn;
        this.state = state;
    }

    /** Whether the reason is met on a way to the instruction, which the log then shows. */
    static boolean isMet(DiagnosticCode code) {
        return !UNMET.contains(code);
    }

    /**
     * One or two lines, without a line end.
     *
     * @param insn at fault
     * @param state before it; empty where it is not known
     */
    static String of(BpfProgram program, Violation violation, Insn insn, Optional<State> state) {
        return WORDS.getOrDefault(violation.code(), words -> words.violation.message())
                .apply(new KernelWords(program, violation, insn, state));
    }

    private static Map<DiagnosticCode, Function<KernelWords, String>> words() {
        Map<DiagnosticCode, Function<KernelWords, String>> rows = new EnumMap<>(DiagnosticCode.class);
        rows.put(DiagnosticCode.V0102, KernelWords::target);
        rows.put(DiagnosticCode.V0103, w -> "unreachable insn " + w.violation.slot());
        rows.put(DiagnosticCode.V0104, _ -> "last insn is not an exit or jmp");
        rows.put(DiagnosticCode.V0105, w -> "recursive call: " + w.violation.message());
        rows.put(
                DiagnosticCode.V0106,
                w -> "combined stack size is too large: " + w.violation.message() + ". Too large");
        rows.put(DiagnosticCode.V0107, w -> "the call stack of 16 frames is too deep: " + w.violation.message());
        rows.put(DiagnosticCode.V0108, KernelWords::constant);
        rows.put(DiagnosticCode.V0109, w -> "BPF program is too large. " + w.violation.message());
        rows.put(DiagnosticCode.V0110, w -> "infinite loop detected at insn " + w.violation.slot());
        rows.put(DiagnosticCode.V0111, w -> w.reg() + " !read_ok");
        rows.put(DiagnosticCode.V0112, w -> w.reg() + " invalid mem access '" + w.type() + "'");
        rows.put(DiagnosticCode.V0113, KernelWords::maybeNull);
        rows.put(DiagnosticCode.V0114, KernelWords::mapValue);
        rows.put(DiagnosticCode.V0115, KernelWords::stack);
        rows.put(DiagnosticCode.V0116, KernelWords::unwritten);
        rows.put(DiagnosticCode.V0117, KernelWords::packet);
        rows.put(DiagnosticCode.V0118, KernelWords::context);
        rows.put(DiagnosticCode.V0119, KernelWords::readOnly);
        rows.put(DiagnosticCode.V0120, KernelWords::arithmetic);
        rows.put(DiagnosticCode.V0121, w -> w.reg() + " pointer comparison prohibited");
        rows.put(DiagnosticCode.V0122, KernelWords::stored);
        rows.put(DiagnosticCode.V0123, w -> w.reg() + " type=" + w.type() + ": " + w.violation.message());
        rows.put(DiagnosticCode.V0124, w -> "program of this type cannot use helper " + w.helper());
        rows.put(DiagnosticCode.V0125, _ -> "cannot call GPL-restricted function from non-GPL compatible program");
        rows.put(DiagnosticCode.V0126, w -> "cannot pass map_type into func " + w.helper());
        rows.put(DiagnosticCode.V0127, KernelWords::result);
        rows.put(DiagnosticCode.V0128, w -> w.reg() + " has type " + w.type() + ", expected PTR_TO_INSN");
        rows.put(DiagnosticCode.V0129, w -> w.reg() + " points to outside of jump table");
        rows.put(
                DiagnosticCode.V0130,
                w -> "jump table for insn " + w.violation.slot() + " points outside of the subprog");
        rows.put(DiagnosticCode.V0131, w -> w.reg() + " type=" + w.type() + " expected=func");
        rows.put(DiagnosticCode.V0132, KernelWords::memory);
        rows.put(
                DiagnosticCode.V0133,
                w -> "misaligned " + w.area() + " access off " + w.offset() + " size " + w.bytes());
        rows.put(DiagnosticCode.V0135, _ -> "frame pointer is read only");
        rows.put(
                DiagnosticCode.V0140,
                w -> "tail_calls are not allowed when call stack of previous frames is too large: "
                        + w.violation.message());
        rows.put(DiagnosticCode.V0141, KernelWords::unreleased);
        rows.put(DiagnosticCode.V0177, _ -> "same insn cannot be used with different pointers");
        rows.put(
                DiagnosticCode.V0149,
                w -> w.violation.message().replaceAll("[^`]*`([^`]*)`.*", "$1")
                        + " cannot be accessed directly by load/store");
        rows.put(
                DiagnosticCode.V0161,
                w -> w.insn instanceof Insn.Load
                        ? w.reg() + " invalid " + w.type() + " access off=" + w.offset() + " size=" + w.bytes()
                        : w.reg() + " cannot write into " + w.type());
        rows.put(DiagnosticCode.V0156, w -> "helper call might sleep in a non-sleepable prog: " + w.helper());
        return rows;
    }

    // What the words are made of

    private Reg subject() {
        return violation.subject() == null ? Reg.R0 : violation.subject();
    }

    private String reg() {
        return "R" + subject().number();
    }

    private Optional<Value> value() {
        return state.map(now -> now.reg(subject()));
    }

    private String type() {
        return value().map(KernelState::type).orElse("scalar");
    }

    private Optional<Value.Pointer> pointer() {
        return value().filter(Value.Pointer.class::isInstance).map(Value.Pointer.class::cast);
    }

    /** The offset of the access from the region's start. */
    private Num at() {
        return pointer().isPresent()
                ? AbstractAlgebra.INSTANCE.add(
                        Width.W64, state.orElseThrow().offset(pointer().get()), Num.constant(displacement()))
                : Num.constant(displacement());
    }

    private String offset() {
        Num at = at();
        return number(at.isConstant() ? at.constant() : displacement());
    }

    private long displacement() {
        return switch (insn) {
            case Insn.Load load -> load.offset();
            case Insn.Store store -> store.offset();
            case Insn.Atomic atomic -> atomic.offset();
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.PacketLoad _ -> 0;
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> 0;
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> 0;
        };
    }

    private int bytes() {
        return switch (insn) {
            case Insn.Load load -> load.size().bytes();
            case Insn.Store store -> store.size().bytes();
            case Insn.Atomic atomic -> atomic.size().bytes();
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.PacketLoad _ -> 0;
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> 0;
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> 0;
        };
    }

    private String verb() {
        boolean writes = insn instanceof Insn.Store
                || (insn instanceof Insn.Atomic atomic && atomic.op() != AtomicOp.LOAD_ACQUIRE);
        return writes ? "write to" : "read from";
    }

    /** What the base of the access points to, as Linux names it there. */
    private String area() {
        Optional<Reg> base = insn.accessBase();
        String type = state.isPresent() && base.isPresent()
                ? KernelState.type(state.get().reg(base.get()))
                : "mem";
        return switch (type) {
            case "fp" -> "stack";
            case "map_value" -> "map";
            case "pkt" -> "packet";
            default -> type;
        };
    }

    private String helper() {
        return insn instanceof Insn.CallHelper call
                ? HelperFunction.ofId(call.id())
                                .map(helper -> "bpf_" + helper.word())
                                .orElse("unknown")
                        + "#" + call.id()
                : "#0";
    }

    // The rows that depend on more than a name

    private String target() {
        int behind = program.code().begins(violation.slot()) ? program.code().next(violation.slot()) : violation.slot();
        if (insn instanceof Insn.CallLocal || insn instanceof Insn.Wide) {
            return "call to invalid destination";
        }
        long to = (long) behind + insn.jumpDistance().orElse(0);
        boolean inside = to > 0 && to < program.code().size() && !program.code().begins((int) to);
        return inside
                ? "jump into the middle of ldimm64 insn " + (to - 1)
                : "jump out of range from insn " + violation.slot() + " to " + to;
    }

    private String constant() {
        return insn instanceof Insn.Alu alu && alu.op().isShift() && alu.src() instanceof Operand.Immediate immediate
                ? "invalid shift " + immediate.value()
                : "div by zero";
    }

    private String maybeNull() {
        if (insn instanceof Insn.Alu) {
            return reg() + " pointer arithmetic on " + type() + " prohibited, null-check it first";
        }
        return insn instanceof Insn.CallHelper
                ? reg() + " type=" + type() + " expected=" + type().replace("_or_null", "")
                : reg() + " invalid mem access '" + type() + "'";
    }

    /** The three ways in which bounds are wrong, in the order in which Linux asks. */
    private String bounds(String outside) {
        Num at = at();
        if (at.isConstant()) {
            return outside;
        }
        if (at.sMin() < 0) {
            return reg() + " min value is negative, either use unsigned index or do a if (index >=0) check.";
        }
        return at.uMax() >= UNBOUNDED || at.uMax() < 0
                ? reg() + " unbounded memory access, make sure to bounds check any such access"
                : outside + "\n" + reg() + " max value is outside of the allowed memory range";
    }

    private String most() {
        return number(at().isConstant() ? at().constant() : at().sMax());
    }

    private String mapValue() {
        long size =
                pointer().isPresent() && pointer().get().region() instanceof Region.MapValue value ? value.bytes() : 0;
        return bounds("invalid access to map value, value_size=" + size + " off=" + most() + " size=" + bytes());
    }

    private String memory() {
        return bounds("invalid access to memory, mem_size off=" + most() + " size=" + bytes());
    }

    private String stack() {
        return at().isConstant()
                ? "invalid " + verb() + " stack " + reg() + " off=" + offset() + " size=" + bytes()
                : "invalid variable-offset " + verb() + " stack " + reg() + " var_off=" + KernelState.tnum(at().bits())
                        + " off=" + displacement() + " size=" + bytes();
    }

    private String unwritten() {
        return "invalid read from stack off " + offset() + "+0 size " + bytes();
    }

    private String packet() {
        Num at = at();
        if (!at.isConstant() && at.sMin() < 0) {
            return bounds("");
        }
        return "invalid access to packet, off=" + number(displacement()) + " size=" + bytes() + ", " + reg()
                + "(id=0,off=" + offset() + ",r="
                + Math.max(
                        0,
                        state.map(now -> now.packet()
                                        .bound(
                                                false,
                                                pointer()
                                                        .map(p -> p.form().key())
                                                        .orElse(Form.ZERO)))
                                .orElse(0L))
                + ")\n" + reg() + " offset is outside of the packet";
    }

    private String context() {
        if (pointer().isPresent()
                && !state.orElseThrow().offset(pointer().get()).equals(Num.constant(0))) {
            Num moved = state.orElseThrow().offset(pointer().get());
            return moved.isConstant()
                    ? "dereference of modified ctx ptr " + reg() + " off=" + moved.constant() + " disallowed"
                    : "variable ctx access var_off=" + KernelState.tnum(moved.bits()) + " disallowed";
        }
        return "invalid bpf_context access off=" + offset() + " size=" + bytes();
    }

    private String readOnly() {
        Optional<Region> region = pointer().map(Value.Pointer::region);
        if (region.isPresent() && region.get() instanceof Region.Packet) {
            return "cannot write into packet";
        }
        if (region.isPresent() && region.get() instanceof Region.MapValue value) {
            return (verb().startsWith("write") ? "write into" : "read from") + " map forbidden, value_size="
                    + value.bytes() + " off=" + offset() + " size=" + bytes();
        }
        return reg() + " cannot write into rdonly_" + type();
    }

    private String arithmetic() {
        if (!(insn instanceof Insn.Alu alu)) {
            return reg() + " pointer arithmetic prohibited";
        }
        String dst = "R" + alu.dst().number();
        if (alu.width() == Width.W32) {
            return dst + " 32-bit pointer arithmetic prohibited";
        }
        boolean dstIsPointer =
                state.map(now -> !(now.reg(alu.dst()) instanceof Value.Scalar)).orElse(true);
        boolean srcIsPointer = state.isPresent()
                && alu.src() instanceof Operand.Register register
                && !(state.get().reg(register.reg()) instanceof Value.Scalar);
        if (alu.op() == AluOp.SUB && !dstIsPointer) {
            return dst + " tried to subtract pointer from scalar";
        }
        if (dstIsPointer && srcIsPointer) {
            return dst + " pointer " + alu.op().symbol() + " pointer prohibited";
        }
        if (alu.op() != AluOp.ADD && alu.op() != AluOp.SUB) {
            return dst + " pointer arithmetic with " + alu.op().symbol() + " operator prohibited";
        }
        Value pointed =
                state.isPresent() ? state.get().reg(dstIsPointer ? alu.dst() : subject()) : Value.Unreadable.VALUE;
        Num by = alu.src() instanceof Operand.Immediate immediate
                ? Num.constant(immediate.value())
                : state.isPresent()
                                && alu.src() instanceof Operand.Register register
                                && state.get().reg(dstIsPointer ? register.reg() : alu.dst())
                                        instanceof Value.Scalar scalar
                        ? state.get().num(scalar)
                        : Num.top();
        if (by.isConstant() && Math.abs(by.constant()) >= UNBOUNDED) {
            return "math between " + KernelState.type(pointed) + " pointer and " + by.constant() + " is not allowed";
        }
        return by.sMin() < 0 && !by.isConstant()
                ? "math between " + KernelState.type(pointed)
                        + " pointer and register with unbounded min value is not allowed"
                : dst + " pointer arithmetic on " + KernelState.type(pointed) + " prohibited";
    }

    private String unreleased() {
        String alloc = state.map(now -> now.held().resources())
                .filter(all -> !all.isEmpty())
                .map(all -> "id=1 alloc_insn=" + all.getFirst().slot())
                .orElse("id=1");
        String leaving = insn instanceof Insn.CallHelper
                ? "tail_call"
                : insn instanceof Insn.PacketLoad ? "BPF_LD_[ABS|IND]" : "BPF_EXIT instruction in main prog";
        return "Unreleased reference " + alloc + "\n" + leaving + " would lead to reference leak";
    }

    private String stored() {
        return insn instanceof Insn.Load
                ? "invalid size of register fill"
                : violation.message().contains("whole")
                        ? "invalid size of register spill"
                        : reg() + " leaks addr into " + area();
    }

    private String result() {
        Optional<Value> value = value();
        if (value.isPresent() && !(value.get() instanceof Value.Scalar)) {
            return reg() + " leaks addr as return value";
        }
        String known = "unknown scalar value";
        if (value.isPresent() && value.get() instanceof Value.Scalar scalar) {
            Num num = state.orElseThrow().num(scalar);
            if (num.sMin() != Long.MIN_VALUE || num.sMax() != Long.MAX_VALUE) {
                known = "smin=" + num.sMin() + " smax=" + num.sMax();
            }
        }
        return "At program exit the register R0 has " + known + ": " + violation.message();
    }
}
