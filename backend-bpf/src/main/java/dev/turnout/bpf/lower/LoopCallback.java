package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.AddressInputs;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** One loop that becomes a callback of {@code bpf_loop}; see {@link OutlineLoops}. */
final class LoopCallback {
    /** The most rounds that the helper takes. Bounded loops leave before, by a way of their own. */
    private static final long ROUNDS = 1 << 23;

    static final int WORD = 8;

    /** What the slot is called that holds a loop's state. */
    static final String STATE = "the state of a loop";

    private final Function function;
    private final LoopForest.Loop loop;
    private final String name;

    /** What is given back where no round is left. */
    private final Map<Value, Held.Release> given;

    private final Block header;
    private final Definitions definitions;
    private final Location at;
    private final Set<Integer> inside;
    private final Set<Value> made = new HashSet<>();

    /** Where in the state a value lies, in bytes. The number of the way out is at 0. */
    private final Map<Value, Integer> places = new LinkedHashMap<>();

    /** Header's parameters that change, what is read from outside, what is read behind the loop. */
    private final List<Value> carried = new ArrayList<>();

    private final Set<Value> needed = new LinkedHashSet<>();
    private final Set<Value> copied = new LinkedHashSet<>();
    private final Set<Value> left = new LinkedHashSet<>();

    /** What is read behind the loop and is as well computed there. */
    private final Set<Value> recomputed = new LinkedHashSet<>();

    private final Map<Target, Integer> ways = new LinkedHashMap<>();

    private LoopCallback(Function function, LoopForest.Loop loop, Map<Value, Held.Release> given, String name) {
        this.given = given;
        this.function = function;
        this.loop = loop;
        this.name = name;
        this.header = function.blocks().get(loop.header());
        this.definitions = Definitions.of(function);
        this.at = header.at();
        this.inside = new HashSet<>(loop.blocks());
    }

    /** The function that calls, and what is called. */
    record Made(Function caller, Function callback) {}

    static Made of(
            Function function,
            LoopForest.Loop loop,
            DominatorTree dominators,
            Map<Value, Held.Release> given,
            String name) {
        LoopCallback outline = new LoopCallback(function, loop, given, name);
        outline.collect();
        Function callback = outline.callback(dominators);
        return new Made(outline.caller(), callback);
    }

    private void collect() {
        for (int i : loop.blocks()) {
            Block block = function.blocks().get(i);
            made.addAll(block.parameters());
            block.insts().forEach(inst -> made.add(inst.result()));
        }
        carried.addAll(header.parameters());
        for (Block block : function.blocks()) {
            boolean within = inside.contains(block.label().index());
            List<Value> uses = OutlineLoops.uses(block);
            if (!within) {
                uses.stream().filter(made::contains).forEach(left::add);
                continue;
            }
            List<Value> passed = new ArrayList<>();
            for (Target target : targets(block.terminator())) {
                if (!inside.contains(target.block().index())) {
                    ways.putIfAbsent(target, ways.size() + 1);
                    target.arguments().stream().filter(made::contains).forEach(left::add);
                    passed.addAll(target.arguments());
                }
            }
            for (Value value : uses) {
                if (!made.contains(value)) {
                    boolean again = switch (definitions.op(value)) {
                        case Operation.Const _, Operation.Null _, Operation.Address _ -> true;
                        // An inner loop's state moves along: Linux lets no callback leave addresses in its caller's
                        // frame.
                        case Operation.Slot slot -> slot.name().equals(STATE);
                        case null, default -> false; // Has a place of its own, or costs more than a load.
                    };
                    if (!passed.contains(value) || usedIn(block, value)) {
                        (again ? copied : needed).add(value);
                    }
                }
            }
        }
        for (Value value : List.copyOf(left)) {
            if (isOfOutside(value)) {
                left.remove(value);
                recomputed.add(value);
            }
        }
        int next = WORD;
        for (Value value : carried) {
            places.put(value, next);
            next += WORD;
        }
        for (Value value : needed) {
            places.put(value, next);
            next += WORD;
        }
        for (Value value : left) {
            if (!places.containsKey(value)) {
                places.put(value, next);
                next += WORD;
            }
        }
    }

    /** Whether a value is computed of what the loop does not change: behind it, it is so again, with all that is known of it. */
    private boolean isOfOutside(Value value) {
        return switch (definitions.op(value)) {
            case Operation.Convert convert -> !made.contains(convert.a());
            case Operation.Binary binary -> !made.contains(binary.a()) && !made.contains(binary.b());
            case null, default -> false; // Changes, or may fault, or is rare.
        };
    }

    /** Whether a block reads a value otherwise than to pass it out of the loop. */
    private boolean usedIn(Block block, Value value) {
        for (Inst inst : block.insts()) {
            if (inst.op().operands().contains(value)) {
                return true;
            }
        }
        if (block.terminator().operands().contains(value)) {
            return true;
        }
        for (Target target : block.terminator().targets()) {
            if (inside.contains(target.block().index()) && target.arguments().contains(value)) {
                return true;
            }
        }
        return false;
    }

    /** Where control goes, but for the way of a spent budget: the callback has none. */
    private static List<Target> targets(Terminator end) {
        return end instanceof Terminator.MayGoto jump ? List.of(jump.next()) : end.targets();
    }

    private int stateBytes() {
        return (places.size() + 1) * WORD;
    }

    // ---- the callback ----

    private Function callback(DominatorTree dominators) {
        Draft values = new Draft(function); // only numbers its values
        Value index = values.fresh(Type.Int.I32);
        Value state = values.fresh(Type.ptr(Region.STACK));
        Map<Integer, Label> labels = new HashMap<>();
        for (int i : loop.blocks()) {
            labels.put(i, new Label(labels.size() + 1));
        }
        List<Inst> first = new ArrayList<>();
        for (Value value : copied) {
            first.add(new Inst(value, Objects.requireNonNull(definitions.op(value)), at));
        }
        for (Value value : needed) {
            load(values, first, value, state, false);
        }
        List<Value> start = new ArrayList<>();
        for (Value parameter : carried) {
            Value value = values.fresh(parameter.type());
            load(values, first, value, state, place(parameter), true);
            start.add(value);
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block(
                new Label(0),
                List.of(index, state),
                first,
                new Terminator.Jump(new Target(label(labels, loop.header()), start)),
                at));
        List<Block> ends = new ArrayList<>();
        for (int i : loop.blocks()) {
            Block block = function.blocks().get(i);
            Terminator end = block.terminator() instanceof Terminator.MayGoto jump
                    ? new Terminator.Jump(jump.next())
                    : block.terminator();
            Map<Target, Target> moved = new HashMap<>();
            for (Target target : end.targets()) {
                Label known = labels.get(target.block().index());
                if (known != null && target.block().index() != loop.header()) {
                    moved.put(target, target.retargeted(known));
                } else if (!moved.containsKey(target)) {
                    Label label = new Label(loop.blocks().size() + 1 + ends.size());
                    boolean again = known != null;
                    List<Inst> insts = again
                            ? nextRound(values, target, state)
                            : leaving(values, target, state, block, dominators);
                    Value result = values.emit(insts, new Operation.Const(Type.Int.I64, again ? 0 : 1), at);
                    ends.add(new Block(label, List.of(), insts, new Terminator.Return(List.of(result)), at));
                    moved.put(target, Target.to(label));
                }
            }
            blocks.add(new Block(
                    label(labels, i),
                    block.parameters(),
                    block.insts(),
                    end.map(value -> value, target -> moved.getOrDefault(target, target)),
                    block.at()));
        }
        blocks.addAll(ends);
        DebugType.Function signature = new DebugType.Function(
                List.of(
                        new DebugType.Parameter("index", new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED)),
                        new DebugType.Parameter("state", new DebugType.Pointer(new DebugType.Void()))),
                new DebugType.Integer("i64", 64, DebugType.Encoding.SIGNED));
        return new Function(
                name,
                new Function.Kind.Subprogram(Function.Inlining.NEVER),
                Type.Int.I64,
                signature,
                blocks,
                at.isKnown() ? at : function.at());
    }

    private static Label label(Map<Integer, Label> labels, int block) {
        return Objects.requireNonNull(labels.get(block));
    }

    private int place(Value value) {
        return Objects.requireNonNull(places.get(value));
    }

    private List<Inst> nextRound(Draft values, Target target, Value state) {
        List<Inst> insts = new ArrayList<>();
        for (int i = 0; i < carried.size(); i++) {
            Value passed = target.arguments().get(i);
            if (!passed.equals(carried.get(i))) {
                store(values, insts, passed, state, place(carried.get(i)));
            }
        }
        return insts;
    }

    private List<Inst> leaving(Draft values, Target target, Value state, Block from, DominatorTree dominators) {
        List<Inst> insts = new ArrayList<>();
        for (Value value : left) {
            int where = definingBlock(value);
            if (!carried.contains(value)
                    && dominators.dominates(where, from.label().index())) {
                store(values, insts, value, state, place(value));
            }
        }
        Value way = values.emit(insts, new Operation.Const(Type.Int.I64, Objects.requireNonNull(ways.get(target))), at);
        values.emit(insts, new Operation.Store(state, 0, way, ByteOrder.LITTLE), at);
        return insts;
    }

    private int definingBlock(Value value) {
        for (int i : loop.blocks()) {
            Block block = function.blocks().get(i);
            if (block.parameters().contains(value)) {
                return i;
            }
            for (Inst inst : block.insts()) {
                if (inst.result().equals(value)) {
                    return i;
                }
            }
        }
        throw new IllegalStateException(value + " is not of the loop");
    }

    // ---- the state ----

    private void store(Draft values, List<Inst> insts, Value value, Value state, int offset) {
        Value wide = value;
        if (value.type() instanceof Type.Int type && type.bits() < 64) {
            wide = values.emit(insts, new Operation.Convert(ConvertOp.ZEXT, value, Type.Int.I64), at);
        }
        values.emit(insts, new Operation.Store(state, offset, wide, ByteOrder.LITTLE), at);
    }

    private void load(Draft values, List<Inst> insts, Value value, Value state, boolean hide) {
        load(values, insts, value, state, place(value), hide);
    }

    /** Defines a value by what lies in the state. */
    private void load(Draft values, List<Inst> insts, Value value, Value state, int offset, boolean hide) {
        Operation.Load plain = new Operation.Load(
                value.type() instanceof Type.Int ? Type.Int.I64 : value.type(), state, offset, ByteOrder.LITTLE);
        boolean whole = !(value.type() instanceof Type.Int type) || type.bits() == 64;
        if (whole && (!hide || OutlineLoops.isPointer(value))) {
            insts.add(new Inst(value, plain, at));
            return;
        }
        Value now = values.emit(insts, plain, at);
        if (whole) {
            insts.add(new Inst(value, new Operation.Opaque(now), at));
            return;
        }
        if (hide) {
            now = values.emit(insts, new Operation.Opaque(now), at);
        }
        Type.Int narrow = (Type.Int) value.type();
        Operation cut = narrow.bits() == 1
                ? new Operation.Compare(CompareOp.NE, now, values.emit(insts, new Operation.Const(Type.Int.I64, 0), at))
                : new Operation.Convert(ConvertOp.TRUNC, now, narrow);
        insts.add(new Inst(value, cut, at));
    }

    // ---- the caller ----

    private Function caller() {
        Draft draft = new Draft(function);
        // The state lies in the frame: a slot stands in the entry.
        Block entry = draft.block(0);
        List<Inst> top = new ArrayList<>();
        Value state = draft.emit(top, new Operation.Slot(stateBytes(), WORD, STATE), at);
        entry.insts().stream()
                .filter(inst -> !(inst.op() instanceof Operation.Slot && copied.contains(inst.result())))
                .forEach(top::add);
        draft.set(0, top, entry.terminator());
        List<Value> parameters = new ArrayList<>();
        for (Value parameter : header.parameters()) {
            parameters.add(draft.fresh(parameter.type()));
        }
        List<Inst> insts = new ArrayList<>();
        Value zero = draft.emit(insts, new Operation.Const(Type.Int.I64, 0), at);
        draft.emit(insts, new Operation.Store(state, 0, zero, ByteOrder.LITTLE), at);
        for (int i = 0; i < carried.size(); i++) {
            Value start = parameters.get(i);
            // Newer kernels walk the callback until its states fit into one another: they begin with unknown numbers.
            boolean number = start.type() instanceof Type.Int type && type.bits() > 1;
            store(
                    draft,
                    insts,
                    number ? draft.emit(insts, new Operation.Opaque(start), at) : start,
                    state,
                    place(carried.get(i)));
        }
        for (Value value : needed) {
            store(draft, insts, value, state, place(value));
        }
        for (Value value : left) {
            if (!carried.contains(value)) {
                draft.emit(insts, new Operation.Store(state, place(value), zero, ByteOrder.LITTLE), at);
            }
        }
        Value rounds = draft.emit(insts, new Operation.Const(Type.Int.I64, ROUNDS), at);
        Value callback = draft.emit(insts, new Operation.Address(Region.FUNCTION, name), at);
        draft.emit(
                insts,
                new Operation.CallHelper(
                        HelperFunction.LOOP.word(), List.of(rounds, callback, state, zero), Type.Int.I64),
                at);
        Value way = draft.emit(insts, new Operation.Load(Type.Int.I64, state, 0, ByteOrder.LITTLE), at);
        way = draft.emit(insts, new Operation.Opaque(way), at);
        for (Value value : left) {
            load(draft, insts, value, state, true);
        }
        for (Value value : recomputed) {
            insts.add(new Inst(value, Objects.requireNonNull(definitions.op(value)), at));
        }
        Label call = draft.add(parameters, insts, new Terminator.Unreachable(), at);
        dispatch(draft, bounded(draft, call.index()), way);
        // Nothing of the loop is left: what it defined, the block behind the call defines.
        for (int i = 0; i < function.blocks().size(); i++) {
            if (inside.contains(i)) {
                draft.replace(i, List.of(), List.of(), new Terminator.Unreachable());
            } else {
                Terminator end = draft.block(i).terminator();
                draft.setTerminator(
                        i,
                        end.map(
                                value -> value,
                                target -> target.block().equals(header.label()) ? target.retargeted(call) : target));
            }
        }
        return Compact.run(draft.build());
    }

    /**
     * Says of numbers that places behind the loop depend on how large they are: hidden, they could be anything. A number of a way
     * that was not taken is 0.
     *
     * @return the block behind these tests
     */
    private int bounded(Draft draft, int block) {
        Set<Value> used = AddressInputs.of(function);
        IntervalAnalysis intervals = IntervalAnalysis.of(function);
        int from = block;
        for (Value value : left) {
            if (!(value.type() instanceof Type.Int type) || !used.contains(value)) {
                continue;
            }
            Interval known = intervals.at(value, new Label(definingBlock(value)));
            if (known.isEmpty() || known.high() == type.mask()) {
                continue;
            }
            List<Inst> insts = new ArrayList<>(draft.block(from).insts());
            Value limit = draft.emit(insts, new Operation.Const(type, known.high()), at);
            Value beyond = draft.emit(insts, new Operation.Compare(CompareOp.UGT, value, limit), at);
            Label next = draft.add(List.of(), List.of(), new Terminator.Unreachable(), at);
            Target out = Target.to(draft.failing(given));
            draft.set(from, insts, new Terminator.Branch(beyond, out, Target.to(next), Terminator.Hint.UNLIKELY));
            from = next.index();
        }
        return from;
    }

    /** Goes where the callback left the loop to. */
    private void dispatch(Draft draft, int block, Value way) {
        int from = block;
        Label spent = draft.failing(given);
        draft.setTerminator(block, new Terminator.Jump(Target.to(spent)));
        for (Map.Entry<Target, Integer> entry : ways.entrySet()) {
            List<Inst> insts = new ArrayList<>(draft.block(from).insts());
            Value number = draft.emit(insts, new Operation.Const(Type.Int.I64, entry.getValue()), at);
            Value taken = draft.emit(insts, new Operation.Compare(CompareOp.EQ, way, number), at);
            Label next = entry.getValue() == ways.size()
                    ? spent
                    : draft.add(List.of(), List.of(), new Terminator.Unreachable(), at);
            draft.set(
                    from, insts, new Terminator.Branch(taken, entry.getKey(), Target.to(next), Terminator.Hint.LIKELY));
            from = next.index();
        }
    }
}
