package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.helper.ResultKind;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.SocketKind;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a helper's call leaves: memory that it wrote, a packet that it moved, a result. Its row says which. */
final class HelperEffect {
    /** Errors are numbers from -4095 to -1. */
    private static final long MOST_ERROR = 4095;

    /** Of any machine that Linux is built for here: a bound that does not depend on where the proof was made. */
    private static final long MOST_PROCESSORS = 8192;

    private final BpfProgram program;
    private final ResourceEffect resources;

    HelperEffect(BpfProgram program) {
        this.program = program;
        this.resources = new ResourceEffect(program);
    }

    void step(State state, int slot, Insn.CallHelper call) {
        Optional<HelperFunction> row = HelperFunction.ofId(call.id());
        if (row.isEmpty()) {
            state.clobber();
            state.put(Reg.R0, state.fresh(Num.top()));
            return;
        }
        HelperFunction helper = row.get();
        List<ArgumentKind> kinds = helper.arguments(program.type());
        Value result = resources.given(state, slot, helper, kinds, result(state, helper, kinds));
        writeArguments(state, kinds);
        resources.change(state, slot, helper, kinds);
        if (helper.movesPacket()) {
            state.forgetPacket();
        }
        state.clobber();
        state.put(Reg.R0, result);
    }

    // Memory

    /** What the helper writes into the caller's frames is unknown afterwards. */
    private void writeArguments(State state, List<ArgumentKind> kinds) {
        for (int i = 0; i < kinds.size(); i++) {
            ArgumentKind kind = kinds.get(i);
            if (!kind.written()
                    || !(state.reg(Reg.argument(i)) instanceof Value.Pointer pointer)
                    || !(pointer.region() instanceof Region.Stack stack)) {
                continue;
            }
            Num bytes = kind.bytes() > 0
                    ? Num.constant(kind.bytes())
                    : kind == ArgumentKind.MAP_VALUE_OUT
                            ? map(state, kinds)
                                    .map(map -> Num.constant(program.map(map).valueSize()))
                                    .orElse(Num.top())
                            : state.reg(Reg.argument(i + 1)) instanceof Value.Scalar size ? state.num(size) : Num.top();
            overwrite(state, stack.depth(), state.offset(pointer), bytes);
        }
    }

    static void overwrite(State state, int depth, Num at, Num bytes) {
        Frame frame = state.frame(depth);
        boolean inside = at.sMin() >= -Frame.BYTES
                && bytes.sMin() >= 0
                && bytes.sMax() <= Frame.BYTES
                && at.sMax() + bytes.sMax() <= 0;
        if (!inside) {
            state.put(depth, frame.overwrite(-Frame.BYTES, Frame.BYTES, false));
            return;
        }
        int first = (int) at.sMin();
        int all = (int) (at.sMax() - at.sMin() + bytes.sMax());
        if (at.isConstant()) {
            frame = frame.overwrite(first, (int) bytes.sMin(), true);
        }
        if (!at.isConstant() || !bytes.isConstant()) {
            frame = frame.overwrite(first, all, false);
        }
        state.put(depth, frame);
    }

    // Results

    private Value result(State state, HelperFunction helper, List<ArgumentKind> kinds) {
        return switch (helper.result()) {
            case SCALAR -> state.fresh(number(state, helper, kinds));
            case VOID, TAIL -> Value.Unreadable.VALUE;
            case MAP_VALUE, MAP_VALUE_OR_NULL ->
                map(state, kinds).map(map -> element(state, helper, kinds, map)).orElse(Value.Unreadable.VALUE);
            case SOCKET_OR_NULL -> socket(state, SocketKind.FULL);
            case SOCK_COMMON_OR_NULL -> socket(state, SocketKind.COMMON);
            case TCP_SOCK_OR_NULL -> socket(state, SocketKind.TCP);
            case RESERVED_MEMORY_OR_NULL, DYNPTR_MEMORY_OR_NULL, KPTR_OR_NULL -> Value.Unreadable.VALUE;
            case PER_CPU_OBJECT, PER_CPU_OBJECT_OR_NULL -> Value.Unreadable.VALUE;
            case TASK -> object(state, helper, Region.Trust.TRUSTED);
            // Alive for as long as the program runs, but Linux hands them to no kernel function that wants to be sure.
            case PT_REGS, FILE_SOCKET_OR_NULL -> object(state, helper, Region.Trust.UNTRUSTED);
            case KERNEL_TCP_SOCK_OR_NULL, MPTCP_SOCK_OR_NULL, TCP6_SOCK_OR_NULL, TCP_REQUEST_SOCK_OR_NULL ->
                object(state, helper, Region.Trust.UNTRUSTED);
            case TCP_TIMEWAIT_SOCK_OR_NULL, UDP6_SOCK_OR_NULL, UNIX_SOCK_OR_NULL ->
                object(state, helper, Region.Trust.UNTRUSTED);
        };
    }

    /** Numbers that Linux relies on: an index into what was written, an index of a processor, a hook's own result. */
    private Num number(State state, HelperFunction helper, List<ArgumentKind> kinds) {
        return switch (helper) {
            case GET_STACK, GET_TASK_STACK, PROBE_READ_STR, PROBE_READ_KERNEL_STR, PROBE_READ_USER_STR -> {
                int size = kinds.indexOf(ArgumentKind.SIZE_OR_ZERO);
                yield size >= 0
                                && state.reg(Reg.argument(size)) instanceof Value.Scalar length
                                && state.num(length).sMin() >= 0
                                && state.num(length).sMax() <= Integer.MAX_VALUE
                        ? Num.signed(-MOST_ERROR, state.num(length).sMax())
                        : Num.top();
            }
            case GET_SMP_PROCESSOR_ID -> Num.unsigned(0, MOST_PROCESSORS - 1);
            case GET_RETVAL ->
                // Hooks of security modules have ranges of their own, and options may read as anything.
                program.type().filter(type -> type != ProgramType.LSM).isPresent()
                                && program.attach() != AttachType.CGROUP_GETSOCKOPT
                        ? Num.signed(-MOST_ERROR, 0)
                        : Num.top();
            default -> Num.top(); // Of all others, Linux says nothing either.
        };
    }

    private static Optional<Integer> map(State state, List<ArgumentKind> kinds) {
        int at = kinds.indexOf(ArgumentKind.MAP);
        return at >= 0
                        && state.reg(Reg.argument(at)) instanceof Value.Pointer pointer
                        && pointer.region() instanceof Region.MapReference reference
                ? Optional.of(reference.map())
                : Optional.empty();
    }

    private Value element(State state, HelperFunction helper, List<ArgumentKind> kinds, int map) {
        MapDefinition definition = program.map(map);
        return switch (definition.kind()) {
            case XSKMAP -> orNull(state, new Region.Socket(SocketKind.XDP));
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> {
                OptionalInt inner = program.innerMap(map);
                yield inner.isPresent()
                        ? orNull(state, new Region.MapReference(inner.getAsInt()))
                        : Value.Unreadable.VALUE;
            }
            case SOCKMAP, SOCKHASH -> orNull(state, new Region.Socket(SocketKind.FULL));
            default -> { // All others hold what programs read and write in place.
                Region region = Transfer.value(program, map);
                boolean there = helper.result() == ResultKind.MAP_VALUE || isThere(state, helper, kinds, map);
                yield there ? Transfer.pointer(region, 0) : orNull(state, region);
            }
        };
    }

    /** An array has an element for each of its indices; of a map inside of another the length is not known. */
    private boolean isThere(State state, HelperFunction helper, List<ArgumentKind> kinds, int map) {
        MapDefinition definition = program.map(map);
        int key = kinds.indexOf(ArgumentKind.MAP_KEY);
        boolean array = definition.kind() == MapKind.ARRAY || definition.kind() == MapKind.PERCPU_ARRAY;
        if (helper != HelperFunction.MAP_LOOKUP_ELEM
                || !array
                || map >= program.maps().size()
                || !(state.reg(Reg.argument(key)) instanceof Value.Pointer pointer)
                || !(pointer.region() instanceof Region.Stack stack)
                || !state.offset(pointer).isConstant()) {
            return false;
        }
        long at = state.offset(pointer).constant();
        Frame frame = state.frame(stack.depth());
        if (at < -Frame.BYTES || at > -4) {
            return false;
        }
        // Linux keeps a number of four bytes where eight could begin, and zeros anywhere.
        if (at % 8 != 0) {
            return frame.isZero((int) at, 4) && definition.maxEntries() > 0;
        }
        int cell = frame.find((int) at, 4);
        if (cell < 0 || !(frame.value(cell) instanceof Value.Scalar scalar)) {
            return false;
        }
        Num index = state.num(scalar);
        return index.isConstant() && index.constant() >= 0 && index.constant() < definition.maxEntries();
    }

    private static Value orNull(State state, Region region) {
        return new Value.Pointer(
                region, Num.constant(0), Form.ZERO, state.source().fresh() | 1);
    }

    private static Value socket(State state, SocketKind kind) {
        return orNull(state, new Region.Socket(kind));
    }

    private static Value object(State state, HelperFunction helper, Region.Trust trust) {
        Region region = new Region.KernelObject(helper.result().kernelType().orElseThrow(), 0, trust);
        // Another form of what must be given back ends together with it.
        int of = helper.casts() && state.reg(Reg.R1) instanceof Value.Pointer given ? given.resource() : 0;
        int nullId = helper.result().nullable() ? state.source().fresh() | 1 : 0;
        return new Value.Pointer(region, Num.constant(0), Form.ZERO, nullId, of);
    }
}
