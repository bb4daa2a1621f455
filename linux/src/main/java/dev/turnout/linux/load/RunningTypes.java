package dev.turnout.linux.load;

import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The types of the running kernel, read when the first program asks for the place of a field. Thread-safe: read once. */
final class RunningTypes {
    private static final Path FILE = Path.of("/sys/kernel/btf/vmlinux");

    private RunningTypes() {}

    private static final class Read {
        static final KernelBtf ALL = read();
    }

    /** The program with the running kernel's numbers in the instructions that depend on its types; unchanged if none does. */
    static BpfProgram fit(BpfProgram program) {
        return program.surroundings().relocations().isEmpty() ? program : KernelFit.fit(program, Read.ALL);
    }

    private static KernelBtf read() {
        if (!Files.isReadable(FILE)) {
            return KernelBtf.NONE;
        }
        try {
            return ElfReader.kernelTypes(ByteString.copyOf(Files.readAllBytes(FILE)), new Diagnostics())
                    .orElse(KernelBtf.NONE);
        } catch (IOException broken) {
            throw new UncheckedIOException(FILE + " cannot be read", broken);
        }
    }
}
