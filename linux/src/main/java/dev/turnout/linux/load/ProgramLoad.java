package dev.turnout.linux.load;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One call of {@code BPF_PROG_LOAD}, made again if it fails: first without a log, for most programs are accepted and writing one costs
 * the kernel more than the verdict; then with a log that is made larger until all of it fits.
 *
 * @param maps in the order in which the code indexes them
 * @param typesDescriptor of the program's types; negative if the kernel does not read them
 */
record ProgramLoad(
        BpfProgram program, ProgramType type, List<KernelMap> maps, ProgramTypes types, int typesDescriptor) {
    /** {@code BPF_F_SLEEPABLE}. */
    private static final int SLEEPABLE = 1 << 4;
    /** {@code BPF_F_XDP_HAS_FRAGS}. */
    private static final int FRAGMENTS = 1 << 5;

    /** Bytes of log that are asked for, more each time until all of it fits. */
    private static final int[] LOG_SIZES = {1 << 16, 1 << 20, 1 << 24};

    ProgramLoad {
        maps = List.copyOf(maps);
    }

    /**
     * What came of it.
     *
     * @param result a descriptor, or a negated error number
     * @param log of a program that was refused
     */
    record Loaded(int result, String log) {}

    Loaded carryOut() {
        int first = attempt(MemorySegment.NULL);
        if (first >= 0) {
            return new Loaded(first, "");
        }
        String log = "";
        for (int size : LOG_SIZES) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(size);
                int result = attempt(buffer);
                if (result >= 0) {
                    return new Loaded(result, "");
                }
                log = buffer.getString(0, StandardCharsets.UTF_8);
                if (result != -KernelErrors.ENOSPC) {
                    break;
                }
            }
        }
        // Of the first attempt: a log that does not fit makes an error of its own.
        return new Loaded(first, log);
    }

    private int attempt(MemorySegment log) {
        try (Arena arena = Arena.ofConfined()) {
            Attributes attributes = new Attributes(arena)
                    .word(0, type.kernelId())
                    .word(4, program.code().size())
                    .bytes(8, Encoder.encode(KernelNames.resolve(program)))
                    .text(16, program.license())
                    .word(44, flags())
                    .name(48, program.name())
                    .bytes(120, descriptors());
            AttachPoint.of(program).into(attributes);
            if (log.byteSize() > 0) {
                attributes.word(24, 1).word(28, (int) log.byteSize()).pointer(32, log);
            }
            if (typesDescriptor >= 0) {
                attributes
                        .word(72, typesDescriptor)
                        .word(76, 8)
                        .bytes(80, types.functions())
                        .word(88, types.functions().size() / 8);
                if (types.lines().size() > 0) {
                    attributes
                            .word(92, 16)
                            .bytes(96, types.lines())
                            .word(104, types.lines().size() / 16);
                }
            }
            return Bpf.call(Command.PROG_LOAD, attributes);
        }
    }

    /** How the section says that the program is to be loaded. */
    private int flags() {
        return ProgramSection.of(program.section())
                .map(row -> (row.has(ProgramSection.Trait.SLEEPABLE) ? SLEEPABLE : 0)
                        | (row.has(ProgramSection.Trait.FRAGMENTS) ? FRAGMENTS : 0))
                .orElse(0);
    }

    private ByteString descriptors() {
        ByteBuffer out = ByteBuffer.allocate(4 * maps.size()).order(ByteOrder.LITTLE_ENDIAN);
        maps.forEach(map -> out.putInt(map.descriptor()));
        return ByteString.copyOf(out.array());
    }
}
