package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.TableLoad;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls through a value that is known become calls by name, which can be inlined.
 *
 * <pre>
 * table @ops = [@f, @g]
 * b0(v0: i64):                                 b0(v0: i64):
 *     v1 = address global @ops                     v1 = address global @ops
 *     v2 = load ptr&lt;function&gt; v1 + 8         =&gt;    v2 = address function @g
 *     v3 = call_pointer i64 v2(v0)                 v3 = call i64 @g(v0)
 *     return v3                                    return v3
 * </pre>
 *
 * <p>A row is known if the index is constant, or if all rows are one function. A table that is mutable says nothing of its rows;
 * of one with {@code callx} the indirect call is the point, so its rows are not looked at. A row out of bounds is left alone: it is
 * the load that is wrong. Linear.
 */
public final class ResolveCalls {
    private final Map<String, CallTable> tables = new HashMap<>();

    private ResolveCalls(Module module) {
        for (CallTable table : module.tables()) {
            if (!table.mutable() && !table.indirect()) {
                tables.put(table.name(), table);
            }
        }
    }

    public static Module run(Module module) {
        ResolveCalls pass = new ResolveCalls(module);
        List<Function> functions = new ArrayList<>(module.functions().size());
        boolean changed = false;
        for (Function function : module.functions()) {
            Function now = pass.new Body(function).resolved();
            changed |= !now.equals(function);
            functions.add(now);
        }
        return changed ? module.withFunctions(functions) : module;
    }

    /** One function at work. */
    private final class Body {
        private final Function function;
        private final @Nullable Operation[] definitions;

        Body(Function function) {
            this.function = function;
            definitions = new Operation[function.valueCount()];
        }

        Function resolved() {
            boolean indirect = false;
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    definitions[inst.result().index()] = inst.op();
                    indirect |= TableLoad.isFunction(inst.op().type());
                    indirect |= inst.op() instanceof Operation.CallPointer;
                }
            }
            if (!indirect) {
                return function;
            }
            boolean changed = false;
            List<Block> blocks = new ArrayList<>(function.blocks().size());
            for (Block block : function.blocks()) {
                List<Inst> insts = new ArrayList<>(block.insts().size());
                for (Inst inst : block.insts()) {
                    Operation op = resolve(inst.op());
                    changed |= !op.equals(inst.op());
                    insts.add(op.equals(inst.op()) ? inst : new Inst(inst.result(), op, inst.at()));
                }
                blocks.add(new Block(block.label(), block.parameters(), insts, block.terminator(), block.at()));
            }
            return changed ? function.withBlocks(blocks) : function;
        }

        private Operation resolve(Operation op) {
            if (op instanceof Operation.CallPointer call
                    && resolvedDefinition(call.callee()) instanceof Operation.Address callee
                    && callee.region() == Region.FUNCTION) {
                return new Operation.Call(callee.name(), call.arguments(), call.type());
            }
            return row(op);
        }

        /** A value may stand before its definition in the text, and the definition may itself be a row. */
        private @Nullable Operation resolvedDefinition(Value value) {
            Operation definition = definitions[value.index()];
            return definition == null ? null : row(definition);
        }

        /** What is loaded from a table, if that is known; else the operation itself. */
        private Operation row(Operation op) {
            TableLoad load = TableLoad.of(op, value -> definitions[value.index()], tables);
            if (load == null) {
                return op;
            }
            CallTable table = load.table();
            if (!load.moved().isEmpty()) {
                return table.nullable() || table.candidates().size() != 1
                        ? op
                        : new Operation.Address(
                                Region.FUNCTION, table.candidates().getFirst());
            }
            if (load.row() < 0) {
                return op;
            }
            String row = table.rows().get(load.row());
            return row.isEmpty()
                    ? new Operation.Null(Type.ptr(Region.FUNCTION))
                    : new Operation.Address(Region.FUNCTION, row);
        }
    }
}
