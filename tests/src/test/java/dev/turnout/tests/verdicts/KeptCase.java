package dev.turnout.tests.verdicts;

import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program about which the two differ.
 *
 * @param ours our verdict, as {@link Verdicts} writes it
 * @param kernel what the kernel's holds, or {@code accepted}
 * @param why one sentence
 * @param text instructions under lines {@code ; xdp} (the program type), {@code ; map NAME KIND KEY VALUE ENTRIES}, {@code ; data
 *     NAME BYTES}, {@code ; functions START…} (slots) as the program needs them
 */
record KeptCase(String name, Reason reason, String ours, String kernel, String why, String text) {
    private static final String HEAD = "-- ";

    /** Cases of a file: each begins with {@code -- case NAME}, then a line for each other member, then the text. */
    static List<KeptCase> read(Path file) throws IOException {
        // In front of the first case stands what the file is about.
        return Arrays.stream(Files.readString(file).split("(?m)^-- case ", -1))
                .skip(1)
                .map(KeptCase::parse)
                .toList();
    }

    private static KeptCase parse(String part) {
        return new KeptCase(
                part.lines().findFirst().orElseThrow().strip(),
                Reason.ofWord(member(part, "reason")).orElseThrow(),
                member(part, "ours"),
                member(part, "kernel"),
                member(part, "why"),
                part.lines()
                        .skip(1)
                        .filter(line -> !line.startsWith(HEAD) && !line.isBlank())
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private static String member(String part, String name) {
        return part.lines()
                .filter(line -> line.startsWith(HEAD + name + " "))
                .map(line -> line.substring(HEAD.length() + name.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " in " + part));
    }

    /** As the file has it. */
    String written() {
        return "-- case " + name + "\n-- reason " + reason.word() + "\n-- ours " + ours + "\n-- kernel " + kernel
                + "\n-- why " + why + "\n" + text;
    }

    /** A program as the text of a case. */
    static String text(BpfProgram program) {
        StringBuilder text = new StringBuilder();
        program.type().ifPresent(type -> text.append("; ").append(type.word()).append('\n'));
        for (MapDefinition map : program.maps()) {
            text.append(
                    map.content() instanceof MapDefinition.Content.Data data
                            ? "; data " + map.name() + " " + map.valueSize() + (data.frozen() ? " frozen" : "")
                            : "; map " + map.name() + " " + map.kind().word() + " " + map.keySize() + " "
                                    + map.valueSize() + " " + map.maxEntries());
            text.append('\n');
        }
        if (program.functions().size() > 1) {
            text.append("; functions");
            program.functions().forEach(one -> text.append(' ').append(one.start()));
            text.append('\n');
        }
        program.code()
                .insns()
                .forEach(insn -> text.append(InsnPrinter.print(insn)).append('\n'));
        return text.toString();
    }

    BpfProgram program() {
        Diagnostics diagnostics = new Diagnostics();
        Code code = InsnParser.parse(new SourceFile(name, text), diagnostics)
                .orElseThrow(() -> new AssertionError(name + ": " + diagnostics.all()));
        ProgramType type = ProgramType.XDP;
        List<MapDefinition> maps = new ArrayList<>();
        List<Integer> starts = new ArrayList<>(List.of(0));
        for (String line : text.lines().filter(one -> one.startsWith("; ")).toList()) {
            String[] words = line.substring(2).split(" ", -1);
            switch (words[0]) {
                case "map" ->
                    maps.add(map(
                            words[1],
                            MapKind.ofWord(words[2]).orElseThrow(),
                            Integer.parseInt(words[3]),
                            Integer.parseInt(words[4]),
                            Integer.parseInt(words[5]),
                            new MapDefinition.Content.Empty()));
                case "data" -> {
                    int bytes = Integer.parseInt(words[2]);
                    maps.add(map(
                            words[1],
                            MapKind.ARRAY,
                            4,
                            bytes,
                            1,
                            new MapDefinition.Content.Data(ByteString.zeros(bytes), words.length > 3)));
                }
                case "functions" -> {
                    starts.clear();
                    Arrays.stream(words).skip(1).map(Integer::valueOf).forEach(starts::add);
                }
                default -> type = ProgramType.ofWord(words[0]).orElseThrow();
            }
        }
        List<FunctionRange> functions = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : code.size();
            functions.add(new FunctionRange("f" + i, starts.get(i), end, i == 0));
        }
        return new BpfProgram(
                "kept",
                type.word(),
                new BpfProgram.Entry.Context(type),
                "GPL",
                code,
                functions,
                maps,
                List.of(),
                List.of(),
                List.of());
    }

    private static MapDefinition map(
            String name, MapKind kind, int key, int value, int entries, MapDefinition.Content content) {
        DebugType untyped = new DebugType.Void();
        return new MapDefinition(name, kind, key, value, entries, 0, untyped, untyped, content);
    }
}
