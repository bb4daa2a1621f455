package dev.turnout.bpf.lower;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.analysis.CallTargets;
import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.analysis.TableLoad;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.ir.pass.RemoveDeadCode;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.stdlib.target.TargetProfile.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Calls through values on a target that has no indirect calls: a value is the number of a function, and a call is a choice by
 * that number between calls by name, which then takes the best form that the target has for a {@code switch}.
 *
 * <pre>
 * table @ops = [@f, @g, @h]                      b0(v0: i64, v1: i64):
 * b0(v0: i64, v1: i64):                              switch v0 [0 =&gt; b1, 1 =&gt; b2] else b3 exhaustive
 *     v2 = const i64 3                           b1:
 *     v3 = shl i64 v0, v2                            v8 = call i64 @f(v1)
 *     v4 = address global @ops             =&gt;        jump b4(v8)
 *     v5 = offset ptr&lt;global&gt; v4, v3             …
 *     v6 = load ptr&lt;function&gt; v5                 b4(v7: i64):
 *     v7 = call_pointer i64 v6(v1)                   return v7
 *     return v7
 * </pre>
 *
 * <p>A row of a table that stays as it is, is chosen by its index, and no number is read. Everywhere else values are numbers:
 * {@link FunctionNumbers} says which. A number that is none of the candidates', which only a stranger can have stored in a mutable
 * table, goes where some candidate goes: whatever stands in a row, one of them is called.
 */
final class LowerCalls {
    private final Function function;
    private final FunctionNumbers numbers;
    private final CallTargets targets;
    private final Map<String, CallTable> tables;
    private final Definitions definitions;
    private final Demands demands;
    private final Draft draft;

    private LowerCalls(
            Function function,
            FunctionNumbers numbers,
            CallTargets targets,
            Map<String, CallTable> tables,
            Demands demands) {
        this.function = function;
        this.numbers = numbers;
        this.targets = targets;
        this.tables = tables;
        this.demands = demands;
        this.definitions = Definitions.of(function);
        this.draft = new Draft(function);
    }

    /**
     * The module for the target: where that has indirect calls, itself.
     *
     * @param functions those of the module that become code
     * @param read the tables of the module that code reads
     */
    static Module run(
            Module module,
            List<Function> functions,
            List<CallTable> read,
            TargetProfile target,
            boolean strict,
            TargetLowering.Listener listener) {
        Map<String, CallTable> tables = new HashMap<>();
        read.forEach(table -> tables.put(table.name(), table));
        CallTargets targets = CallTargets.of(read, functions);
        FunctionNumbers numbers = FunctionNumbers.of(functions, read);
        Demands demands = new Demands(target, strict, listener, new HashSet<>());
        List<Function> lowered = new ArrayList<>(functions.size());
        for (Function function : functions) {
            if (target.has(Feature.INDIRECT_CALL)) {
                new LowerCalls(function, numbers, targets, tables, demands).report();
            } else {
                lowered.add(new LowerCalls(shown(function), numbers, targets, tables, demands).lower());
            }
        }
        return target.has(Feature.INDIRECT_CALL) ? module : numbers.module(module, lowered);
    }

    /** Who asked for indirect calls, and who is told what became of them. Each table is refused once. */
    private record Demands(
            TargetProfile target, boolean strict, TargetLowering.Listener listener, Set<String> refused) {
        void refuse(String construct, boolean demanded, Location at) {
            if ((demanded || strict) && refused.add(demanded ? construct : construct + at)) {
                listener.refused(
                        at,
                        DiagnosticCode.E0414,
                        construct + " cannot be indirect",
                        "`" + target.word()
                                + "` has no indirect calls; the substitute is a `switch` over calls by name",
                        demanded
                                ? "build for `vm`, or leave `@callx` out"
                                : "build for `vm`, or without strict lowering");
            }
        }
    }

    // ---- what it says ----

    /** How a call is written: through which table, if it is through one. */
    private String construct(Operation.CallPointer call) {
        CallTable table = table(call);
        return table == null ? "call of a value" : "call through `" + table.name() + "`";
    }

    private @Nullable CallTable table(Operation.CallPointer call) {
        TableLoad row = row(call);
        return row == null ? null : row.table();
    }

    private @Nullable TableLoad row(Operation.CallPointer call) {
        Operation callee = definitions.op(call.callee());
        return callee == null ? null : TableLoad.of(callee, definitions::op, tables);
    }

    private static String count(List<String> candidates) {
        return candidates.size() == 1 ? "1 function" : candidates.size() + " functions";
    }

    private static String rows(CallTable table) {
        return table.rows().size() == 1 ? "1 row" : table.rows().size() + " rows";
    }

    /** On a target that has indirect calls. */
    private void report() {
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.CallPointer call) {
                    CallTable table = table(call);
                    String form = "callx, " + count(targets.of(function, call));
                    String rows = table == null ? "" : ", " + rows(table);
                    String why = table == null ? "" : table.mutable() ? "mutable" : table.indirect() ? "demanded" : "";
                    demands.listener.became(function.name(), inst.at(), construct(call), form + rows, why);
                }
            }
        }
    }

    // ---- what it does ----

    /** Outside of loops a verifier knows an index as well as we do: there nothing need be hidden from it. */
    private static Function shown(Function function) {
        if (function.blocks().stream()
                .flatMap(block -> block.insts().stream())
                .noneMatch(inst -> inst.op() instanceof Operation.Opaque)) {
            return function;
        }
        ControlFlowGraph graph = ControlFlowGraph.of(function);
        LoopForest loops = LoopForest.of(graph, DominatorTree.of(graph));
        Map<Integer, Value> shown = new HashMap<>();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Opaque hidden
                        && loops.depth(block.label().index()) == 0) {
                    shown.put(inst.result().index(), hidden.a());
                }
            }
        }
        UnaryOperator<Value> resolved = value -> shown.getOrDefault(value.index(), value);
        List<Block> blocks = new ArrayList<>(function.blocks().size());
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>(block.insts().size());
            for (Inst inst : block.insts()) {
                if (!shown.containsKey(inst.result().index())) {
                    insts.add(new Inst(inst.result(), inst.op().map(resolved), inst.at()));
                }
            }
            blocks.add(new Block(
                    block.label(), block.parameters(), insts, block.terminator().mapValues(resolved), block.at()));
        }
        return function.withBlocks(blocks);
    }

    private Function lower() {
        for (Block block : function.blocks()) {
            block.insts().forEach(this::checkTable);
            lower(block);
        }
        Function now = draft.build();
        return numbers.isIn(now) ? RemoveDeadCode.run(numbers.function(now)) : now;
    }

    /** A table with {@code @callx} whose rows are not called where they are read. */
    private void checkTable(Inst inst) {
        if (inst.op() instanceof Operation.Address address && address.region() == Region.GLOBAL) {
            CallTable table = tables.get(address.name());
            if (table != null && table.indirect()) {
                demands.refuse("a call through `" + table.name() + "`", true, inst.at());
            }
        }
    }

    /** What stands behind a call goes into a block of its own, which has the result as its parameter. */
    private void lower(Block block) {
        int at = block.label().index();
        List<Inst> insts = new ArrayList<>(block.insts().size());
        for (Inst inst : block.insts()) {
            if (!(inst.op() instanceof Operation.CallPointer call)) {
                insts.add(inst);
                continue;
            }
            List<String> candidates = targets.of(function, call);
            CallTable table = table(call);
            if (table == null || !table.indirect()) {
                demands.refuse("this call", false, inst.at());
            }
            if (candidates.size() == 1) {
                demands.listener.became(
                        function.name(),
                        inst.at(),
                        construct(call),
                        "call of `" + candidates.getFirst() + "`",
                        "the only function that it can be");
                insts.add(new Inst(inst.result(), named(candidates.getFirst(), call), inst.at()));
                continue;
            }
            boolean isVoid = call.type() instanceof Type.Void;
            Label rest =
                    draft.add(isVoid ? List.of() : List.of(inst.result()), List.of(), block.terminator(), block.at());
            draft.set(at, insts, choice(call, candidates, rest, insts, inst.at()), inst.at());
            at = rest.index();
            insts = new ArrayList<>();
        }
        if (!insts.equals(block.insts())) {
            draft.set(at, insts, block.terminator(), block.at());
        }
    }

    private static Operation.Call named(String callee, Operation.CallPointer call) {
        return new Operation.Call(callee, call.arguments(), call.type());
    }

    private Terminator choice(
            Operation.CallPointer call, List<String> candidates, Label rest, List<Inst> insts, Location at) {
        Map<String, Target> arms = new HashMap<>();
        for (String candidate : candidates) {
            arms.put(candidate, arm(named(candidate, call), rest, at));
        }
        if (candidates.isEmpty()) {
            // No function of the family is ever a value, so control does not come here; it goes on with a zero.
            return new Terminator.Jump(zero(call.type(), rest, insts, at));
        }
        Value index = index(call);
        TreeMap<Long, Target> byNumber = new TreeMap<>();
        if (index != null) {
            List<String> rows = Objects.requireNonNull(table(call)).rows();
            for (int i = 0; i < rows.size(); i++) {
                byNumber.put((long) i, Objects.requireNonNull(arms.get(rows.get(i))));
            }
        } else {
            for (String candidate : candidates) {
                byNumber.put((long) numbers.of(candidate), Objects.requireNonNull(arms.get(candidate)));
            }
        }
        demands.listener.became(
                function.name(),
                at,
                construct(call),
                "switch over " + candidates.size() + " calls",
                demands.target.word() + " has no indirect calls");
        return new Terminator.Switch(
                index != null ? index : call.callee(),
                cases(byNumber),
                byNumber.lastEntry().getValue(),
                true,
                Terminator.Demand.AUTO,
                0);
    }

    private Target arm(Operation.Call call, Label rest, Location at) {
        List<Inst> insts = new ArrayList<>(1);
        Value result = draft.emit(insts, call, at);
        Target behind = call.type() instanceof Type.Void ? Target.to(rest) : Target.to(rest, result);
        return Target.to(draft.add(List.of(), insts, new Terminator.Jump(behind), at));
    }

    private Target zero(Type type, Label rest, List<Inst> insts, Location at) {
        return switch (type) {
            case Type.Void _ -> Target.to(rest);
            case Type.Int number -> Target.to(rest, draft.emit(insts, new Operation.Const(number, 0), at));
            case Type.Ptr pointer -> Target.to(rest, draft.emit(insts, new Operation.Null(pointer), at));
        };
    }

    private static List<Terminator.Case> cases(Map<Long, Target> byNumber) {
        List<Terminator.Case> cases = new ArrayList<>();
        byNumber.forEach((number, to) -> {
            Terminator.Case last = cases.isEmpty() ? null : cases.getLast();
            if (last != null && last.high() + 1 == number && last.to().equals(to)) {
                cases.set(cases.size() - 1, new Terminator.Case(last.low(), number, to));
            } else {
                cases.add(new Terminator.Case(number, number, to));
            }
        });
        return cases;
    }

    /** The index of the row that is called, if the row alone says which function it is; else null. */
    private @Nullable Value index(Operation.CallPointer call) {
        TableLoad row = row(call);
        if (row == null
                || row.table().mutable()
                || row.table().nullable()
                || row.offset() != 0
                || row.moved().size() != 1
                || !(definitions.op(row.moved().getFirst()) instanceof Operation.Binary scaled)
                || scaled.op() != BinaryOp.SHL) {
            return null;
        }
        Operation.Const by = definitions.constant(scaled.b());
        return by != null && 1 << by.value() == CallTable.ROW ? scaled.a() : null;
    }
}
