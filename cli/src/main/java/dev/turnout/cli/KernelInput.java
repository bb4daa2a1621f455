package dev.turnout.cli;

import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The kernel whose types programs are judged by: of {@code --btf FILE}, or the running one, if it shows them. They are read when the first
 * program needs them, which most do not.
 */
public final class KernelInput {
    /** Where Linux shows its types. */
    private static final Path RUNNING = Path.of("/sys/kernel/btf/vmlinux");

    private final Invocation invocation;
    private Optional<KernelBtf> opened = Optional.empty();

    public KernelInput(Invocation invocation) {
        this.invocation = invocation;
    }

    /** The program before that kernel; as it is if it asks nothing of one. A file that cannot be read ends the command. */
    public BpfProgram before(BpfProgram program) {
        if (!program.needsKernelTypes()) {
            return program;
        }
        if (opened.isEmpty()) {
            opened = Optional.of(open());
        }
        return KernelFit.fit(program, opened.get());
    }

    private KernelBtf open() {
        Optional<String> named = invocation.value("btf");
        if (named.isEmpty() && !Files.isReadable(RUNNING)) {
            return KernelBtf.NONE;
        }
        ByteString bytes = ByteString.copyOf(InputFile.read(named.orElse(RUNNING.toString())));
        Diagnostics diagnostics = new Diagnostics();
        Optional<KernelBtf> types = ElfReader.kernelTypes(bytes, diagnostics);
        invocation.console().report(diagnostics);
        return types.orElseThrow(() -> new EndedException(ExitCode.USAGE));
    }
}
