package dev.turnout.runtime.context;

import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import java.util.Optional;

/**
 * Native memory for one run at a time: context, packet, stack. Offsets from {@link #address()} are constants, so that compiled
 * code can use them. Owned by whoever leased it; not thread-safe.
 */
public final class Workspace implements AutoCloseable {
    /** Where the context stands. */
    public static final int CONTEXT = 0;
    /** Bytes that a context, or the memory given to {@code exec}, may take. */
    public static final int CONTEXT_ROOM = 1 << 17;
    /** The first byte that a packet may reach to at its front. */
    public static final int PACKET_ROOM = CONTEXT + CONTEXT_ROOM;
    /** Bytes in front of a packet, as in Linux. */
    public static final int HEADROOM = 256;
    /** The longest frame. */
    public static final int LONGEST_FRAME = 65_535;
    /** Bytes behind the longest frame. */
    public static final int TAILROOM = 4096;
    /** Bytes of a frame of the stack. */
    public static final int FRAME = 512;
    /** Calls nest so deep. */
    public static final int FRAMES = 16;
    /** The first byte of the stack: the frame called last lies lowest. */
    public static final int STACK = (PACKET_ROOM + HEADROOM + LONGEST_FRAME + TAILROOM + 4095) & -4096;
    /** Behind the last byte: what r10 of the main function holds. */
    public static final int STACK_END = STACK + FRAMES * FRAME;
    /** All of it. */
    public static final int SIZE = STACK_END;

    private final Mapping memory;
    private final long base;

    private ContextLayout layout = ContextLayout.OPAQUE;
    private int contextSize;
    private long data;
    private long dataEnd;
    private long dataMeta;
    private long macHeader;
    private long networkHeader;
    private long hardEnd;
    private int redirectTarget = -1;

    private Workspace(Mapping memory) {
        this.memory = memory;
        this.base = memory.address();
    }

    /** Empty if there is no memory below 4 GiB. */
    public static Optional<Workspace> create() {
        return Mapping.low(SIZE).map(Workspace::new);
    }

    public long address() {
        return base;
    }

    // The context.

    public long context() {
        return base + CONTEXT;
    }

    /** Bytes of the present context: of raw memory its length, which may be 0. */
    public int contextSize() {
        return contextSize;
    }

    /** What the present context is; opaque for raw memory. */
    public ContextLayout layout() {
        return layout;
    }

    /**
     * Makes {@code bytes} the context: one whose fields have no rows, or memory given to {@code exec}.
     *
     * @return false if they are more than {@link #CONTEXT_ROOM}
     */
    public boolean useMemory(byte[] bytes) {
        if (bytes.length > CONTEXT_ROOM) {
            return false;
        }
        useNothing();
        Memory.copyIn(bytes, context());
        contextSize = bytes.length;
        return true;
    }

    /** The bytes of the context as they stand. */
    public byte[] contextBytes() {
        return Memory.copyOut(context(), contextSize);
    }

    private void useNothing() {
        layout = ContextLayout.OPAQUE;
        contextSize = 0;
        data = 0;
        dataEnd = 0;
        dataMeta = 0;
        macHeader = 0;
        networkHeader = 0;
        hardEnd = 0;
        redirectTarget = -1;
    }

    void useLayout(ContextLayout layout) {
        useNothing();
        this.layout = layout;
        this.contextSize = layout.size();
        Memory.zero(context(), contextSize);
    }

    /** Sets a field of the context, by its name in the kernel's header. */
    void field(String name, long value) {
        ContextField field = layout.field(name).orElseThrow();
        Memory.store(context() + field.offset(), field.bytes(), value);
    }

    // The packet.

    /**
     * Puts a frame into its place and says what the program sees of it.
     *
     * @param begins offset in the frame
     * @param ends likewise
     */
    void usePacket(byte[] frame, int begins, int ends) {
        long start = hardStart() + HEADROOM;
        Memory.copyIn(frame, start);
        macHeader = start;
        networkHeader = start + Math.min(frame.length, EthernetFrame.HEADER);
        data = start + begins;
        dataMeta = data;
        dataEnd = start + ends;
        // As in Linux: a page a frame, of which the end is reserved; longer frames have no room behind them.
        hardEnd = Math.max(hardStart() + 4096 - 320, dataEnd);
        publish();
    }

    /** First byte of the packet that the program sees; 0 if there is none. */
    public long data() {
        return data;
    }

    /** Behind its last byte. */
    public long dataEnd() {
        return dataEnd;
    }

    /** First byte of the metadata in front; {@link #data()} if there is none. */
    public long dataMeta() {
        return dataMeta;
    }

    /** Where the Ethernet header stands, which the program may not see. */
    public long macHeader() {
        return macHeader;
    }

    public long networkHeader() {
        return networkHeader;
    }

    /** First byte that the packet may be extended to. */
    public long hardStart() {
        return base + PACKET_ROOM;
    }

    /** Behind the last byte that the packet may be extended to. */
    public long hardEnd() {
        return hardEnd;
    }

    /** The bytes of the packet as they stand, with the metadata in front of it, as Linux's test run gives them back. */
    public byte[] packet() {
        return Memory.copyOut(dataMeta, (int) (dataEnd - dataMeta));
    }

    /** Moves the packet's ends. */
    public void movePacket(long newMeta, long newData, long newEnd) {
        dataMeta = newMeta;
        data = newData;
        dataEnd = newEnd;
        publish();
    }

    /** Writes the packet's ends into the context. */
    private void publish() {
        switch (layout) {
            case XDP_MD, SK_BUFF -> {
                field("data", data);
                field("data_end", dataEnd);
                field("data_meta", dataMeta);
            }
            case OPAQUE -> {}
        }
    }

    /** Where the run redirected the packet to: an interface, or -1. */
    public int redirectTarget() {
        return redirectTarget;
    }

    public void redirectTo(int target) {
        redirectTarget = target;
    }

    // The stack.

    /** What r10 holds in the frame at {@code depth}, the main function's being 0. */
    public long framePointer(int depth) {
        return base + STACK_END - (long) depth * FRAME;
    }

    @Override
    public void close() {
        memory.close();
    }
}
