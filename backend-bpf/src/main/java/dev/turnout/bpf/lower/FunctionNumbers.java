package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.TableLoad;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Functions as numbers, for targets where the address of a function is not a value: null is 0, and the functions of each family
 * that are used as values count from 1 in the order of the module. Eight bytes, as an address would take: so a table looks like an
 * array of functions in a frame, and one piece of code reads both.
 *
 * <p>A table becomes an array of numbers: in read-only data, or in {@code .data} under the table's own name if it is mutable. There
 * its type is an enumeration of the candidates, by which user space finds the number of each.
 */
final class FunctionNumbers {
    /** What the user has not declared has a dot in its name. */
    private static final String ROWS = ".rows";

    private final Map<String, Integer> numbers;
    private final Map<String, CallTable> tables;

    private FunctionNumbers(Map<String, Integer> numbers, Map<String, CallTable> tables) {
        this.numbers = numbers;
        this.tables = tables;
    }

    static FunctionNumbers of(List<Function> functions, List<CallTable> read) {
        Set<String> used = new HashSet<>();
        Map<String, CallTable> tables = new LinkedHashMap<>();
        for (CallTable table : read) {
            tables.put(table.name(), table);
            used.addAll(table.candidates());
        }
        for (Function function : functions) {
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Address address && address.region() == Region.FUNCTION) {
                        used.add(address.name());
                    }
                }
            }
        }
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, Integer> last = new HashMap<>();
        for (Function function : functions) {
            // A function without a family is named for a helper that calls it: its address is wanted, and not called
            // here.
            if (function.kind() instanceof Function.Kind.Subprogram plain
                    && !plain.family().isEmpty()
                    && used.contains(function.name())) {
                numbers.put(function.name(), last.merge(plain.family(), 1, Integer::sum));
            }
        }
        return new FunctionNumbers(numbers, tables);
    }

    /** The number of a function that is used as a value, from 1. */
    int of(String function) {
        Integer number = numbers.get(function);
        if (number == null) {
            throw new IllegalArgumentException(function + " is no value");
        }
        return number;
    }

    // ---- code ----

    /** Whether a function has values that are functions, or reads a table. */
    boolean isIn(Function function) {
        boolean found = TableLoad.isFunction(function.result());
        for (Block block : function.blocks()) {
            for (Value parameter : block.parameters()) {
                found |= TableLoad.isFunction(parameter.type());
            }
            for (Inst inst : block.insts()) {
                found |= TableLoad.isFunction(inst.result().type()) || isTable(inst.op());
            }
        }
        return found;
    }

    /** The function with numbers for function values. */
    Function function(Function function) {
        Set<Integer> kept = new HashSet<>();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Address address
                        && address.region() == Region.FUNCTION
                        && !numbers.containsKey(address.name())) {
                    kept.add(inst.result().index());
                }
            }
        }
        UnaryOperator<Value> numbered = value -> TableLoad.isFunction(value.type()) && !kept.contains(value.index())
                ? new Value(value.index(), Int.I64)
                : value;
        List<Block> blocks = new ArrayList<>(function.blocks().size());
        for (Block block : function.blocks()) {
            List<Inst> insts = new ArrayList<>(block.insts().size());
            for (Inst inst : block.insts()) {
                insts.add(new Inst(
                        numbered.apply(inst.result()), operation(inst.op().map(numbered)), inst.at()));
            }
            blocks.add(new Block(
                    block.label(),
                    block.parameters().stream().map(numbered).toList(),
                    insts,
                    block.terminator().mapValues(numbered),
                    block.at()));
        }
        return new Function(
                function.name(),
                function.kind(),
                TableLoad.isFunction(function.result()) ? Int.I64 : function.result(),
                function.signature(),
                blocks,
                function.at());
    }

    private boolean isTable(Operation op) {
        return op instanceof Operation.Address address
                && address.region() == Region.GLOBAL
                && tables.containsKey(address.name());
    }

    private Operation operation(Operation op) {
        return switch (op) {
            case Operation.Address address -> {
                Integer number = address.region() == Region.FUNCTION ? numbers.get(address.name()) : null;
                if (number != null) {
                    yield new Operation.Const(Int.I64, number);
                }
                yield isTable(op) ? new Operation.Address(Region.GLOBAL, variable(address.name())) : op;
            }
            case Operation.Null none when TableLoad.isFunction(none.type()) -> new Operation.Const(Int.I64, 0);
            case Operation.Load load
            when TableLoad.isFunction(load.type()) ->
                new Operation.Load(Int.I64, load.address(), load.offset(), load.order());
            case Operation.Call call
            when TableLoad.isFunction(call.type()) -> new Operation.Call(call.function(), call.arguments(), Int.I64);
            default -> op;
        };
    }

    // ---- tables ----

    private String variable(String table) {
        CallTable one = tables.get(table);
        return one != null && one.mutable() ? table : table + ROWS;
    }

    /** The module with these functions, and with variables for the tables that they still read. */
    Module module(Module module, List<Function> functions) {
        Set<String> read = new HashSet<>();
        for (Function function : functions) {
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Address address && address.region() == Region.GLOBAL) {
                        read.add(address.name());
                    }
                }
            }
        }
        List<Global> globals = new ArrayList<>(module.globals());
        for (CallTable table : tables.values()) {
            if (read.contains(variable(table.name()))) {
                globals.add(rows(table));
            }
        }
        return new Module(
                module.name(),
                module.license(),
                globals,
                module.maps(),
                module.keys(),
                List.of(),
                module.fields(),
                module.kernelFunctions(),
                functions);
    }

    private Global rows(CallTable table) {
        ByteBuffer bytes =
                ByteBuffer.allocate(table.rows().size() * CallTable.ROW).order(ByteOrder.LITTLE_ENDIAN);
        table.rows().forEach(row -> bytes.putLong(row.isEmpty() ? 0 : of(row)));
        List<DebugType.Enumerator> members = new ArrayList<>();
        if (table.nullable()) {
            members.add(new DebugType.Enumerator("none", 0));
        }
        table.candidates().forEach(one -> members.add(new DebugType.Enumerator(one, of(one))));
        return new Global(
                variable(table.name()),
                table.mutable() ? Global.Section.DATA : Global.Section.RODATA,
                ByteString.copyOf(bytes.array()),
                CallTable.ROW,
                new DebugType.Array(
                        new DebugType.Enumeration(table.name() + "_row", CallTable.ROW, false, members),
                        table.rows().size()));
    }
}
