package dev.turnout.ir.text;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.KernelDeclaration;
import dev.turnout.ir.model.KernelField;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.List;
import java.util.Locale;

/** Modules, functions and their parts as text that {@link IrParser} reads back. */
public final class IrPrinter {
    /** The signature that a function has in the text if it states none. */
    static final DebugType.Function NO_SIGNATURE = new DebugType.Function(List.of(), new DebugType.Void());

    private final StringBuilder out = new StringBuilder();
    private final OperationText operations = new OperationText(out);
    private final DebugTypeText types;
    private final boolean locations;
    private final Remarks remarks;

    private IrPrinter(DebugTypeText types, boolean locations, Remarks remarks) {
        this.types = types;
        this.locations = locations;
        this.remarks = remarks;
    }

    /** What a reader says about places of a function, printed as comments under them. */
    @FunctionalInterface
    public interface Remarks {
        Remarks NONE = (block, index) -> List.of();

        /**
         * Remarks about one place.
         *
         * @param block position of the block; -1 for the function itself
         * @param index position of the instruction; -1 for the block's head, the number of instructions for its
         *     terminator
         */
        List<String> at(int block, int index);
    }

    /** The whole module without locations: what people read. */
    public static String print(Module module) {
        return print(module, false);
    }

    /**
     * The whole module.
     *
     * @param locations whether each instruction says where it came from; with them, nothing is lost
     */
    public static String print(Module module, boolean locations) {
        IrPrinter printer = new IrPrinter(new DebugTypeText(module), locations, Remarks.NONE);
        printer.module(module);
        return printer.out.toString();
    }

    /** One function without locations. */
    public static String print(Function function) {
        return print(function, Remarks.NONE);
    }

    /** One function without locations, with remarks. */
    public static String print(Function function, Remarks remarks) {
        IrPrinter printer = new IrPrinter(new DebugTypeText(), false, remarks);
        printer.function(function);
        return printer.out.toString();
    }

    /** {@code v3 = add i32 v1, v2}. */
    public static String print(Inst inst) {
        IrPrinter printer = new IrPrinter(new DebugTypeText(), false, Remarks.NONE);
        printer.inst(inst);
        return printer.out.toString();
    }

    /** {@code add i32 v1, v2}. */
    public static String print(Operation operation) {
        StringBuilder out = new StringBuilder();
        new OperationText(out).operation(operation);
        return out.toString();
    }

    /** {@code branch v3 ? b1 : b2}. */
    public static String print(Terminator terminator) {
        StringBuilder out = new StringBuilder();
        new OperationText(out).terminator(terminator);
        return out.toString();
    }

    private void module(Module module) {
        out.append("module ").append(Quoted.text(module.name()));
        if (!module.license().isEmpty()) {
            out.append(" license ").append(Quoted.text(module.license()));
        }
        out.append('\n');
        for (String name : types.names()) {
            out.append("type ").append(Quoted.word(name)).append(" = ");
            types.definition(out, name);
            out.append('\n');
        }
        module.globals().forEach(this::global);
        module.maps().forEach(this::map);
        module.keys().forEach(this::key);
        module.tables().forEach(this::table);
        for (KernelDeclaration one : module.kernelFunctions()) {
            out.append("kfunc ").append(Quoted.symbol(one.name())).append(": ");
            types.type(out, one.signature());
            out.append('\n');
        }
        for (KernelField field : module.fields()) {
            out.append("field ").append(Quoted.symbol(field.name())).append(": ");
            types.type(out, field.root());
            String separator = " at ";
            for (int step : field.path()) {
                out.append(separator).append(step);
                separator = ", ";
            }
            out.append('\n');
        }
        for (Function function : module.functions()) {
            out.append('\n');
            function(function);
        }
    }

    private void global(Global global) {
        out.append("global ").append(Quoted.symbol(global.name())).append(": ");
        types.type(out, global.type());
        out.append(' ').append(global.section().name().toLowerCase(Locale.ROOT));
        out.append(" align ").append(global.align());
        ByteString bytes = global.initial();
        if (bytes.isZero()) {
            out.append(" = zero ").append(bytes.size()).append('\n');
        } else {
            out.append(" = hex \"").append(bytes).append("\"\n");
        }
    }

    private void map(MapDeclaration map) {
        out.append("map ").append(Quoted.symbol(map.name())).append(": ");
        mapType(map);
        out.append(map.pinned() ? " pinned" : "");
        map.inner().ifPresent(inner -> {
            out.append(" of ");
            mapType(inner);
        });
        String separator = " = [";
        for (MapDeclaration.Row row : map.rows()) {
            out.append(separator).append(row.index()).append(" => ").append(Quoted.symbol(row.symbol()));
            separator = ", ";
        }
        out.append(map.rows().isEmpty() ? "\n" : "]\n");
    }

    private void mapType(MapDeclaration map) {
        out.append(Quoted.word(map.kind())).append('[');
        types.type(out, map.key());
        out.append(" => ");
        types.type(out, map.value());
        out.append("] max ").append(map.maxEntries());
        if (map.flags() != 0) {
            out.append(" flags ").append(Quoted.unsigned(Integer.toUnsignedLong(map.flags())));
        }
    }

    private void key(Key key) {
        out.append("key ").append(Quoted.symbol(key.name())).append(": ");
        types.type(out, key.type());
        out.append(" = ").append(key.initial()).append(key.pinned() ? " pinned\n" : "\n");
    }

    private void table(CallTable table) {
        out.append("table ").append(Quoted.symbol(table.name())).append(" = [");
        String separator = "";
        for (String row : table.rows()) {
            out.append(separator).append(row.isEmpty() ? "none" : Quoted.symbol(row));
            separator = ", ";
        }
        out.append(']');
        if (table.mutable()) {
            out.append(" mutable");
            separator = " with [";
            for (String other : table.candidates()) {
                if (!table.rows().contains(other)) {
                    out.append(separator).append(Quoted.symbol(other));
                    separator = ", ";
                }
            }
            out.append(separator.equals(", ") ? "]" : "");
            out.append(table.nullable() && !table.rows().contains("") ? " nullable" : "");
        }
        out.append(table.indirect() ? " callx\n" : "\n");
    }

    private void function(Function function) {
        switch (function.kind()) {
            case Function.Kind.Program program -> {
                out.append("program ").append(Quoted.symbol(function.name()));
                out.append(" section ").append(Quoted.text(program.section()));
                out.append(" type ").append(Quoted.word(program.type()));
            }
            case Function.Kind.Subprogram subprogram -> {
                out.append("function ").append(Quoted.symbol(function.name()));
                if (subprogram.inlining() != Function.Inlining.AUTO) {
                    out.append(" inline ").append(subprogram.inlining().name().toLowerCase(Locale.ROOT));
                }
                if (!subprogram.family().isEmpty()) {
                    out.append(" family ").append(Quoted.text(subprogram.family()));
                }
            }
            case Function.Kind.Test test -> {
                out.append("test ").append(Quoted.symbol(function.name()));
                out.append(" title ").append(Quoted.text(test.title()));
            }
        }
        if (function.kind().fails() != 0) {
            out.append(" fails ").append(function.kind().fails());
        }
        out.append(" -> ").append(function.result());
        if (!function.signature().equals(NO_SIGNATURE)) {
            out.append(" signature ");
            types.signature(out, function.signature());
        }
        if (locations && !function.at().equals(Location.UNKNOWN)) {
            out.append(" at ").append(Quoted.text(function.at().file()));
            out.append(' ').append(function.at());
        }
        out.append(" {\n");
        remark(-1, -1);
        for (Block block : function.blocks()) {
            block(block, function.at().file());
        }
        out.append("}\n");
    }

    private void block(Block block, String file) {
        int position = block.label().index();
        out.append(block.label());
        if (!block.parameters().isEmpty()) {
            String separator = "(";
            for (Value parameter : block.parameters()) {
                out.append(separator).append(parameter).append(": ").append(parameter.type());
                separator = ", ";
            }
            out.append(')');
        }
        out.append(":\n");
        remark(position, -1);
        int index = 0;
        for (Inst inst : block.insts()) {
            out.append("    ");
            inst(inst);
            location(inst.at(), file);
            out.append('\n');
            remark(position, index++);
        }
        out.append("    ");
        operations.terminator(block.terminator());
        location(block.at(), file);
        out.append('\n');
        remark(position, index);
    }

    private void inst(Inst inst) {
        if (!(inst.result().type() instanceof Type.Void)) {
            out.append(inst.result()).append(" = ");
        }
        operations.operation(inst.op());
    }

    private void location(Location at, String file) {
        if (!locations || at.equals(Location.UNKNOWN)) {
            return;
        }
        out.append(" !");
        if (!at.file().equals(file)) {
            out.append(Quoted.text(at.file())).append(' ');
        }
        out.append(at);
    }

    private void remark(int block, int index) {
        for (String text : remarks.at(block, index)) {
            out.append("    // ^ ").append(text).append('\n');
        }
    }
}
