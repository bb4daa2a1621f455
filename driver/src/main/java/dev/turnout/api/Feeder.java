package dev.turnout.api;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Puts inputs of a program into the workspace of a slot. */
final class Feeder {
    private static final PacketFeed FEED = new PacketFeed(false);

    private final BpfProgram program;
    private final Workspace workspace;

    Feeder(RunnableProgram runnable, CpuSlots.Lease slot) {
        this.program = runnable.program();
        this.workspace = slot.workspace();
    }

    static boolean takesPackets(BpfProgram program) {
        return program.type()
                .filter(type -> type.feed() != ProgramType.Feed.NONE)
                .isPresent();
    }

    /** @throws IllegalArgumentException if it cannot be fed */
    void feed(MemorySegment input) {
        feed(input, MemorySegment.ofArray(new byte[0]));
    }

    /** @throws IllegalArgumentException if it cannot be fed, or a context is given beside what is none's packet */
    void feed(MemorySegment input, MemorySegment context) {
        if (context.byteSize() > 0 && !takesPackets(program)) {
            throw new IllegalArgumentException("`" + program.name() + "` takes no packet beside its context");
        }
        switch (program.entry()) {
            case BpfProgram.Entry.Memory(long bytes) -> {
                if (input.byteSize() != bytes) {
                    throw new IllegalArgumentException(
                            "a memory of " + input.byteSize() + " bytes: the program was proven for " + bytes);
                }
                demand(
                        bytes <= Workspace.CONTEXT_ROOM && workspace.useMemory(input),
                        input,
                        "at most " + Workspace.CONTEXT_ROOM + " can be fed");
            }
            case BpfProgram.Entry.Context(ProgramType type) -> {
                if (type.feed() != ProgramType.Feed.NONE) {
                    packet(type, input, context);
                } else {
                    demand(
                            input.byteSize() <= Workspace.CONTEXT_ROOM
                                    && FEED.feedContext(workspace, type, copy(input), ByteString.EMPTY),
                            input,
                            "a context has at most " + Workspace.CONTEXT_ROOM);
                }
            }
        }
    }

    private static ByteString copy(MemorySegment input) {
        return ByteString.copyOf(input.toArray(ValueLayout.JAVA_BYTE));
    }

    private void packet(ProgramType type, MemorySegment input, MemorySegment context) {
        demand(input.byteSize() <= Workspace.LONGEST_FRAME, input, "the longest packet has " + Workspace.LONGEST_FRAME);
        demand(
                FEED.feed(workspace, type, input, copy(context)),
                input,
                context.byteSize() == 0
                        ? "too short a packet for `" + type.word() + "` programs"
                        : "`" + type.word() + "` programs cannot be fed it with this context");
    }

    private static void demand(boolean fed, MemorySegment input, String otherwise) {
        if (!fed) {
            throw new IllegalArgumentException("an input of " + input.byteSize() + " bytes: " + otherwise);
        }
    }

    /** A copy of the packet, or of the memory, as it stands. */
    byte[] output() {
        return workspace.data() != 0 ? workspace.packet() : workspace.contextBytes();
    }

    /** A copy of the context as it stands; empty if there is none. */
    byte[] context() {
        return program.type().isEmpty() ? new byte[0] : workspace.input().returnedContext();
    }

    long outputAddress() {
        return workspace.data() != 0 ? workspace.dataMeta() : workspace.context();
    }

    long outputSize() {
        return workspace.data() != 0 ? workspace.dataEnd() - workspace.dataMeta() : workspace.contextSize();
    }
}
