package dev.turnout.runtime.context;

import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextLayout;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Native memory for one run at a time: a place for one input, the stack, and the {@link ControlBlock}. Offsets from {@link
 * #address()} are constants, so that compiled code can use them. Which input a run works on is said by the control block: the
 * workspace's own, or one of {@link PreparedInputs}. Owned by whoever leased it; not thread-safe.
 */
public final class Workspace implements AutoCloseable {
    /** Where the context of the workspace's own input stands. */
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
    /**
     * Calls nest so deep: 16 frames in a program, and a tail call out of the deepest leaves 15 of them where they are, 33 times.
     */
    public static final int FRAMES = 512;
    /** The first byte of the stack: the frame called last lies lowest. */
    public static final int STACK = (PACKET_ROOM + HEADROOM + LONGEST_FRAME + TAILROOM + 4095) & -4096;
    /** Behind the last byte: what r10 of the main function holds. */
    public static final int STACK_END = STACK + FRAMES * FRAME;
    /** Where the {@link ControlBlock} stands: at the stack's end, so that its address is the first frame pointer too. */
    public static final int CONTROL = STACK_END;

    private static final int OWN_INPUT = CONTROL + ControlBlock.SIZE;
    /** Keys that walks over maps show where maps have none in memory: 8 bytes each, as many as calls may nest. */
    private static final int WALK_KEYS = CONTROL + 4096;

    /** All of it. */
    public static final int SIZE = WALK_KEYS + 8 * FRAMES;

    private final Mapping memory;
    private final long base;
    private final InputDescriptor own;

    private Workspace(Mapping memory) {
        this.memory = memory;
        this.base = memory.address();
        this.own = new InputDescriptor(base + OWN_INPUT);
        ownInput();
    }

    /** Empty if there is no memory below 4 GiB. */
    public static Optional<Workspace> create() {
        return Mapping.low(SIZE).map(Workspace::new);
    }

    public long address() {
        return base;
    }

    /** Address of the control block. */
    public long control() {
        return base + CONTROL;
    }

    /** Where a walk over a map may put its keys that began when {@code nesting} others were under way. */
    public long walkKey(int nesting) {
        return base + WALK_KEYS + 8L * Objects.checkIndex(nesting, FRAMES);
    }

    /** Whether all of these bytes are keys of walks. */
    public boolean inWalkKeys(long address, long bytes) {
        return address >= base + WALK_KEYS && bytes >= 0 && address <= base + SIZE - bytes;
    }

    // The input.

    /** The input that is run on. */
    public InputDescriptor input() {
        return new InputDescriptor(Memory.loadLong(control() + ControlBlock.INPUT));
    }

    /** Makes this the input that is run on. */
    public void present(InputDescriptor input) {
        Memory.storeLong(control() + ControlBlock.INPUT, input.address());
    }

    /** Makes the workspace's own input the present one, with no packet and empty memory. */
    public InputDescriptor ownInput() {
        present(InputDescriptor.place(
                own.address(), base + CONTEXT, base + PACKET_ROOM, base + PACKET_ROOM + HEADROOM));
        return own;
    }

    /**
     * Makes {@code bytes} the memory that the program is called with.
     *
     * @return false if they are more than {@link #CONTEXT_ROOM}
     */
    public boolean useMemory(MemorySegment bytes) {
        if (bytes.byteSize() > CONTEXT_ROOM) {
            return false;
        }
        ownInput().useMemory(bytes);
        return true;
    }

    /** Makes these bytes, wherever they lie, the memory that the program is called with; nothing is copied. */
    public void useMemoryAt(long address, long bytes) {
        present(own);
        own.useMemoryAt(address, bytes);
    }

    public long context() {
        return input().context();
    }

    /** Bytes of the present context: of raw memory its length, which may be 0. */
    public int contextSize() {
        return input().contextSize();
    }

    /** What the present context is; opaque for raw memory. */
    public ContextLayout layout() {
        return input().layout();
    }

    /** The bytes of the context as they stand. */
    public byte[] contextBytes() {
        return input().contextBytes();
    }

    /** First byte of the packet that the program sees; 0 if there is none. */
    public long data() {
        return input().data();
    }

    /** Behind its last byte. */
    public long dataEnd() {
        return input().dataEnd();
    }

    /** First byte of the metadata in front; {@link #data()} if there is none. */
    public long dataMeta() {
        return input().dataMeta();
    }

    /** Where the Ethernet header stands, which the program may not see. */
    public long macHeader() {
        return input().macHeader();
    }

    public long networkHeader() {
        return input().networkHeader();
    }

    /** First byte that the packet may be extended to. */
    public long hardStart() {
        return input().hardStart();
    }

    /** Behind the last byte that the packet may be extended to. */
    public long hardEnd() {
        return input().hardEnd();
    }

    /** The bytes of the packet as they stand, with the metadata in front of it, as Linux's test run gives them back. */
    public byte[] packet() {
        return input().packet();
    }

    /** Moves the packet's ends. */
    public void movePacket(long newMeta, long newData, long newEnd) {
        input().movePacket(newMeta, newData, newEnd);
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
