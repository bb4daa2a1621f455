package dev.turnout.runtime.context;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.MemorySegment;

/**
 * Many inputs, laid out once, so that a loop over them does nothing but run. Descriptors lie side by side from the front of one
 * piece of low memory; contexts and packets are put down from its back; it is full when they meet. What does not fit waits for
 * the next filling, so that a capture of any length takes bounded memory. Owned by one thread.
 *
 * <p>A packet has the room around it that Linux gives it only if the program may ask for it: a page for each would push short
 * packets out of the caches.
 */
public final class PreparedInputs implements AutoCloseable {
    /** Bytes that are taken at most. */
    public static final long ROOM = 16L << 20;

    private static final long LINE = 64;

    private final Mapping memory;
    private final boolean grows;
    private int count;
    private long end;

    /** What became of an input. */
    public enum Placed {
        READY,
        /** The program cannot be fed this one. */
        REFUSED,
        /** There is no more room: run on what is here, {@link #clear}, and try again. */
        FULL
    }

    private PreparedInputs(Mapping memory, boolean grows) {
        this.memory = memory;
        this.grows = grows;
        this.end = memory.address() + memory.size();
    }

    /**
     * Room for inputs.
     *
     * @param inputs how many there are to be
     * @param bytes that these have together
     * @param grows whether packets may be extended by the program
     * @throws IllegalStateException if there is no memory below 4 GiB
     */
    public static PreparedInputs of(long inputs, long bytes, boolean grows) {
        long each = InputDescriptor.SIZE + 256 + 2 * LINE + (grows ? Workspace.HEADROOM + PacketFeed.FRAME_ROOM : 0);
        long smallest = InputDescriptor.SIZE + Workspace.CONTEXT_ROOM + LINE;
        long room = Math.clamp(inputs * each + bytes, smallest, ROOM);
        return Mapping.low(room)
                .map(memory -> new PreparedInputs(memory, grows))
                .orElseThrow(() -> new IllegalStateException("there is no memory below 4 GiB for inputs"));
    }

    /** Inputs that are ready. */
    public int count() {
        return count;
    }

    /** The inputs that are ready lie from here on, {@link InputDescriptor#SIZE} bytes each. */
    public long address() {
        return memory.address();
    }

    public InputDescriptor input(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index + " of " + count + " inputs");
        }
        return at(index);
    }

    private InputDescriptor at(int index) {
        return new InputDescriptor(memory.address() + (long) index * InputDescriptor.SIZE);
    }

    /** Adds a frame, as {@link PacketFeed} feeds programs of this type. */
    public Placed addPacket(PacketFeed feed, ProgramType type, byte[] frame) {
        return addPacket(feed, type, frame, ByteString.EMPTY);
    }

    /** The same with what else is said of the context. */
    public Placed addPacket(PacketFeed feed, ProgramType type, byte[] frame, ByteString given) {
        if (frame.length > Workspace.LONGEST_FRAME) {
            return Placed.REFUSED;
        }
        // What metadata is given stands in the room in front of the frame, and who has that room has the other too.
        boolean roomy = grows || (given.size() > 0 && type.context() == ContextLayout.XDP_MD);
        long behind = roomy ? Math.max(0, InputDescriptor.room(type.context()) - Workspace.HEADROOM - frame.length) : 0;
        long start = (end - behind - frame.length) & -LINE;
        long hardStart = roomy ? start - Workspace.HEADROOM : start;
        long context = (hardStart - type.context().size() - attached(type.context())) & -LINE;
        if (!fits(context)) {
            return Placed.FULL;
        }
        if (!feed.feed(
                InputDescriptor.place(at(count).address(), context, hardStart, start),
                type,
                MemorySegment.ofArray(frame),
                given)) {
            return Placed.REFUSED;
        }
        return ready(context);
    }

    /** Room behind a context for what its pointers lead to. */
    private static int attached(ContextLayout layout) {
        return layout.isPlain() ? 0 : Math.max(AttachedSocket.SIZE, FlowKeys.SIZE) + 8;
    }

    /** Adds memory for a program that is called with it. */
    public Placed addMemory(byte[] bytes) {
        if (bytes.length > Workspace.CONTEXT_ROOM) {
            return Placed.REFUSED;
        }
        long context = (end - bytes.length) & -LINE;
        if (!fits(context)) {
            return Placed.FULL;
        }
        InputDescriptor.place(at(count).address(), context, context, context).useMemory(MemorySegment.ofArray(bytes));
        return ready(context);
    }

    /**
     * Adds a context that is no packet's.
     *
     * @param behind what its first field is made to lead to
     */
    public Placed addContext(PacketFeed feed, ProgramType type, ByteString given, ByteString behind) {
        long size = Math.max(given.size(), type.context().size());
        long room = size + attached(type.context()) + behind.size() + 8;
        if (room > Workspace.CONTEXT_ROOM) {
            return Placed.REFUSED;
        }
        long context = (end - room) & -LINE;
        if (!fits(context)) {
            return Placed.FULL;
        }
        InputDescriptor input = InputDescriptor.place(at(count).address(), context, context, context + room);
        return feed.feedContext(input, type, given, behind) ? ready(context) : Placed.REFUSED;
    }

    private boolean fits(long lowest) {
        return lowest >= at(count + 1).address();
    }

    private Placed ready(long lowest) {
        end = lowest;
        count++;
        return Placed.READY;
    }

    /** Forgets all inputs. */
    public void clear() {
        // A program that grows its packet sees what lies around it: zeros, and not the packets of the last filling.
        long top = memory.address() + memory.size();
        Memory.zero(end, top - end);
        end = top;
        count = 0;
    }

    @Override
    public void close() {
        memory.close();
    }
}
