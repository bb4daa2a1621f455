package dev.turnout.ir.analysis;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which functions a call through a value may call. Inside a function values are followed: through choices and blocks' parameters
 * to addresses of functions and rows of tables. A value that comes from elsewhere (memory, a parameter, a call) may be every
 * function of the call's family whose address goes anywhere but into a call.
 */
public final class CallTargets {
    private final Map<String, CallTable> tables = new HashMap<>();
    private final Map<String, String> families = new HashMap<>();
    /** By family, in the order in which they are met. */
    private final Map<String, Set<String>> taken = new HashMap<>();

    private CallTargets(List<CallTable> tables, List<Function> functions) {
        tables.forEach(table -> this.tables.put(table.name(), table));
        for (Function function : functions) {
            if (function.kind() instanceof Function.Kind.Subprogram plain) {
                families.put(function.name(), plain.family());
            }
        }
        functions.forEach(function -> new Body(function).take());
    }

    /** Of the functions that become code, and the tables that they read. Linear. */
    public static CallTargets of(List<CallTable> tables, List<Function> functions) {
        return new CallTargets(tables, functions);
    }

    /** The functions that a call in {@code function} may call, each once. */
    public List<String> of(Function function, Operation.CallPointer call) {
        Set<String> found = new LinkedHashSet<>();
        new Body(function).follow(call.callee(), call.family(), found, new HashSet<>());
        return List.copyOf(found);
    }

    private void take(String function) {
        taken.computeIfAbsent(families.getOrDefault(function, ""), _ -> new LinkedHashSet<>())
                .add(function);
    }

    /** One function, and what defines its values. */
    private final class Body {
        private final Function function;
        private final Definitions definitions;

        Body(Function function) {
            this.function = function;
            this.definitions = Definitions.of(function);
        }

        /** Notes which functions this one hands on: as values, as rows, or with a table. */
        void take() {
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    switch (inst.op()) {
                        // A row that is called, tested or loaded goes nowhere yet.
                        case Operation.CallPointer call -> call.arguments().forEach(this::handOn);
                        case Operation.Load _, Operation.Offset _, Operation.Compare _ -> {}
                        default -> inst.op().operands().forEach(this::handOn);
                    }
                }
                block.terminator().operands().forEach(this::handOn);
                for (Target target : block.terminator().targets()) {
                    target.arguments().forEach(this::handOn);
                }
            }
        }

        private void handOn(Value value) {
            switch (definitions.op(value)) {
                case Operation.Address address -> {
                    CallTable table = tables.get(address.name());
                    if (address.region() == Region.FUNCTION) {
                        CallTargets.this.take(address.name());
                    } else if (address.region() == Region.GLOBAL && table != null) {
                        table.candidates().forEach(CallTargets.this::take);
                    }
                }
                case Operation.Offset offset -> handOn(offset.base());
                case Operation.Load load -> {
                    TableLoad row = TableLoad.of(load, definitions::op, tables);
                    if (row != null) {
                        row.table().candidates().forEach(CallTargets.this::take);
                    }
                }
                case null, default -> {}
            }
        }

        void follow(Value value, String family, Set<String> found, Set<Integer> seen) {
            if (!seen.add(value.index())) {
                return;
            }
            switch (definitions.op(value)) {
                case null -> incoming(value, family, found, seen);
                case Operation.Address address -> found.add(address.name());
                case Operation.Null _ -> {}
                case Operation.Select select -> {
                    follow(select.a(), family, found, seen);
                    follow(select.b(), family, found, seen);
                }
                case Operation op -> {
                    TableLoad row = TableLoad.of(op, definitions::op, tables);
                    found.addAll(
                            row == null
                                    ? taken.getOrDefault(family, Set.of())
                                    : row.table().candidates());
                }
            }
        }

        /** A parameter: what all those hand over that go to its block, or anything if it is the function's own. */
        private void incoming(Value parameter, String family, Set<String> found, Set<Integer> seen) {
            int block = definitions.block(parameter);
            int position = -1 - definitions.position(parameter);
            if (block <= 0) {
                found.addAll(taken.getOrDefault(family, Set.of()));
                return;
            }
            for (Value argument : arguments(block, position)) {
                follow(argument, family, found, seen);
            }
        }

        private List<Value> arguments(int block, int position) {
            List<Value> arguments = new ArrayList<>();
            for (Block from : function.blocks()) {
                for (Target target : from.terminator().targets()) {
                    if (target.block().index() == block) {
                        // The first parameter behind a check is the checked pointer; the arguments are for the others.
                        boolean checked = from.terminator() instanceof Terminator.Checked check
                                && check.ok().equals(target);
                        arguments.add(target.arguments().get(checked ? position - 1 : position));
                    }
                }
            }
            return arguments;
        }
    }
}
