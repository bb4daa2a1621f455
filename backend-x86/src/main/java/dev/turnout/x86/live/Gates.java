package dev.turnout.x86.live;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.x86.isa.Feature;
import dev.turnout.x86.memory.CodeBlock;
import dev.turnout.x86.memory.CodeMemory;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What native code needs once in a process: code memory, the machine code that all programs share, and what the processor can do.
 * Made when first asked for; stays as long as the process. Safe for many threads.
 */
public final class Gates {
    /** All code that may be loaded at once: address space, not memory, and near enough for 32-bit distances. */
    private static final long CODE_ROOM = 1L << 29;

    private static @Nullable Gates present;

    private final CodeMemory memory;
    private final Set<Feature> features;
    private final Placed in;
    /** For programs that call helpers; made for the first of them. */
    private @Nullable Placed out;

    /** Code where it runs. */
    private record Placed(GateCode.Piece piece, long base) {
        static Placed in(CodeMemory memory, GateCode.Piece piece) {
            CodeBlock block = memory.allocate(piece.code().size()).orElseThrow();
            memory.write(block, piece.code().bytes());
            return new Placed(piece, block.address());
        }

        long address(GateCode.Door door) {
            return base + piece.offset(door);
        }
    }

    private Gates(CodeMemory memory) {
        this.memory = memory;
        this.in = Placed.in(memory, GateCode.waysIn());
        this.features = CpuFeatures.ask(in.address(GateCode.Door.CPUID));
    }

    /** The gates of this process; empty, with a report, if there can be none. */
    public static synchronized Optional<Gates> ofProcess(Diagnostics diagnostics) {
        if (present == null) {
            String system = System.getProperty("os.name");
            String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
            if (!system.equals("Linux") || !(processor.equals("amd64") || processor.equals("x86_64"))) {
                diagnostics.report(Diagnostic.general(
                                DiagnosticCode.R0114,
                                "native code is made for Linux on x86-64, and this is " + system + " on " + processor)
                        .withHelp("run it in the interpreter: `--engine interp`"));
                return Optional.empty();
            }
            CodeMemory.open(CODE_ROOM, diagnostics).ifPresent(memory -> present = new Gates(memory));
        }
        return Optional.ofNullable(present);
    }

    /** For code that runs only because there are gates. */
    static synchronized Gates present() {
        if (present == null) {
            throw new IllegalStateException("nobody has made the gates");
        }
        return present;
    }

    public CodeMemory memory() {
        return memory;
    }

    /** What the processor can do. */
    public Set<Feature> features() {
        return EnumSet.copyOf(features);
    }

    long address(GateCode.Door door) {
        return switch (door) {
            case RUN, LOOP, CPUID -> in.address(door);
            case HELPER, HELPER_WITH_CLOCK -> waysOut().address(door);
        };
    }

    private synchronized Placed waysOut() {
        Placed known = out;
        if (known == null) {
            known = Placed.in(memory, GateCode.waysOut(Upcall.address(), Upcall.clock()));
            out = known;
        }
        return known;
    }
}
