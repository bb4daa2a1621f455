package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.bpf.program.Prototype;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.report.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The examples of the pages about verifier codes are what the pages say. */
class DiagnosticPagesTest {
    private static final Path PAGES = Path.of("..", "docs", "diagnostics");

    @TestFactory
    Stream<DynamicTest> examplesFailAndWorkAsThePageSays() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (DiagnosticCode code : DiagnosticCode.values()) {
            if (!code.name().startsWith("V01")) {
                continue;
            }
            String page = Files.readString(PAGES.resolve(code.name() + ".md"));
            tests.add(DynamicTest.dynamicTest(
                    code.name() + " has its title",
                    () -> assertThat(page).startsWith("# " + code.name() + ": " + code.title())));
            String[] parts = page.split("```", -1);
            for (int i = 1; i < parts.length; i += 2) {
                String block = parts[i];
                String info = block.substring(0, block.indexOf('\n'));
                String text = block.substring(block.indexOf('\n') + 1);
                boolean fails = info.equals("bpf,fails=" + code.name());
                tests.add(DynamicTest.dynamicTest(
                        code.name() + (fails ? " fails" : " works"),
                        () -> check(text, fails ? List.of(code) : List.of())));
            }
        }
        return tests.stream();
    }

    private static void check(String text, List<DiagnosticCode> expected) {
        Verdict verdict = Verifier.verify(program(text), text.contains("; memory") ? Options.exec() : Options.linux());
        List<DiagnosticCode> codes = verdict instanceof Verdict.Rejected rejected
                ? rejected.violations().stream().map(Violation::code).toList()
                : List.of();
        assertThat(codes).as(text).isEqualTo(expected);
    }

    /** A program from text whose leading comments say what surrounds it. */
    static BpfProgram program(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Code code = InsnParser.parse(new SourceFile("example", text), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString() + text));
        BpfProgram.Entry entry = new BpfProgram.Entry.Memory(0);
        String license = "GPL";
        String section = "section";
        boolean typed = false;
        boolean global = false;
        List<MapDefinition> maps = new ArrayList<>();
        List<KernelSymbol> kernel = new ArrayList<>();
        List<BpfProgram.FunctionRange> functions = new ArrayList<>();
        for (String line : text.lines().filter(l -> l.startsWith("; ")).toList()) {
            String[] words = line.substring(2).split(" ", -1);
            switch (words[0]) {
                case "memory" -> entry = new BpfProgram.Entry.Memory(Long.parseLong(words[1]));
                case "license" -> license = "";
                case "map" -> maps.add(map(words));
                case "maps" -> {
                    for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                        maps.add(map(new String[] {"map", "array", "4", "4", "1"}));
                    }
                }
                case "section" -> section = words[1];
                case "void" -> typed = true;
                case "globals" -> global = true;
                case "unreadable" ->
                    maps.add(new MapDefinition(
                            "m",
                            MapKind.ARRAY,
                            4,
                            Integer.parseInt(words[1]),
                            1,
                            1 << 8,
                            new DebugType.Void(),
                            new DebugType.Void(),
                            new MapDefinition.Content.Empty()));
                case "kernel" ->
                    Stream.of(words)
                            .skip(1)
                            .map(name -> new KernelSymbol(name, KernelSymbol.Kind.FUNCTION, false, 0))
                            .forEach(kernel::add);
                case "rodata" ->
                    maps.add(new MapDefinition(
                            ".rodata",
                            MapKind.ARRAY,
                            4,
                            Integer.parseInt(words[1]),
                            1,
                            0,
                            new DebugType.Void(),
                            new DebugType.Void(),
                            new MapDefinition.Content.Data(ByteString.zeros(Integer.parseInt(words[1])), true)));
                case "table" -> {
                    List<Integer> targets =
                            Stream.of(words).skip(1).map(Integer::valueOf).toList();
                    maps.add(new MapDefinition(
                            "table",
                            MapKind.INSN_ARRAY,
                            4,
                            16,
                            targets.size(),
                            0,
                            new DebugType.Void(),
                            new DebugType.Void(),
                            new MapDefinition.Content.Targets(targets)));
                }
                case "calltable", "mutable" -> {
                    List<Integer> rows =
                            Stream.of(words).skip(1).map(Integer::valueOf).toList();
                    List<Integer> starts = rows.stream()
                            .filter(row -> row != -1)
                            .sorted()
                            .distinct()
                            .toList();
                    maps.add(new MapDefinition(
                            words[0] + maps.size(),
                            MapKind.INSN_ARRAY,
                            4,
                            16,
                            rows.size(),
                            0,
                            new DebugType.Void(),
                            new DebugType.Void(),
                            new MapDefinition.Content.Functions(
                                    rows, starts, words[0].equals("mutable"), rows.contains(-1))));
                }
                case "functions" -> {
                    for (int i = 1; i < words.length; i++) {
                        int start = Integer.parseInt(words[i]);
                        int end = i + 1 < words.length ? Integer.parseInt(words[i + 1]) : code.size();
                        functions.add(new BpfProgram.FunctionRange("f" + (i - 1), start, end, false));
                    }
                }
                default ->
                    entry = new BpfProgram.Entry.Context(
                            ProgramType.ofWord(words[0]).orElseThrow());
            }
        }
        if (functions.isEmpty()) {
            functions.add(new BpfProgram.FunctionRange("f0", 0, code.size(), false));
        }
        if (global) {
            functions.replaceAll(f -> new BpfProgram.FunctionRange(f.name(), f.start(), f.end(), f.start() > 0));
        }
        if (typed) {
            Prototype returnsNothing = new Prototype(true, 0, List.of(), List.of());
            functions.replaceAll(
                    f -> new BpfProgram.FunctionRange(f.name(), f.start(), f.end(), f.global(), returnsNothing));
        }
        return new BpfProgram(
                "f0",
                section,
                entry,
                license,
                code,
                functions,
                maps,
                List.of(),
                List.of(),
                List.of(),
                new Surroundings(Btf.EMPTY, kernel, ""));
    }

    private static MapDefinition map(String[] words) {
        return new MapDefinition(
                "m",
                MapKind.ofWord(words[1]).orElseThrow(),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Long.parseLong(words[4]),
                0,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty(),
                Optional.empty(),
                Stream.of(words).skip(5).map(DiagnosticPagesTest::field).toList());
    }

    /** A field of the kernel's own in a map's values: {@code timer@8}. */
    private static MapField field(String text) {
        MapField.Kind kind =
                MapField.Kind.valueOf(text.substring(0, text.indexOf('@')).toUpperCase(Locale.ROOT));
        int bytes = switch (kind) {
            case SPIN_LOCK, RES_SPIN_LOCK, REFCOUNT -> 4;
            case KPTR, KPTR_UNTRUSTED, KPTR_PERCPU, USER_POINTER, TASK_WORK -> 8;
            case TIMER, WORKQUEUE, LIST_HEAD, RB_ROOT -> 16;
            case LIST_NODE -> 24;
            case RB_NODE -> 32;
        };
        return new MapField(kind, Integer.parseInt(text.substring(text.indexOf('@') + 1)), bytes, "");
    }
}
