package dev.turnout.linux.load;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A program that the kernel has loaded. */
public final class KernelProgram implements AutoCloseable {
    /** The shortest frame; and what the kernel puts, as zeros, in front of a packet that its program saw without it. */
    private static final int ETHERNET_HEADER = 14;
    /** Room for what a program may put in front of or behind its packet. */
    private static final int GROWTH = 4096;

    /** In {@code struct xdp_md}; if it is 0 the whole packet is meant, where the kernel would take none of it. */
    private static final int DATA_END = 4;

    private static final int INFO_BYTES = 232;

    private final BpfProgram program;
    private final Descriptor descriptor;

    KernelProgram(BpfProgram program, Descriptor descriptor) {
        this.program = program;
        this.descriptor = descriptor;
    }

    public BpfProgram program() {
        return program;
    }

    int descriptor() {
        return descriptor.number();
    }

    /**
     * Figures of a loaded program.
     *
     * @param verified instructions that the verifier looked at
     * @param translatedBytes length of the rewritten code
     * @param nativeBytes length of its machine code; 0 if it is interpreted
     */
    public record Figures(int verified, int translatedBytes, int nativeBytes) {}

    public Figures figures() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = info(arena);
            return new Figures(
                    info.get(ValueLayout.JAVA_INT, 216),
                    info.get(ValueLayout.JAVA_INT, 20),
                    info.get(ValueLayout.JAVA_INT, 16));
        }
    }

    /** The kernel's number for it, which maps of programs give back. */
    public int id() {
        try (Arena arena = Arena.ofConfined()) {
            return info(arena).get(ValueLayout.JAVA_INT, 4);
        }
    }

    private MemorySegment info(Arena arena) {
        MemorySegment info = arena.allocate(INFO_BYTES, 8);
        int result = Bpf.call(
                Command.OBJ_GET_INFO_BY_FD,
                new Attributes(arena)
                        .word(0, descriptor.number())
                        .word(4, INFO_BYTES)
                        .pointer(8, info));
        if (result < 0) {
            throw new IllegalStateException("no figures of a loaded program: " + KernelErrors.name(-result));
        }
        return info;
    }

    /** Whether the kernel's test run takes this frame: it must hold an Ethernet header, where frames are run on at all. */
    public boolean takes(ByteString frame) {
        return switch (feed()) {
            case NONE, BYTES -> true;
            case ETHERNET, NETWORK_HEADER -> frame.size() >= ETHERNET_HEADER;
        };
    }

    private ProgramType.Feed feed() {
        return program.type().map(ProgramType::feed).orElse(ProgramType.Feed.NONE);
    }

    /** Runs on a packet, as often as said: each repetition sees what the last one left. */
    public TestRun run(ByteString packet, int repeat) {
        return run(packet, ByteString.EMPTY, repeat);
    }

    /** Runs on a packet with a context that says more, as the kernel takes it; the context comes back. */
    public TestRun run(ByteString packet, ByteString context, int repeat) {
        return test(packet, context, repeat);
    }

    /** Runs on a raw context, for types that have one instead of a packet. */
    public TestRun runContext(ByteString context, int repeat) {
        return test(ByteString.EMPTY, context, repeat);
    }

    private TestRun test(ByteString packet, ByteString context, int repeat) {
        ProgramType type = program.type().orElseThrow();
        boolean packets = packet.size() > 0;
        // These two take a context and nothing else; what they make of it comes back where it was given.
        boolean bare = type == ProgramType.RAW_TRACEPOINT || type == ProgramType.SYSCALL;
        try (Arena arena = Arena.ofConfined()) {
            Attributes attributes = new Attributes(arena).word(0, descriptor.number());
            int room = packet.size() + GROWTH;
            MemorySegment output = arena.allocate(packets ? room : 1);
            if (packets) {
                attributes
                        .word(8, packet.size())
                        .word(12, room)
                        .bytes(16, packet)
                        .pointer(24, output);
            }
            if (!bare) {
                attributes.word(32, repeat);
            }
            MemorySegment contexts = arena.allocate(Math.max(context.size(), 1), 8);
            if (context.size() > 0) {
                MemorySegment.copy(MemorySegment.ofArray(context.toArray()), 0, contexts, 0, context.size());
                if (type == ProgramType.XDP
                        && context.size() >= 8
                        && contexts.get(ValueLayout.JAVA_INT, DATA_END) == 0) {
                    contexts.set(ValueLayout.JAVA_INT, DATA_END, packet.size());
                }
                attributes.word(40, context.size()).pointer(48, contexts);
                if (!bare) {
                    attributes.word(44, context.size()).pointer(56, contexts);
                }
            }
            int result = Bpf.call(Command.PROG_TEST_RUN, attributes);
            if (result < 0) {
                return new TestRun.Refused(-result);
            }
            int length = packets ? Math.min(attributes.word(12), room) : 0;
            int begins = feed() == ProgramType.Feed.NETWORK_HEADER ? Math.min(length, ETHERNET_HEADER) : 0;
            return new TestRun.Ran(
                    attributes.word(4),
                    ByteString.copyOf(output.asSlice(begins, length - begins).toArray(ValueLayout.JAVA_BYTE)),
                    ByteString.copyOf(contexts.asSlice(0, context.size()).toArray(ValueLayout.JAVA_BYTE)),
                    Integer.toUnsignedLong(attributes.word(36)));
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
