package dev.turnout.bpf.asm;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.FunctionTable;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectBranchSite;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.Reference;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Fault;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.DebugType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Whole programs and objects as text: function heads, the source lines that code came from, a label wherever control can
 * arrive by a jump or through a table, and behind each instruction the name of what it refers to.
 * {@snippet lang="text" :
 * step:  ; static, slots 0 to 18
 *   ; dispatch.c:14: switch (op) (
 *      0:  if w1 > 5 goto +3 <L2>
 * L1:  ; BPF.JT.1.0[2]
 * }
 */
public final class Disassembly {
    private final StringBuilder out = new StringBuilder();

    private Disassembly() {}

    /** A program as a machine gets it: slots count through all of its functions. */
    public static String of(BpfProgram program) {
        Disassembly text = new Disassembly();
        text.program(program);
        return text.out.toString();
    }

    /** An object, section by section, with its references by name. */
    public static String of(BpfObject object) {
        Disassembly text = new Disassembly();
        text.object(object);
        return text.out.toString();
    }

    /** What is printed of a stretch of code, whatever it is part of. */
    private record View(
            Code code,
            List<LineInfo> lines,
            Map<Integer, String> arrivals,
            IntFunction<String> operand,
            Map<Integer, String> faults,
            boolean symbolic) {}

    private void program(BpfProgram program) {
        out.append("; program ").append(program.name()).append(", section ").append(program.section());
        out.append(program.license().isEmpty() ? ", no license" : ", license " + program.license());
        out.append('\n');
        Map<Integer, String> arrivals = new TreeMap<>();
        for (int i = 0; i < program.maps().size(); i++) {
            MapDefinition map = program.maps().get(i);
            out.append("; map[").append(i).append("] ").append(map.name()).append(": ");
            map(map);
            if (map.content() instanceof MapDefinition.Content.Targets(List<Integer> targets)) {
                entries(arrivals, map.name(), targets);
            }
            if (map.content() instanceof MapDefinition.Content.Functions table) {
                rows(table.rows().stream()
                        .map(row -> functionName(program, row))
                        .toList());
            }
        }
        for (BranchSite site : program.branchSites()) {
            String key = program.keys().get(site.key()).name();
            note(arrivals, site.target(), site(key, site.value(), site.inverse()));
        }
        View view = new View(
                program.code(),
                program.lines(),
                arrivals,
                slot -> operand(program, slot),
                faults(program.faults()),
                false);
        Map<Integer, String> labels = labels(view);
        for (BpfProgram.FunctionRange function : program.functions()) {
            out.append('\n').append(function.name()).append(":  ; ");
            out.append(function.global() ? "global" : function.start() == 0 ? "main" : "static");
            code(view, labels, function.start(), function.end());
        }
    }

    private void map(MapDefinition map) {
        out.append(map.kind().word());
        out.append(", key ").append(map.keySize());
        out.append(", value ").append(map.valueSize());
        out.append(", entries ").append(map.maxEntries());
        out.append(map.frozen() ? ", frozen\n" : "\n");
    }

    private static String operand(BpfProgram program, int slot) {
        return switch (program.code().at(slot)) {
            case Insn.CallLocal(int distance) -> functionName(program, slot + 1L + distance);
            case Insn.Wide wide when wide.kind() == WideKind.FUNCTION -> functionName(program, slot + 1L + wide.low());
            case Insn.Wide wide
            when wide.kind() == WideKind.MAP_INDEX || wide.kind() == WideKind.MAP_INDEX_VALUE ->
                wide.low() >= 0 && wide.low() < program.maps().size()
                        ? program.maps().get(wide.low()).name()
                        : "";
            case Insn.Wide wide when wide.kind() == WideKind.BTF_ID -> symbol(program, wide.low());
            case Insn.CallKernel call -> symbol(program, call.btfId());
            default -> "";
        };
    }

    private static String symbol(BpfProgram program, int number) {
        var symbols = program.surroundings().symbols();
        return number >= 0 && number < symbols.size()
                ? "kernel " + symbols.get(number).name()
                : "";
    }

    private void rows(List<String> functions) {
        for (int i = 0; i < functions.size(); i++) {
            String function = functions.get(i);
            out.append(";   [")
                    .append(i)
                    .append("] ")
                    .append(function.isEmpty() ? "missing" : function)
                    .append('\n');
        }
    }

    private static String functionName(BpfProgram program, long slot) {
        for (BpfProgram.FunctionRange function : program.functions()) {
            if (function.start() == slot) {
                return function.name();
            }
        }
        return "";
    }

    private void object(BpfObject object) {
        out.append(object.license().isEmpty() ? "; no license\n" : "; license " + object.license() + "\n");
        object.maps()
                .forEach(map -> out.append("; map ")
                        .append(map.name())
                        .append(": ")
                        .append(map.kind().word())
                        .append(", key ")
                        .append(map.keySize())
                        .append(", value ")
                        .append(map.valueSize())
                        .append(", entries ")
                        .append(map.maxEntries())
                        .append('\n'));
        object.data()
                .forEach(data -> out.append("; data ")
                        .append(data.name())
                        .append(": ")
                        .append(data.bytes().size())
                        .append(data.frozen() ? " bytes, frozen\n" : " bytes\n"));
        for (FunctionTable table : object.functionTables()) {
            out.append(table.mutable() ? "; mutable table " : "; table ")
                    .append(table.name())
                    .append('\n');
            rows(table.rows());
            if (table.mutable()) {
                out.append(";   rows may come to hold ").append(String.join(", ", table.candidates()));
                out.append(table.nullable() ? ", or nothing\n" : "\n");
            }
        }
        for (CodeSection section : object.sections()) {
            out.append("\nsection ").append(section.name()).append('\n');
            Map<Integer, String> arrivals = new TreeMap<>();
            for (JumpTable table : object.jumpTables()) {
                if (section.function(table.owner()).isPresent()) {
                    entries(arrivals, table.name(), table.targets());
                }
            }
            for (ObjectBranchSite site : section.branchSites()) {
                note(arrivals, site.target(), site(site.key(), site.value(), site.inverse()));
            }
            View view = new View(
                    section.code(),
                    section.lines(),
                    arrivals,
                    slot -> section.referenceAt(slot).map(Disassembly::name).orElse(""),
                    faults(section.faults()),
                    true);
            Map<Integer, String> labels = labels(view);
            for (ObjectFunction function : section.functions()) {
                out.append('\n').append(function.name()).append(":  ; ");
                out.append(
                        switch (function.kind()) {
                            case PROGRAM -> "program";
                            case STATIC -> "static";
                            case GLOBAL -> "global";
                        });
                if (function.signature() instanceof DebugType.Function signature) {
                    out.append(", ").append(signature.parameters().size());
                    out.append(signature.parameters().size() == 1 ? " parameter" : " parameters");
                }
                code(view, labels, function.start(), function.end());
            }
        }
    }

    private static String name(Reference reference) {
        return switch (reference) {
            case Reference.ToMap(String map) -> map;
            case Reference.ToArena(String map, int offset) -> offset == 0 ? map : map + "+" + offset;
            case Reference.ToData(String section, int offset) -> offset == 0 ? section : section + "+" + offset;
            case Reference.ToFunction(String function) -> function;
            case Reference.ToJumpTable(String table, int offset) -> offset == 0 ? table : table + "+" + offset;
            case Reference.ToFunctionTable(String table) -> "table " + table;
            case Reference.ToKernelFunction(String function) -> "kernel " + function;
            case Reference.ToExtern(String name) -> "extern " + name;
            case Reference.ToField field -> "field " + field.name();
        };
    }

    private static String site(String key, long value, boolean inverse) {
        return "key " + key + (inverse ? " is not " : " is ") + value;
    }

    private static Map<Integer, String> faults(List<Fault> faults) {
        Map<Integer, String> bySlot = new HashMap<>();
        faults.forEach(
                fault -> bySlot.putIfAbsent(fault.slot(), fault.diagnostic().message()));
        return bySlot;
    }

    /** Notes at each target which entries of a table lead there. */
    private static void entries(Map<Integer, String> arrivals, String table, List<Integer> targets) {
        Map<Integer, StringBuilder> indices = new TreeMap<>();
        for (int i = 0; i < targets.size(); i++) {
            StringBuilder list = indices.computeIfAbsent(targets.get(i), _ -> new StringBuilder());
            list.append(list.isEmpty() ? "" : ", ").append(i);
        }
        indices.forEach((target, list) -> note(arrivals, target, table + "[" + list + "]"));
    }

    private static void note(Map<Integer, String> arrivals, int slot, String text) {
        arrivals.merge(slot, text, (old, more) -> old + "; " + more);
    }

    /** A name for each slot that control can jump to, in order of place. */
    private static Map<Integer, String> labels(View view) {
        Map<Integer, String> targets = new TreeMap<>();
        view.arrivals.keySet().forEach(slot -> targets.put(slot, ""));
        Code code = view.code;
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            int at = slot;
            code.at(slot).jumpDistance().ifPresent(distance -> {
                long target = at + 1L + distance;
                if (target >= 0 && target < code.size() && code.begins((int) target)) {
                    targets.put((int) target, "");
                }
            });
        }
        Map<Integer, String> labels = new HashMap<>();
        for (int slot : new ArrayList<>(targets.keySet())) {
            labels.put(slot, "L" + (labels.size() + 1));
        }
        return labels;
    }

    private void code(View view, Map<Integer, String> labels, int start, int end) {
        out.append(", slots ").append(start).append(" to ").append(end - 1).append('\n');
        int line = 0;
        while (line < view.lines.size() && view.lines.get(line).slot() < start) {
            line++;
        }
        LineInfo last = null;
        for (int slot = start; slot < end; slot = view.code.next(slot)) {
            String label = labels.get(slot);
            if (label != null) {
                out.append(label).append(':');
                String arrival = view.arrivals.get(slot);
                out.append(arrival == null ? "" : "  ; " + arrival).append('\n');
            }
            while (line < view.lines.size() && view.lines.get(line).slot() == slot) {
                LineInfo info = view.lines.get(line++);
                if (last == null || info.line() != last.line() || !info.file().equals(last.file())) {
                    source(info);
                }
                last = info;
            }
            insn(view, labels, slot);
        }
    }

    private void source(LineInfo info) {
        // The last part of the path: a compiler's absolute paths drown the line that they stand in front of.
        String name = info.file().substring(info.file().lastIndexOf('/') + 1);
        out.append("  ; ").append(name).append(':').append(info.line());
        String text = info.text().strip();
        out.append(text.isEmpty() ? "" : ": " + text).append('\n');
    }

    private void insn(View view, Map<Integer, String> labels, int slot) {
        String number = Integer.toString(slot);
        out.repeat(' ', Math.max(1, 6 - number.length())).append(number).append(":  ");
        if (view.faults.containsKey(slot)) {
            out.append("; ").append(view.faults.get(slot)).append('\n');
            return;
        }
        Insn insn = view.code.at(slot);
        if (view.symbolic && !view.operand.apply(slot).isEmpty()) {
            symbolic(insn, view.operand.apply(slot));
            return;
        }
        InsnPrinter.print(insn, out);
        String operand = insn.jumpDistance()
                .map(distance -> labels.getOrDefault(slot + 1 + distance, ""))
                .orElseGet(() -> view.operand.apply(slot));
        out.append(operand.isEmpty() ? "\n" : " <" + operand + ">\n");
    }

    /** An instruction of an object whose meaning is a reference: its own numbers say nothing. */
    private void symbolic(Insn insn, String operand) {
        if (insn instanceof Insn.Wide wide) {
            out.append(wide.dst()).append(" = <").append(operand).append("> ll\n");
        } else {
            out.append("call <").append(operand).append(">\n");
        }
    }
}
