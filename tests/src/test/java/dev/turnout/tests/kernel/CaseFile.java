package dev.turnout.tests.kernel;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfWriter;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what our interpreter did with every program of the repository into a folder, for a kernel elsewhere to repeat: {@code
 * tests/kernel-vm}. The folder holds objects {@code N.o}, and {@code cases}, a text:
 *
 * <pre>
 * frame HEX                          a packet; the first one is @0
 * case NAME
 * object N                           load N.o, all of its programs
 * CALL = ANSWER                      lines of a {@link Journal}
 * end
 * </pre>
 */
final class CaseFile {
    /** One in so many frames of the capture goes through the programs. */
    private static final int STEP = 29;

    private static final String BENCHMARKS = "bench/workloads/";

    private final Path folder;
    private final Writer out;
    private final Map<String, Integer> frames = new HashMap<>();
    private int objects;
    private int cases;
    private long lines;

    private CaseFile(Path folder, Writer out) {
        this.folder = folder;
        this.out = out;
    }

    /** {@code FOLDER TARGET [CLANGS]}: with a folder of objects of clang, these and the benchmarks are written, for nothing but to be loaded. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        TargetProfile target = TargetProfile.ofWord(args[1]).orElseThrow();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<ByteString> capture = Capture.every(STEP);
        try (Writer file = Files.newBufferedWriter(folder.resolve("cases"))) {
            CaseFile written = new CaseFile(folder, file);
            if (args.length > 2) {
                written.beside(Path.of(args[2]), target);
                System.exit(0);
            }
            int left = 0;
            for (Subject subject : Subject.all()) {
                if (subject.hasPrograms()) {
                    Compilation compilation = subject.compile(target);
                    if (compilation.generated().isPresent()) {
                        written.add(subject, compilation, capture);
                    } else {
                        left++;
                    }
                }
            }
            out.println(written.cases + " cases of " + written.objects + " objects for " + target.word() + ", "
                    + written.lines + " steps; " + left + " programs demand what " + target.word() + " lacks");
        }
        System.exit(0);
    }

    private void add(Subject subject, Compilation compilation, List<ByteString> capture) throws IOException {
        Map<BpfObject, Integer> known = new HashMap<>();
        add(
                subject.name() + ", loaded alone",
                new Journal("", compilation.generated().orElseThrow().object()),
                known);
        for (Journal journal : Journals.inAnyWorld(compilation, Loader.linux(interpreter()), capture)
                .cases()
                .values()) {
            add(subject.name() + ", " + journal.name(), journal, known);
        }
    }

    /** Each benchmark as we compile it, called {@code ours NAME}, and as clang did, called {@code clang NAME}. */
    private void beside(Path clangs, TargetProfile target) throws IOException {
        for (Subject subject : Subject.all()) {
            if (subject.name().startsWith(BENCHMARKS)) {
                String name = subject.source().name().replace(".turn", "");
                BpfObject ours =
                        subject.compile(target).generated().orElseThrow().object();
                add("ours " + name, new Journal("", ours), new HashMap<>());
                // Only Linux from 6.19 on has jump tables, and only 6.1 has not all of cpu v4.
                List<String> kinds = target.has(TargetProfile.Feature.JUMP_TABLE)
                        ? List.of(".xdp.v4-tables-btf.o", ".xdp.v4-tables.o", ".xdp.v4.o", ".xdp.v3.o")
                        : target.cpu() > 3 ? List.of(".xdp.v4.o", ".xdp.v3.o") : List.of(".xdp.v3.o");
                Path clang = kinds.stream()
                        .map(kind -> clangs.resolve(name + kind))
                        .filter(Files::exists)
                        .findFirst()
                        .orElseThrow();
                Files.copy(clang, folder.resolve(objects + ".o"));
                out.write("case clang " + name + "\nobject " + objects++ + "\nend\n");
            }
        }
        out.flush();
    }

    private static Engine interpreter() {
        return switch (EngineRow.INTERP.availability()) {
            case EngineRow.Availability.Here(Engine engine) -> engine;
            case EngineRow.Availability other -> throw new IllegalStateException("no interpreter here: " + other);
        };
    }

    private void add(String name, Journal journal, Map<BpfObject, Integer> known) throws IOException {
        Integer number = known.get(journal.object());
        if (number == null) {
            number = objects++;
            known.put(journal.object(), number);
            Files.write(
                    folder.resolve(number + ".o"),
                    ElfWriter.write(journal.object()).toArray());
        }
        StringBuilder text = new StringBuilder();
        for (String line : journal.lines()) {
            text.append(shortened(line)).append('\n');
        }
        out.write("case " + name.replace('\n', ' ') + "\nobject " + number + "\n" + text + "end\n");
        cases++;
        lines += journal.lines().size();
    }

    /** With the number of a frame that is written once, in front of the first case that has it. */
    private String shortened(String line) throws IOException {
        String[] words = line.split(" ", -1);
        if (!words[0].equals("run") || words[2].equals(Journal.NOTHING)) {
            return line;
        }
        Integer number = frames.get(words[2]);
        if (number == null) {
            number = frames.size();
            frames.put(words[2], number);
            out.write("frame " + words[2] + "\n");
        }
        words[2] = "@" + number;
        return String.join(" ", words);
    }
}
