package dev.turnout.linux.exec;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.linux.report.KernelErrors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Raw code that the kernel has loaded. For one thread. */
public final class KernelExecution implements AutoCloseable {
    private static final ByteString KEY = ByteString.copyOf(new byte[4]);
    /** Nobody looks at it; the kernel feeds XDP programs nothing shorter than an Ethernet header. */
    private static final ByteString PACKET = ByteString.copyOf(new byte[64]);

    private final KernelObject object;
    private final KernelProgram program;
    private final int bytes;

    private KernelExecution(KernelObject object, KernelProgram program, int bytes) {
        this.object = object;
        this.program = program;
        this.bytes = bytes;
    }

    /**
     * What a run gave.
     *
     * @param result r0 of the last repetition, all 64 bits
     * @param memory as the last repetition left it
     * @param nanos average of a repetition, as the kernel measured it
     */
    public record Ran(long result, ByteString memory, long nanos) {}

    /**
     * Loads a program of {@link BpfProgram.Entry.Memory}.
     *
     * @return empty if the kernel refuses it, with its reason reported
     */
    public static Optional<KernelExecution> load(BpfProgram program, Diagnostics diagnostics) {
        if (!(program.entry() instanceof BpfProgram.Entry.Memory(long bytes))) {
            throw new IllegalArgumentException(program.name() + " is called with a context");
        }
        KernelObject object = new KernelObject();
        Optional<KernelProgram> loaded = object.load(WrappedCode.of(program), diagnostics);
        if (loaded.isEmpty()) {
            object.close();
            return Optional.empty();
        }
        return Optional.of(new KernelExecution(object, loaded.get(), Math.toIntExact(bytes)));
    }

    /**
     * Runs the code on a copy of {@code memory}; each repetition sees the memory and the maps as the last one left them.
     *
     * @param memory as many bytes as the program was made for
     * @param repeat at least 1
     * @return empty if the kernel did not run it, which was reported
     */
    public Optional<Ran> run(ByteString memory, int repeat, Diagnostics diagnostics) {
        if (memory.size() != bytes) {
            throw new IllegalArgumentException(memory.size() + " bytes for a program of " + bytes);
        }
        if (bytes > 0) {
            int set = value(WrappedCode.MEMORY).update(KEY, List.of(memory), 0);
            if (set < 0) {
                diagnostics.report(KernelErrors.testRun(program.program(), -set));
                return Optional.empty();
            }
        }
        return switch (program.run(PACKET, repeat)) {
            case TestRun.Refused(int error) -> {
                diagnostics.report(KernelErrors.testRun(program.program(), error));
                yield Optional.empty();
            }
            case TestRun.Ran ran -> {
                ByteString after = bytes > 0 ? bytesOf(WrappedCode.MEMORY) : ByteString.EMPTY;
                yield Optional.of(new Ran(bytesOf(WrappedCode.RESULT).asBuffer().getLong(), after, ran.nanos()));
            }
        };
    }

    /** The program's own maps by name, as the last run left them. */
    public Map<String, KernelMap> maps() {
        Map<String, KernelMap> own = new TreeMap<>(object.maps());
        own.remove(WrappedCode.MEMORY);
        own.remove(WrappedCode.RESULT);
        return own;
    }

    private ByteString bytesOf(String map) {
        return value(map).read(KEY).getFirst();
    }

    private KernelMap value(String map) {
        KernelMap found = object.maps().get(map);
        if (found == null) {
            throw new IllegalStateException("the wrapped program lost its map " + map);
        }
        return found;
    }

    @Override
    public void close() {
        object.close();
    }
}
