package dev.turnout.bpf.object;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Objects that clang 22 made of the C files beside them; each says at its head how. */
final class SampleObjects {
    static final List<String> NAMES = List.of("callbacks", "counters", "dispatch", "plain", "programs");

    private SampleObjects() {}

    static ByteString file(String name) {
        try (InputStream in = SampleObjects.class.getResourceAsStream("/objects/" + name + ".o")) {
            if (in == null) {
                throw new IllegalArgumentException("no object " + name);
            }
            return ByteString.copyOf(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BpfObject read(ByteString file) {
        Diagnostics diagnostics = new Diagnostics();
        return ElfReader.read(file, Policy.LINUX, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }
}
