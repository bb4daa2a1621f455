package dev.turnout.tests.differential;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of the objects in a folder: code of compilers, to be spoiled. */
final class ObjectPrograms {
    /** Bytes that functions of memory are given: as the objects of {@code tests/corpus} want it. */
    private static final int BYTES = 1408;

    private ObjectPrograms() {}

    /**
     * All that can be loaded, in the order of file names: the programs of an object, or its function {@code entry} if it has none.
     */
    static List<BpfProgram> of(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<BpfProgram> all = new ArrayList<>();
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".o")).sorted().toList()) {
                ElfReader.read(ByteString.copyOf(Files.readAllBytes(file)), Policy.RFC, new Diagnostics())
                        .ifPresent(object -> addAll(object, all));
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addAll(BpfObject object, List<BpfProgram> all) {
        for (ObjectFunction program : object.programs()) {
            ProgramLoader.load(object, program.name(), new Diagnostics()).ifPresent(all::add);
        }
        if (object.programs().isEmpty()) {
            Optional<BpfProgram> entry = ProgramLoader.loadFunction(object, "entry", BYTES, new Diagnostics());
            entry.ifPresent(all::add);
        }
    }
}
