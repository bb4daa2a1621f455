package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.helper.ResultKind;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.List;
import java.util.Optional;

/** Whether a helper may be called, and its arguments are what its row demands. */
final class HelperCheck {
    /** What the kernel takes for compatible with the GPL. */
    private static final List<String> GPL =
            List.of("GPL", "GPL v2", "GPL and additional rights", "Dual BSD/GPL", "Dual MIT/GPL", "Dual MPL/GPL");

    /** No helper takes more at once; also Linux's bound on variable lengths. */
    private static final long MOST_BYTES = 1L << 29;

    private final BpfProgram program;
    private final Options options;
    private final AccessCheck access;

    HelperCheck(BpfProgram program, Options options, AccessCheck access) {
        this.program = program;
        this.options = options;
        this.access = access;
    }

    Optional<Violation> callable(int slot, int id) {
        Optional<HelperFunction> row = HelperFunction.ofId(id);
        if (row.isEmpty()) {
            return Optional.of(Violation.of(DiagnosticCode.V0124, slot, "there is no helper " + id + " here"));
        }
        HelperFunction helper = row.get();
        Optional<ProgramType> type = program.type();
        boolean allowed = type.isPresent()
                ? helper.allowedIn(type.get())
                : !helper.arguments().contains(ArgumentKind.CONTEXT) && helper.allowedInEveryType();
        if (!allowed) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0124,
                    slot,
                    "`" + helper.word() + "` cannot be called from "
                            + type.map(t -> "a `" + t.word() + "` program").orElse("a function without a context")));
        }
        if (helper.gplOnly() && !GPL.contains(program.license()) && options.policy() == Options.Policy.LINUX) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0125,
                            slot,
                            "`" + helper.word() + "` may be called by GPL-compatible programs only")
                    .note(
                            program.license().isEmpty()
                                    ? "the object states no licence"
                                    : "the licence is `" + program.license() + "`")
                    .help("state `license \"GPL\";`, or another that is compatible, if that is what you want"));
        }
        boolean modelled = helper.result() != ResultKind.RESERVED_MEMORY_OR_NULL;
        for (ArgumentKind kind : helper.arguments()) {
            modelled &= switch (kind) {
                case SCALAR, CONTEXT, MAP, MAP_KEY, MAP_VALUE, MAP_VALUE_OUT, MEMORY, MEMORY_OR_NULL, MEMORY_OUT ->
                    true;
                case SIZE, SIZE_OR_ZERO, INT_OUT, LONG_OUT -> true;
                case FUNCTION, STACK_OR_NULL -> helper == HelperFunction.LOOP;
                case CONST_STRING, ALLOCATION_SIZE, RESERVED_MEMORY, SPIN_LOCK -> false;
            };
        }
        return modelled
                ? Optional.empty()
                : Optional.of(Violation.of(
                        DiagnosticCode.V0134,
                        slot,
                        "`" + helper.word()
                                + "` is not modelled: reserved memory, locks and most callbacks are still to come"));
    }

    Optional<Violation> argument(State state, int slot, HelperFunction helper, int index) {
        Reg reg = Reg.argument(index);
        Value value = state.reg(reg);
        if (value instanceof Value.Unreadable) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0111,
                    slot,
                    "argument " + (index + 1) + " of `" + helper.word() + "` (`" + reg
                            + "`) is not set on every path"));
        }
        return switch (helper.arguments().get(index)) {
            case SCALAR ->
                value instanceof Value.Scalar || (helper.showsAddresses() && value instanceof Value.Pointer)
                        ? Optional.empty()
                        : wrong(slot, helper, index, value, "a number");
            case CONTEXT ->
                value instanceof Value.Pointer pointer
                                && pointer.region() instanceof Region.Context
                                && pointer.form().equals(Form.ZERO)
                        ? Optional.empty()
                        : wrong(slot, helper, index, value, "the program's own context");
            case MAP -> map(slot, helper, index, value);
            case MAP_KEY -> memory(state, slot, helper, index, keyBytes(state), false);
            case MAP_VALUE -> memory(state, slot, helper, index, valueBytes(state), false);
            case MAP_VALUE_OUT -> memory(state, slot, helper, index, valueBytes(state), true);
            case MEMORY, MEMORY_OUT, MEMORY_OR_NULL -> Optional.empty();
            case SIZE -> size(state, slot, helper, index, 1);
            case SIZE_OR_ZERO -> size(state, slot, helper, index, 0);
            case INT_OUT -> memory(state, slot, helper, index, Num.constant(4), true);
            case LONG_OUT -> memory(state, slot, helper, index, Num.constant(8), true);
            case FUNCTION -> function(slot, helper, index, value);
            case STACK_OR_NULL ->
                isStack(value)
                                || (value instanceof Value.Scalar scalar
                                        && state.num(scalar).equals(Num.constant(0)))
                        ? Optional.empty()
                        : wrong(slot, helper, index, value, "a pointer to the stack, or 0");
            case CONST_STRING, ALLOCATION_SIZE, RESERVED_MEMORY, SPIN_LOCK ->
                throw new IllegalStateException("callable() refuses " + helper);
        };
    }

    private static Optional<Violation> wrong(int slot, HelperFunction helper, int index, Value value, String required) {
        return Optional.of(Violation.of(
                        DiagnosticCode.V0123,
                        slot,
                        "argument " + (index + 1) + " of `" + helper.word() + "` must be " + required)
                .note("it is " + value.words()));
    }

    private static boolean isStack(Value value) {
        return value instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack;
    }

    private Optional<Violation> function(int slot, HelperFunction helper, int index, Value value) {
        if (!(value instanceof Value.FunctionAddress functions) || functions.isNullable()) {
            return wrong(slot, helper, index, value, "the address of a function");
        }
        for (int start : functions.starts()) {
            BpfProgram.FunctionRange callback = program.functionAt(start);
            if (callback.global() && options.policy() == Options.Policy.LINUX) {
                return Optional.of(Violation.of(
                                DiagnosticCode.V0123,
                                slot,
                                "argument " + (index + 1) + " of `" + helper.word() + "` must be a static function")
                        .note("`" + callback.name()
                                + "` is global: it is verified alone, not for what it is given here"));
            }
        }
        return Optional.empty();
    }

    private Optional<MapDefinition> mapOf(Value value) {
        return value instanceof Value.Pointer pointer && pointer.region() instanceof Region.MapReference reference
                ? Optional.of(program.map(reference.map()))
                : Optional.empty();
    }

    private Num keyBytes(State state) {
        return Num.constant(mapOf(state.reg(Reg.R1)).map(MapDefinition::keySize).orElse(0));
    }

    private Num valueBytes(State state) {
        return Num.constant(
                mapOf(state.reg(Reg.R1)).map(MapDefinition::valueSize).orElse(0));
    }

    private Optional<Violation> map(int slot, HelperFunction helper, int index, Value value) {
        Optional<MapDefinition> map = mapOf(value);
        if (map.isEmpty()) {
            return wrong(slot, helper, index, value, "a map");
        }
        MapKind kind = map.get().kind();
        if (!fits(helper, kind)) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0126,
                    slot,
                    "`" + helper.word() + "` does not work on map `" + map.get().name() + "`, which is of kind `"
                            + kind.word() + "`"));
        }
        // What is proven of frozen bytes, and folded, must not change behind the proof.
        if (writes(helper) && (map.get().frozen() || (map.get().flags() & AccessCheck.READ_ONLY) != 0)) {
            return Optional.of(Violation.of(
                    DiagnosticCode.V0119,
                    slot,
                    "`" + helper.word() + "` writes to map `" + map.get().name() + "`, which programs may only read"));
        }
        return Optional.empty();
    }

    private static boolean writes(HelperFunction helper) {
        return switch (helper) {
            case MAP_UPDATE_ELEM, MAP_DELETE_ELEM, MAP_PUSH_ELEM, MAP_POP_ELEM -> true;
            default -> false;
        };
    }

    private static boolean fits(HelperFunction helper, MapKind kind) {
        boolean plain = kind.valueKind() == MapKind.Values.PLAIN && kind.keys() != MapKind.Keys.NONE;
        return switch (helper) {
            case MAP_LOOKUP_ELEM -> plain && !isStorage(kind);
            case MAP_UPDATE_ELEM, MAP_DELETE_ELEM -> plain && !isStorage(kind);
            case TAIL_CALL -> kind == MapKind.PROG_ARRAY;
            case REDIRECT_MAP ->
                kind == MapKind.DEVMAP
                        || kind == MapKind.DEVMAP_HASH
                        || kind == MapKind.CPUMAP
                        || kind == MapKind.XSKMAP;
            case MAP_PUSH_ELEM, MAP_PEEK_ELEM ->
                kind == MapKind.QUEUE || kind == MapKind.STACK || kind == MapKind.BLOOM_FILTER;
            case MAP_POP_ELEM -> kind == MapKind.QUEUE || kind == MapKind.STACK;
            case RINGBUF_OUTPUT, RINGBUF_RESERVE -> kind == MapKind.RINGBUF;
            case FOR_EACH_MAP_ELEM -> plain;
            default -> false;
        };
    }

    private static boolean isStorage(MapKind kind) {
        return switch (kind) {
            case CGROUP_STORAGE, PERCPU_CGROUP_STORAGE, SK_STORAGE, INODE_STORAGE, TASK_STORAGE, CGRP_STORAGE -> true;
            default -> false;
        };
    }

    /** The argument points to memory of {@code bytes}. */
    private Optional<Violation> memory(
            State state, int slot, HelperFunction helper, int index, Num bytes, boolean written) {
        Value value = state.reg(Reg.argument(index));
        if (!(value instanceof Value.Pointer pointer)) {
            return wrong(slot, helper, index, value, "a pointer to memory");
        }
        if (pointer.isNullable()) {
            return Optional.of(AccessCheck.mayBeNull(slot, Reg.argument(index).toString(), pointer));
        }
        return access.checkHelper(state, slot, pointer, bytes, written, helper.showsAddresses())
                .map(v -> v.note("argument " + (index + 1) + " of `" + helper.word() + "`"));
    }

    /** A length, together with the memory argument before it. */
    private Optional<Violation> size(State state, int slot, HelperFunction helper, int index, long least) {
        Value value = state.reg(Reg.argument(index));
        if (!(value instanceof Value.Scalar scalar)) {
            return wrong(slot, helper, index, value, "a length");
        }
        Num bytes = state.num(scalar);
        if (bytes.sMin() < least || bytes.sMax() > MOST_BYTES) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0123,
                            slot,
                            "the length given to `" + helper.word() + "` is not proven to be "
                                    + (least == 0 ? "0 or more and bounded" : "at least 1 and bounded"))
                    .note("argument " + (index + 1) + " is " + bytes)
                    .help("compare it with the size of the memory first, unsigned"));
        }
        ArgumentKind before = helper.arguments().get(index - 1);
        Value memory = state.reg(Reg.argument(index - 1));
        if (before == ArgumentKind.MEMORY_OR_NULL
                && memory instanceof Value.Scalar address
                && state.num(address).equals(Num.constant(0))) {
            return bytes.equals(Num.constant(0))
                    ? Optional.empty()
                    : Optional.of(Violation.of(
                            DiagnosticCode.V0123,
                            slot,
                            "`" + helper.word() + "` gets null with a length that may not be 0"));
        }
        return memory(state, slot, helper, index - 1, bytes, before == ArgumentKind.MEMORY_OUT);
    }
}
