package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.kfunc.KernelArgument;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.kfunc.KernelResult;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Held;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.Slots;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelPrototypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a call of a kernel function does. Where its obligations do not hold, anything may be left behind: the program is refused then.
 *
 * <p>A call has one outcome or two. The two of an iterator's step, or of a lock that may fail, leave different things held, so no
 * state stands for both.
 */
final class KernelEffect {
    /** Linux: the greatest number of an error. */
    private static final long MOST_ERROR = 4095;

    private final KernelPrototypes prototypes;
    private final ObjectEffect objects;

    KernelEffect(BpfProgram program) {
        this.prototypes = KernelPrototypes.of(program);
        this.objects = new ObjectEffect(program);
    }

    /** The states after the call; the first is {@code state} itself, changed. */
    List<State> outcomes(State state, int slot, KernelFunction function) {
        List<State> all = new ArrayList<>(2);
        all.add(state);
        if (function.result() instanceof KernelResult.LockResult) {
            State failed = state.copy();
            failed.clobber();
            failed.put(Reg.R0, failed.fresh(Num.signed(-MOST_ERROR, -1)));
            all.add(failed);
        }
        if (function.asksIterator()) {
            step(state, function).ifPresent(all::add);
            return all;
        }
        Value result = result(state, function);
        change(state, slot, function);
        state.clobber();
        state.put(Reg.R0, function.acquires() ? acquired(state, slot, function, result) : result);
        return all;
    }

    /**
     * An iterator gives nothing, and never will again; or, if it is not drained yet, something. That it ends is the kernel's promise,
     * so a loop that goes round only with something ends too.
     */
    private Optional<State> step(State state, KernelFunction function) {
        Optional<SlotObject.Iterator> found = function.iterator()
                .flatMap(type -> Slots.iterator(state, state.reg(Reg.R1), stem(type), function.iteratorBytes()));
        Optional<Slots.Place> place = Slots.place(state, state.reg(Reg.R1), function.iteratorBytes());
        if (found.isEmpty() || place.isEmpty()) {
            state.clobber();
            state.put(Reg.R0, Value.constant(0));
            return Optional.empty();
        }
        SlotObject.Iterator iterator = found.get();
        State more = state.copy();
        Slots.write(state, place.get(), iterator.at(true, iterator.round()), iterator.bytes());
        state.clobber();
        state.put(Reg.R0, Value.constant(0));
        if (iterator.drained()) {
            return Optional.empty();
        }
        Slots.write(more, place.get(), iterator.at(false, iterator.round() + 1), iterator.bytes());
        more.clobber();
        more.put(Reg.R0, given(function, iterator));
        return Optional.of(more);
    }

    private Value given(KernelFunction function, SlotObject.Iterator iterator) {
        return switch (function.result()) {
            case KernelResult.ReadOnlyMemory(long bytes) ->
                start(new Region.HelperMemory("what the iterator gave", bytes, false))
                        .of(iterator.resource());
            case KernelResult.Object _ ->
                prototypes
                        .result(function, iterator.rcu() ? Region.Trust.RCU : Region.Trust.TRUSTED)
                        .<Value>map(KernelEffect::start)
                        .orElse(Value.Unreadable.VALUE);
            case KernelResult.Nothing _, KernelResult.Number _, KernelResult.Slice _, KernelResult.NewObject _ ->
                Value.Unreadable.VALUE;
            case KernelResult.SameObject _, KernelResult.Node _, KernelResult.LockResult _ -> Value.Unreadable.VALUE;
            case KernelResult.WritableMemory _ -> Value.Unreadable.VALUE;
        };
    }

    private static Value.Pointer start(Region region) {
        return new Value.Pointer(region, Num.constant(0), Form.ZERO, 0);
    }

    private static String stem(String iterator) {
        return iterator.substring("iter_".length());
    }

    // What is on the stack, and what is held

    private void change(State state, int slot, KernelFunction function) {
        Optional<SlotObject.Dynptr> source = function.arguments().contains(KernelArgument.DYNPTR)
                ? Slots.dynptr(
                        state, state.reg(Reg.argument(function.arguments().indexOf(KernelArgument.DYNPTR))))
                : Optional.empty();
        for (int i = 0; i < function.arguments().size(); i++) {
            Value argument = state.reg(Reg.argument(i));
            switch (function.arguments().get(i)) {
                case DYNPTR_OUT -> makeDynptr(state, slot, function, argument, source);
                case ITERATOR -> iterator(state, slot, function, argument);
                case IRQ_FLAG -> flags(state, function, argument);
                case RESILIENT_LOCK -> lock(state, slot, function, argument);
                case MEMORY -> fill(state, argument, state.reg(Reg.argument(i + 1)));
                // A buffer for a slice, which may stay as it was: bytes that nobody wrote are still such.
                case MEMORY_OR_NULL -> {}
                case NUMBER, CONSTANT, LOCAL_TYPE, ANYTHING, IGNORED, CONTEXT, OBJECT, OBJECT_OR_NULL, DYNPTR -> {}
                case LIST_HEAD, LIST_NODE, LIST_NODE_SEEN, TREE_ROOT, TREE_NODE, ALLOCATED, COUNTED -> {}
                case MAP, WORKQUEUE, TIMER, TASK_WORK, CALLBACK, CONST_STRING, SIZE, CONSTANT_SIZE -> {}
                case POINTEE -> fill(state, argument, Value.constant(prototypes.pointeeBytes(function, i)));
                case DYNPTR_OR_NULL -> {}
            }
        }
        if (function.releases()) {
            source.ifPresent(dynptr -> state.release(dynptr.resource()));
            if (state.reg(Reg.R1) instanceof Value.Pointer given && given.resource() != 0) {
                state.release(given.resource());
            }
        }
        if (function.movesPacket()) {
            state.forgetPacket();
        }
        ObjectEffect.hang(state, function);
        region(state, function);
    }

    private static void region(State state, KernelFunction function) {
        Held held = state.held();
        switch (function) {
            case RCU_READ_LOCK -> state.put(held.read(1));
            case RCU_READ_UNLOCK -> {
                state.put(held.read(-1));
                if (state.held().readSections() == 0) {
                    state.leaveReadSection();
                }
            }
            case PREEMPT_DISABLE -> state.put(held.preempt(1));
            case PREEMPT_ENABLE -> state.put(held.preempt(-1));
            default -> {}
        }
    }

    private static void makeDynptr(
            State state, int slot, KernelFunction function, Value argument, Optional<SlotObject.Dynptr> source) {
        Slots.place(state, argument, SlotObject.Dynptr.BYTES).ifPresent(place -> {
            int id = state.source().fresh() | 1;
            SlotObject.Dynptr made = switch (function) {
                case DYNPTR_FROM_SKB -> new SlotObject.Dynptr(SlotObject.Dynptr.Kind.SKB, id, 0, false);
                case DYNPTR_FROM_SKB_META -> new SlotObject.Dynptr(SlotObject.Dynptr.Kind.SKB_META, id, 0, false);
                case DYNPTR_FROM_XDP -> new SlotObject.Dynptr(SlotObject.Dynptr.Kind.XDP, id, 0, false);
                case DYNPTR_FROM_FILE ->
                    new SlotObject.Dynptr(
                            SlotObject.Dynptr.Kind.FILE, id, state.acquire(slot, "a dynptr of a file"), false);
                default ->
                    source.map(of -> new SlotObject.Dynptr(of.kind(), id, of.resource(), of.readOnly()))
                            .orElse(new SlotObject.Dynptr(SlotObject.Dynptr.Kind.LOCAL, id, 0, false));
            };
            Slots.write(state, place, made, SlotObject.Dynptr.BYTES);
        });
    }

    private static void iterator(State state, int slot, KernelFunction function, Value argument) {
        String type = stem(function.iterator().orElseThrow());
        int bytes = function.iteratorBytes();
        Optional<Slots.Place> place = Slots.place(state, argument, bytes);
        if (place.isEmpty()) {
            return;
        }
        if (function.createsIterator()) {
            int id = state.acquire(slot, "an iterator (`" + type + "`)");
            Slots.write(
                    state,
                    place.get(),
                    new SlotObject.Iterator(type, bytes, id, false, 0, function.inRcuRegion()),
                    bytes);
        } else if (function.destroysIterator()) {
            Slots.iterator(state, argument, type, bytes).ifPresent(iterator -> {
                state.release(iterator.resource());
                Slots.clear(state, place.get(), bytes);
            });
        }
    }

    private static void flags(State state, KernelFunction function, Value argument) {
        Optional<Slots.Place> place = Slots.place(state, argument, Slots.BYTES);
        if (place.isEmpty()) {
            return;
        }
        switch (function) {
            case LOCAL_IRQ_SAVE, RES_SPIN_LOCK_IRQSAVE -> {
                int id = state.source().fresh() | 1;
                boolean byLock = function == KernelFunction.RES_SPIN_LOCK_IRQSAVE;
                Slots.write(state, place.get(), new SlotObject.InterruptFlags(id, byLock), Slots.BYTES);
                state.put(state.held().interruptsOff(id));
            }
            default ->
                Slots.flags(state, argument).ifPresent(flags -> {
                    state.put(state.held().interruptsOn(flags.resource()));
                    Slots.clear(state, place.get(), Slots.BYTES);
                });
        }
    }

    private static void lock(State state, int slot, KernelFunction function, Value argument) {
        if (!(argument instanceof Value.Pointer pointer)) {
            return;
        }
        switch (function) {
            case RES_SPIN_LOCK ->
                state.put(state.held()
                        .lock(new Held.Lock(Held.Lock.Kind.RESILIENT, pointer.region(), pointer.resource(), slot)));
            case RES_SPIN_LOCK_IRQSAVE ->
                state.put(state.held()
                        .lock(new Held.Lock(Held.Lock.Kind.RESILIENT_IRQ, pointer.region(), pointer.resource(), slot)));
            default -> {
                state.put(state.held().unlock());
                state.forgetSeen();
            }
        }
    }

    /** What a function may write into the caller's frames is unknown afterwards. */
    private static void fill(State state, Value argument, Value length) {
        if (!(argument instanceof Value.Pointer pointer) || !(pointer.region() instanceof Region.Stack stack)) {
            return;
        }
        Num at = state.offset(pointer);
        Num bytes = length instanceof Value.Scalar scalar ? state.num(scalar) : Num.top();
        Num end = AbstractAlgebra.INSTANCE.add(Width.W64, at, bytes);
        boolean inside =
                at.sMin() >= -Frame.BYTES && bytes.sMin() >= 0 && bytes.sMax() <= Frame.BYTES && end.sMax() <= 0;
        Frame frame = state.frame(stack.depth());
        state.put(
                stack.depth(),
                inside
                        ? frame.overwrite((int) at.sMin(), (int) (at.sMax() - at.sMin() + bytes.sMax()), false)
                        : frame.overwrite(-Frame.BYTES, Frame.BYTES, false));
    }

    // Results

    private Value result(State state, KernelFunction function) {
        return switch (function.result()) {
            case KernelResult.Nothing _ -> Value.Unreadable.VALUE;
            case KernelResult.Number _ -> state.fresh(Num.top());
            case KernelResult.LockResult _ -> Value.constant(0);
            case KernelResult.ReadOnlyMemory(long bytes) -> memory(state, bytes, false, false, 0);
            case KernelResult.Slice(boolean writable) -> slice(state, function, writable);
            case KernelResult.WritableMemory(long bytes) ->
                start(new Region.HelperMemory("what the kernel gave", bytes, true));
            case KernelResult.Object(boolean believed) ->
                object(state, function, believed ? Region.Trust.TRUSTED : Region.Trust.UNTRUSTED);
            case KernelResult.NewObject _, KernelResult.SameObject _, KernelResult.Node _ ->
                objects.result(state, function);
        };
    }

    private Value object(State state, KernelFunction function, Region.Trust trust) {
        Optional<Region.KernelObject> object = switch (function) {
            case CAST_TO_KERN_CTX -> prototypes.context(trust);
            case RDONLY_CAST ->
                state.reg(Reg.R2) instanceof Value.Scalar type
                                && state.num(type).isConstant()
                        ? prototypes.ofNumber(state.num(type).constant())
                        : Optional.empty();
            default -> prototypes.result(function, trust); // All others say it by their types.
        };
        return object.<Value>map(region -> start(region)
                        .orNull(function.mayBeNull() ? state.source().fresh() | 1 : 0))
                .orElse(Value.Unreadable.VALUE);
    }

    /** What must be given back is held from now on: if it may be null, under the name by which it may. */
    private static Value acquired(State state, int slot, KernelFunction function, Value result) {
        if (!(result instanceof Value.Pointer pointer)) {
            return Value.Unreadable.VALUE;
        }
        String words = pointer.region().words() + " that `" + function.symbol() + "` gave";
        if (!pointer.isNullable()) {
            return pointer.of(state.acquire(slot, words));
        }
        state.put(state.held().acquire(new Held.Resource(pointer.nullId(), slot, words)));
        return pointer.of(pointer.nullId());
    }

    /** Bytes of a dynptr: gone with it, and those of a packet when that moves. */
    private static Value slice(State state, KernelFunction function, boolean writable) {
        int last = function.arguments().size() - 1;
        Optional<SlotObject.Dynptr> dynptr = Slots.dynptr(state, state.reg(Reg.R1));
        if (dynptr.isEmpty()
                || !(state.reg(Reg.argument(last)) instanceof Value.Scalar size)
                || !state.num(size).isConstant()) {
            return Value.Unreadable.VALUE;
        }
        return memory(
                state,
                state.num(size).constant(),
                writable,
                dynptr.get().kind().isPacket(),
                dynptr.get().id());
    }

    private static Value memory(State state, long bytes, boolean writable, boolean packet, int resource) {
        return new Value.Pointer(
                new Region.HelperMemory("what the kernel gave", bytes, writable, packet),
                Num.constant(0),
                Form.ZERO,
                state.source().fresh() | 1,
                resource);
    }
}
