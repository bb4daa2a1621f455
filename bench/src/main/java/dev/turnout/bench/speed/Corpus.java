package dev.turnout.bench.speed;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.exec.FunctionChoice;
import dev.turnout.driver.run.ProgramChoice;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of {@code tests/corpus}, their input and their results. */
final class Corpus {
    private static final String COMPILER = "clang22";
    private static final String ENTRY = "entry";

    private final Path folder;
    private final ByteString input;
    /** In the order of the file. */
    private final Map<String, Integer> results = new LinkedHashMap<>();

    Corpus(Path folder) throws IOException {
        this.folder = folder;
        this.input = ByteString.copyOf(HexFormat.of()
                .parseHex(Files.readString(folder.resolve("packet.hex")).strip().replaceAll("\\s", "")));
        for (String line : Files.readAllLines(folder.resolve("results.tsv"))) {
            if (!line.startsWith("#") && !line.isBlank()) {
                List<String> fields = List.of(line.split("\t", -1));
                results.put(
                        fields.get(0), Integer.parseUnsignedInt(fields.get(1).substring(2), 16));
            }
        }
    }

    ByteString input() {
        return input;
    }

    List<String> workloads() {
        return List.copyOf(results.keySet());
    }

    /** What the first run gives. */
    int result(String workload) {
        Integer result = results.get(workload);
        if (result == null) {
            throw new IllegalArgumentException(workload + " is not in results.tsv");
        }
        return result;
    }

    /** {@code xdp}: a packet; {@code vm}: memory. */
    enum Shape {
        XDP,
        VM;

        String word() {
            return this == XDP ? "xdp" : "vm";
        }
    }

    /**
     * The object of the first of these variants that there is.
     *
     * @param variants in order of preference: an object that would equal that of an older variant is not kept
     */
    BpfProgram program(String workload, Shape shape, List<String> variants) throws IOException {
        for (String variant : variants) {
            Path file = folder.resolve(COMPILER).resolve(workload + "." + shape.word() + "." + variant + ".o");
            if (Files.exists(file)) {
                return program(file, shape);
            }
        }
        throw new IOException("no object of " + workload + " as " + shape.word() + " " + variants);
    }

    private BpfProgram program(Path file, Shape shape) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        Optional<BpfObject> object =
                ElfReader.read(ByteString.copyOf(Files.readAllBytes(file)), Policy.LINUX, diagnostics);
        Optional<BpfProgram> program = object.flatMap(one -> switch (shape) {
            case XDP -> ProgramChoice.one(one, Optional.empty(), diagnostics);
            case VM -> FunctionChoice.one(one, Optional.of(ENTRY), input.size(), diagnostics);
        });
        return program.orElseThrow(
                () -> new IOException(file + ": " + new TerminalRenderer(false).render(diagnostics)));
    }
}
