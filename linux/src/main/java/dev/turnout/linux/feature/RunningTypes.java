package dev.turnout.linux.feature;

import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The types of the running kernel, 5 MB, read when something first asks for them. Thread-safe. */
public final class RunningTypes {
    /** Where Linux shows them, if it was built with types ({@code CONFIG_DEBUG_INFO_BTF}). */
    public static final Path FILE = Path.of("/sys/kernel/btf/vmlinux");

    private RunningTypes() {}

    private static final class Read {
        static final KernelBtf ALL = read();

        private static KernelBtf read() {
            try {
                return KernelBtf.open(ByteString.copyOf(Files.readAllBytes(FILE)), new Diagnostics())
                        .orElse(KernelBtf.NONE);
            } catch (IOException none) {
                return KernelBtf.NONE;
            }
        }
    }

    /** All of them; none if the kernel shows none. */
    public static KernelBtf all() {
        return Read.ALL;
    }
}
