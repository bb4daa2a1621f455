package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes out the rounds of short loops: the counter of each is a constant, which folds into addresses, and no test is left.
 *
 * <pre>
 * b0:                                     b0:
 *     jump b1(v0, v1)                         v4 = load i8 p
 * b1(i: i64, s: i32):                         s1 = add i32 s0, v4
 *     q = offset p, i              =>         v5 = load i8 p + 1
 *     v = load i8 q                           s2 = add i32 s1, v5
 *     s2 = add i32 s, v                       jump b2(s2)
 *     i2 = add i64 i, v2
 *     branch i2 &lt; 2 ? b1(i2, s2) : b2(s2)
 * </pre>
 *
 * <p>The number of rounds is found by computing what the test at the bottom depends on, round by round, from the constants
 * that the loop begins with. A loop qualifies if that test is the only way out of it, if all of it is jumps and branches
 * (what is patched is never copied) without calls, and if it has no loop inside; inner loops come first. The original
 * becomes the last round, so that what is used behind the loop keeps its definition.
 *
 * <p>Budget: 16 rounds, and 128 instructions in all that do not follow from the counter alone, of which those that do
 * must be a seventh at least; the limits are near those of LLVM's full unrolling at -O2. Linear in what is written; packet accesses at what were varying places become
 * accesses at constant ones, which the first test of the packet covers on Linux, too.
 */
public final class UnrollLoops {
    private static final int MOST_ROUNDS = 16;
    private static final int MOST_INSTRUCTIONS = 128;

    /** Of so many instructions that are left, one must have gone. */
    private static final int LEAST_GAIN = 6;

    /** How deep what a test depends on is followed. */
    private static final int MOST_DEPTH = 32;

    private final Function function;
    private final ControlFlowGraph graph;
    private final LoopForest loops;
    private final Definitions definitions;

    private UnrollLoops(Function function) {
        this.function = function;
        this.graph = ControlFlowGraph.of(function);
        this.loops = LoopForest.of(graph, DominatorTree.of(graph));
        this.definitions = Definitions.of(function);
    }

    public static Function run(Function function) {
        Function now = function;
        // A loop that is written out is none any more, so this ends.
        while (true) {
            Function next = new UnrollLoops(now).one();
            if (next == null) {
                return now;
            }
            now = FoldConstants.run(SimplifyCfg.run(next));
        }
    }

    private @Nullable Function one() {
        if (loops.irreducible()) {
            return null;
        }
        for (int i = loops.loops().size() - 1; i >= 0; i--) {
            LoopForest.Loop loop = loops.loops().get(i);
            if (!isPlain(i, loop)) {
                continue;
            }
            int latch = loop.latches().getFirst();
            if (function.blocks().get(latch).terminator() instanceof Terminator.Branch branch) {
                boolean back = branch.then().block().index() == loop.header();
                Target next = back ? branch.then() : branch.otherwise();
                Target exit = back ? branch.otherwise() : branch.then();
                int rounds = rounds(loop, branch.condition(), back, next);
                if (rounds > 0) {
                    return write(loop, latch, next, exit, rounds);
                }
            }
        }
        return null;
    }

    /** Whether a loop has no loop inside, one way back, beside it one way out, and nothing that is not to be copied. */
    private boolean isPlain(int number, LoopForest.Loop loop) {
        if (loop.latches().size() != 1) {
            return false;
        }
        for (int at : loop.blocks()) {
            var block = function.blocks().get(at);
            if (loops.innermost(at) != number
                    || !(block.terminator() instanceof Terminator.Jump
                            || block.terminator() instanceof Terminator.Branch)) {
                return false;
            }
            int leaving = 0;
            for (Target target : block.terminator().targets()) {
                leaving += loops.contains(number, target.block().index()) ? 0 : 1;
            }
            if (leaving != (at == loop.latches().getFirst() ? 1 : 0)) {
                return false;
            }
            for (Inst inst : block.insts()) {
                if (inst.op().effect() == Effect.CALLS || inst.op() instanceof Operation.Slot) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How often a loop runs; 0 if that is not known, or too often. */
    private int rounds(LoopForest.Loop loop, Value condition, boolean backIf, Target next) {
        List<Value> parameters = function.blocks().get(loop.header()).parameters();
        Map<Integer, OptionalLong> now = new HashMap<>();
        for (int from : graph.predecessors(loop.header())) {
            if (from == loop.latches().getFirst()) {
                continue;
            }
            if (!now.isEmpty() || !(function.blocks().get(from).terminator() instanceof Terminator.Jump jump)) {
                return 0;
            }
            for (int i = 0; i < parameters.size(); i++) {
                now.put(parameters.get(i).index(), value(jump.to().arguments().get(i), new HashMap<>(), 0));
            }
        }
        int all = loop.blocks().stream()
                .mapToInt(at -> function.blocks().get(at).insts().size() + 1)
                .sum();
        int left = size(loop, new HashMap<>(now));
        if (left > LEAST_GAIN * (all - left)) {
            return 0;
        }
        int most = MOST_INSTRUCTIONS / Math.max(1, left);
        for (int round = 1; round <= Math.min(MOST_ROUNDS, most); round++) {
            OptionalLong holds = value(condition, now, 0);
            if (holds.isEmpty()) {
                return 0;
            }
            if (holds.getAsLong() != 0 != backIf) {
                return round;
            }
            Map<Integer, OptionalLong> after = new HashMap<>();
            for (int i = 0; i < parameters.size(); i++) {
                after.put(parameters.get(i).index(), value(next.arguments().get(i), now, 0));
            }
            now = after;
        }
        return 0;
    }

    /** Instructions of a round that are left when the counter is a constant. */
    private int size(LoopForest.Loop loop, Map<Integer, OptionalLong> first) {
        int size = 0;
        for (int at : loop.blocks()) {
            for (Inst inst : function.blocks().get(at).insts()) {
                size += value(inst.result(), first, 0).isPresent() ? 0 : 1;
            }
            size++;
        }
        return size - 1;
    }

    /** A number that follows from what is known of parameters; notes in {@code known} what else was found on the way. */
    private OptionalLong value(Value value, Map<Integer, OptionalLong> known, int depth) {
        OptionalLong found = known.get(value.index());
        if (found == null) {
            Operation op = definitions.op(value);
            found = op == null || depth == MOST_DEPTH ? OptionalLong.empty() : value(op, known, depth);
            known.put(value.index(), found);
        }
        return found;
    }

    private OptionalLong value(Operation op, Map<Integer, OptionalLong> known, int depth) {
        return switch (op) {
            case Operation.Const one -> OptionalLong.of(one.value());
            case Operation.Unary one
            when one.a().type() instanceof Type.Int type -> {
                OptionalLong a = value(one.a(), known, depth + 1);
                yield a.isPresent() ? OptionalLong.of(one.op().apply(type, a.getAsLong())) : a;
            }
            case Operation.Binary one
            when one.a().type() instanceof Type.Int type -> {
                OptionalLong a = value(one.a(), known, depth + 1);
                OptionalLong b = a.isPresent() ? value(one.b(), known, depth + 1) : a;
                yield b.isPresent() ? OptionalLong.of(one.op().apply(type, a.getAsLong(), b.getAsLong())) : b;
            }
            case Operation.Compare one
            when one.a().type() instanceof Type.Int type -> {
                OptionalLong a = value(one.a(), known, depth + 1);
                OptionalLong b = a.isPresent() ? value(one.b(), known, depth + 1) : a;
                yield b.isPresent() ? OptionalLong.of(one.op().test(type, a.getAsLong(), b.getAsLong()) ? 1 : 0) : b;
            }
            case Operation.Convert one
            when one.a().type() instanceof Type.Int type -> {
                OptionalLong a = value(one.a(), known, depth + 1);
                yield a.isPresent() ? OptionalLong.of(one.op().apply(type, one.type(), a.getAsLong())) : a;
            }
            case Operation.Unary _, Operation.Binary _, Operation.Compare _, Operation.Convert _ ->
                OptionalLong.empty();
            case Operation.Null _, Operation.Select _, Operation.Offset _, Operation.Difference _, Operation.Slot _ ->
                OptionalLong.empty();
            case Operation.Address _, Operation.Load _, Operation.LoadContext _, Operation.Store _ ->
                OptionalLong.empty();
            case Operation.Atomic _, Operation.Call _, Operation.CallPointer _, Operation.CallHelper _ ->
                OptionalLong.empty();
            case Operation.CallKernel _, Operation.CallHost _, Operation.Prove _, Operation.Opaque _ ->
                OptionalLong.empty();
        };
    }

    private Function write(LoopForest.Loop loop, int latch, Target next, Target exit, int rounds) {
        Draft draft = new Draft(function);
        List<Integer> entering = new ArrayList<>();
        for (int from : graph.predecessors(loop.header())) {
            if (from != latch) {
                entering.add(from);
            }
        }
        Draft.DraftBlock last = draft.block(entering.getFirst());
        // The round before, whose end leads on: first the ways into the loop, then the latch of each copy.
        List<Draft.DraftBlock> before = new ArrayList<>();
        entering.forEach(from -> before.add(draft.block(from)));
        for (int round = 1; round < rounds; round++) {
            Map<Integer, Draft.DraftBlock> copies = new HashMap<>();
            Map<Integer, Value> own = new HashMap<>();
            for (int at : loop.blocks()) {
                Draft.DraftBlock from = draft.block(at);
                last = draft.insert(last, from.at);
                copies.put(at, last);
                for (Value parameter : from.parameters) {
                    Value fresh = draft.fresh(parameter.type());
                    last.parameters.add(fresh);
                    own.put(parameter.index(), fresh);
                }
            }
            UnaryOperator<Value> mine = value -> own.getOrDefault(value.index(), value);
            for (int at : loop.blocks()) {
                Draft.DraftBlock copy = copies.getOrDefault(at, last);
                for (Inst inst : draft.block(at).insts) {
                    Inst made = draft.inst(inst.op().map(mine), inst.at());
                    own.put(inst.result().index(), made.result());
                    copy.insts.add(made);
                }
            }
            for (int at : loop.blocks()) {
                Draft.DraftBlock copy = copies.getOrDefault(at, last);
                // The way back is led on by the next round, which is the original in the end.
                Terminator end = at == latch ? new Terminator.Jump(next) : draft.block(at).terminator;
                copy.terminator = end.map(mine, to -> mapped(to, mine, at == latch ? Map.of() : copies));
            }
            Draft.DraftBlock head = copies.getOrDefault(loop.header(), last);
            lead(before, loop.header(), head);
            before.clear();
            before.add(copies.getOrDefault(latch, last));
        }
        draft.block(latch).terminator = new Terminator.Jump(exit);
        return draft.freeze();
    }

    private static Target mapped(Target to, UnaryOperator<Value> value, Map<Integer, Draft.DraftBlock> copies) {
        Draft.DraftBlock copy = copies.get(to.block().index());
        return new Target(
                copy == null ? to.block() : copy.label(),
                to.arguments().stream().map(value).toList());
    }

    private static void lead(List<Draft.DraftBlock> from, int header, Draft.DraftBlock to) {
        for (Draft.DraftBlock block : from) {
            block.terminator = block.terminator.map(
                    same -> same,
                    target -> target.block().index() == header ? new Target(to.label(), target.arguments()) : target);
        }
    }
}
