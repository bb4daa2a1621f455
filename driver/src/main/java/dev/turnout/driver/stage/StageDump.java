package dev.turnout.driver.stage;

import dev.turnout.bpf.asm.Disassembly;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.describe.CHeader;
import dev.turnout.driver.describe.DescriptionJson;
import dev.turnout.driver.describe.ObjectDescription;
import dev.turnout.driver.explain.DecidedChoice;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.ObjectSource;
import dev.turnout.driver.run.ProgramVerdict;
import dev.turnout.frontend.ast.AstPrinter;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.frontend.typed.TypedText;
import dev.turnout.ir.text.IrPrinter;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows a stage of a program. */
public final class StageDump {
    private StageDump() {}

    /**
     * The stage as text, with a line end.
     *
     * @param rewrites what is done to programs behind the verifier
     * @param diagnostics for what goes wrong behind the object; mistakes in the text are with its compilation
     * @return empty if the stage could not be made
     */
    public static Optional<String> text(
            ObjectSource source, Stage stage, SpecializeOptions rewrites, Diagnostics diagnostics) {
        return switch (stage) {
            case TOKENS -> source.text().map(text -> Parser.tokens(text.source(), text.diagnostics()));
            case AST -> source.text().map(text -> AstPrinter.print(text.ast()));
            case TYPED -> source.text().flatMap(Compilation::typed).map(TypedText::of);
            case IR -> source.text().flatMap(Compilation::optimised).map(IrPrinter::print);
            case ASM -> source.object().map(Disassembly::of);
            case OBJ -> source.object().map(StageDump::summary);
            case INVARIANTS -> source.object().map(object -> invariants(object, diagnostics));
            case X86 -> source.object().map(object -> x86(object, rewrites, diagnostics));
            case TABLES -> source.object().map(object -> tables(object, rewrites, diagnostics));
            case KEYS -> source.object().map(object -> keys(object, rewrites, diagnostics));
            case DECISIONS -> source.object().map(object -> decisions(object, diagnostics));
            case HEADER -> ObjectDescription.of(source).map(CHeader::of);
            case DESCRIPTION -> ObjectDescription.of(source).map(one -> DescriptionJson.of(one) + "\n");
        };
    }

    /** The entries of all tables of code. */
    public static List<TableEntry> tableEntries(BpfObject object, SpecializeOptions rewrites, Diagnostics diagnostics) {
        List<TableEntry> entries = new ArrayList<>();
        for (BpfProgram program : programs(object, diagnostics)) {
            entries.addAll(TableEntry.of(program, rewrites));
        }
        return entries;
    }

    /** The static keys, with all their sites. */
    public static List<KeyEntry> keyEntries(BpfObject object, SpecializeOptions rewrites, Diagnostics diagnostics) {
        return KeyEntry.of(object, programs(object, diagnostics), rewrites);
    }

    private static String keys(BpfObject object, SpecializeOptions rewrites, Diagnostics diagnostics) {
        String text = keyEntries(object, rewrites, diagnostics).stream()
                .map(KeyEntry::text)
                .collect(Collectors.joining());
        return text.isEmpty() ? "no keys\n" : text;
    }

    /** What the proof decided about all programs. */
    public static List<DecidedChoice> decidedChoices(BpfObject object, Diagnostics diagnostics) {
        List<DecidedChoice> choices = new ArrayList<>();
        for (BpfProgram program : programs(object, diagnostics)) {
            Accepted.of(program, SpecializeOptions.DEFAULT, diagnostics)
                    .ifPresent(executable -> choices.addAll(DecidedChoice.of(executable)));
        }
        return choices;
    }

    private static String decisions(BpfObject object, Diagnostics diagnostics) {
        String text = decidedChoices(object, diagnostics).stream()
                .map(choice -> choice.text() + "\n")
                .collect(Collectors.joining());
        return text.isEmpty() ? "no decisions\n" : text;
    }

    private static List<BpfProgram> programs(BpfObject object, Diagnostics diagnostics) {
        List<BpfProgram> programs = new ArrayList<>();
        for (ObjectFunction program : object.programs()) {
            ProgramLoader.load(object, program.name(), diagnostics).ifPresent(programs::add);
        }
        return programs;
    }

    private static String x86(BpfObject object, SpecializeOptions rewrites, Diagnostics diagnostics) {
        StringBuilder text = new StringBuilder();
        for (BpfProgram program : programs(object, diagnostics)) {
            text.append(text.isEmpty() ? "" : "\n").append(X86Dump.text(program, rewrites, diagnostics));
        }
        return text.isEmpty() ? "no programs\n" : text.toString();
    }

    private static String tables(BpfObject object, SpecializeOptions rewrites, Diagnostics diagnostics) {
        return text(tableEntries(object, rewrites, diagnostics));
    }

    /** Entries below the tables that they belong to. */
    public static String text(List<TableEntry> entries) {
        StringBuilder text = new StringBuilder();
        String table = "";
        for (TableEntry entry : entries) {
            String head = entry.table() + " of " + entry.program();
            if (!head.equals(table)) {
                table = head;
                text.append(head).append(":\n");
            }
            text.append(entry.text()).append('\n');
        }
        return text.isEmpty() ? "no tables\n" : text.toString();
    }

    private static String invariants(BpfObject object, Diagnostics diagnostics) {
        StringBuilder text = new StringBuilder();
        for (BpfProgram program : programs(object, diagnostics)) {
            switch (ProgramVerdict.of(program).verdict()) {
                case Verdict.Verified verified -> text.append(InvariantText.of(verified.program()));
                case Verdict.Rejected rejected -> {
                    text.append(program.name())
                            .append(":\n  rejected: a program that is not accepted has no invariants\n");
                    for (Violation violation : rejected.violations()) {
                        diagnostics.report(violation.diagnostic(program));
                    }
                }
            }
        }
        return text.toString();
    }

    /** What is in an object, a line each. */
    private static String summary(BpfObject object) {
        StringBuilder text = new StringBuilder();
        text.append("license ")
                .append(object.license().isEmpty() ? "none" : object.license())
                .append('\n');
        for (var section : object.sections()) {
            text.append("section ")
                    .append(section.name())
                    .append(", ")
                    .append(section.code().size())
                    .append(" slots\n");
            for (ObjectFunction function : section.functions()) {
                text.append("  ")
                        .append(function.name())
                        .append(", slots ")
                        .append(function.start())
                        .append(" to ")
                        .append(function.end() - 1)
                        .append('\n');
            }
        }
        for (DataSection data : object.data()) {
            text.append("section ")
                    .append(data.name())
                    .append(", ")
                    .append(data.bytes().size())
                    .append(" bytes\n");
            for (DataSection.Variable variable : data.variables()) {
                text.append("  ")
                        .append(variable.name())
                        .append(" at ")
                        .append(variable.offset())
                        .append(", ")
                        .append(variable.size())
                        .append(" bytes\n");
            }
        }
        for (ObjectMap map : object.maps()) {
            text.append("map ")
                    .append(map.name())
                    .append(", ")
                    .append(map.kind().word())
                    .append(", key ")
                    .append(map.keySize())
                    .append(" bytes, value ")
                    .append(map.valueSize())
                    .append(" bytes, ")
                    .append(map.maxEntries())
                    .append(" entries\n");
        }
        for (JumpTable table : object.jumpTables()) {
            text.append("jump table ")
                    .append(table.name())
                    .append(", ")
                    .append(table.targets().size())
                    .append(" entries\n");
        }
        for (var key : object.keys()) {
            text.append("key ")
                    .append(key.name())
                    .append(" = ")
                    .append(key.initial())
                    .append('\n');
        }
        return text.toString();
    }
}
