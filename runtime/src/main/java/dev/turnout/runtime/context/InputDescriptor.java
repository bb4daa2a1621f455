package dev.turnout.runtime.context;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One input of a program, in native memory: where its context and its packet lie and how far the packet may grow. A slot has one
 * of its own in its {@link Workspace}; {@link PreparedInputs} has many. The {@link ControlBlock} of a slot says which is the
 * present one. Helpers change it while the program runs. Not thread-safe: the input belongs to whoever runs on it.
 *
 * @param address of the descriptor; the constants are offsets from it, in bytes; those that compiled code uses are below 128
 */
public record InputDescriptor(long address) {
    /** 64 bits: what r1 holds when the program begins: {@link #CONTEXT}, or 0 if the program was given no memory at all. */
    public static final int ARGUMENT = 0;
    /** 64 bits: bytes of the context, or of raw memory its length, which may be 0. What r2 holds of programs that take memory. */
    public static final int CONTEXT_SIZE = 8;
    /** 64 bits: r0 of the last run on this input, written by the loop that runs it. */
    public static final int RESULT = 16;
    /** 64 bits: address of the context. */
    public static final int CONTEXT = 24;
    /** 64 bits: first byte of the packet that the program sees, 0 if there is no packet. */
    public static final int DATA = 32;
    /** 64 bits: behind its last byte. */
    public static final int DATA_END = 40;
    /** 64 bits: first byte of the metadata in front of it; {@link #DATA} if there is none. */
    public static final int DATA_META = 48;
    /** 64 bits: where the Ethernet header stands, which the program may not see. */
    public static final int MAC_HEADER = 56;
    /** 64 bits: where the network header stands. */
    public static final int NETWORK_HEADER = 64;
    /** 64 bits: first byte that the packet may be extended to. */
    public static final int HARD_START = 72;
    /** 64 bits: behind the last byte that it may be extended to. */
    public static final int HARD_END = 80;
    /** 32 bits: the interface, CPU or queue that the run redirected the packet to, as {@link #REDIRECT_WAY} says. */
    public static final int REDIRECT = 88;
    /** 32 bits: which {@link ContextLayout}, by {@link #LAYOUTS}. */
    public static final int LAYOUT = 92;
    /** 64 bits: where a frame is put, with room for it behind and some in front. */
    public static final int FRAME = 96;
    /** 64 bits: address of what pointers in the context lead to, such as a socket. */
    public static final int ATTACHED = 104;
    /** 32 bits: bytes of it; 0 if there is none. */
    public static final int ATTACHED_SIZE = 112;
    /** 32 bits: bytes of the context that people gave and want to see again. */
    public static final int SHOWN = 116;
    /** 32 bits: by which key of a map. */
    public static final int REDIRECT_KEY = 120;
    /** 32 bits: in which way it was redirected, 0 if it was not; in the upper 24 bits the number of the map. */
    public static final int REDIRECT_WAY = 124;
    /** 32 bits: what helpers remember of a packet that its context does not show; 0 when it arrives. */
    public static final int STATE = 128;
    /** 32 bits: what the program has said that its caller is to return; 0 at first. */
    public static final int RETURNED = 132;
    /** Bytes of a descriptor, and distance of two that lie side by side: three cache lines, of which a run without helpers sees two. */
    public static final int SIZE = 192;

    /** The longest that programs may make a socket buffer: four pages, without what Linux keeps behind it. */
    public static final int LONGEST_BUFFER = 16_064;

    private static final long LONGEST_HEADERS = 64;

    private static final List<ContextLayout> LAYOUTS = List.of(ContextLayout.values());

    /** Where the contexts of {@link #LAYOUTS} hold the packet's ends: looked up once, since every packet asks. */
    private static final List<List<ContextField>> PACKET_FIELDS = LAYOUTS.stream()
            .map(layout -> layout.fields().stream()
                    .filter(field -> field.kind().isPacket())
                    .toList())
            .toList();

    private static final int TO_INTERFACE = 1;
    private static final int TO_INGRESS = 2;
    private static final int TO_PEER = 3;
    private static final int TO_NEIGHBOUR = 4;
    private static final int TO_ENTRY = 5;
    private static final int TO_ALL = 6;
    private static final int TO_OTHERS = 7;

    /** Says where things are to be put; the input is empty memory at first. */
    static InputDescriptor place(long address, long context, long hardStart, long frame) {
        InputDescriptor input = new InputDescriptor(address);
        input.set(CONTEXT, context);
        input.set(HARD_START, hardStart);
        input.set(FRAME, frame);
        input.useMemoryAt(context, 0);
        return input;
    }

    private long get(int field) {
        return Memory.loadLong(address + field);
    }

    private void set(int field, long value) {
        Memory.storeLong(address + field, value);
    }

    // The context.

    public long argument() {
        return get(ARGUMENT);
    }

    public long context() {
        return get(CONTEXT);
    }

    public int contextSize() {
        return (int) get(CONTEXT_SIZE);
    }

    public ContextLayout layout() {
        return LAYOUTS.get(Memory.loadInt(address + LAYOUT));
    }

    private void layout(ContextLayout layout) {
        Memory.storeInt(address + LAYOUT, LAYOUTS.indexOf(layout));
    }

    /** The bytes of the context that were given, as they stand. */
    public byte[] contextBytes() {
        return Memory.copyOut(context(), Memory.loadInt(address + SHOWN));
    }

    /**
     * The context as Linux's test run gives it back: numbers as they stand, no pointers. Of XDP the packet's ends are the length of the
     * metadata, and that with the packet.
     */
    public byte[] returnedContext() {
        if (layout() == ContextLayout.DISSECTED_SK_BUFF) {
            return new byte[FlowKeys.SIZE];
        }
        byte[] bytes = contextBytes();
        for (ContextField field : layout().fields()) {
            if (!field.kind().isNumber() && field.offset() + field.bytes() <= bytes.length) {
                long value = layout() != ContextLayout.XDP_MD
                        ? 0
                        : switch (field.kind()) {
                            case PACKET -> data() - dataMeta();
                            case PACKET_END -> dataEnd() - dataMeta();
                            default -> 0; // XDP has no other pointers.
                        };
                for (int i = 0; i < field.bytes(); i++) {
                    bytes[field.offset() + i] = (byte) (value >> (8 * i));
                }
            }
        }
        return bytes;
    }

    /** What the run left, for people to look at: the packet if there is one, what a flow dissector found, else the context. */
    public byte[] output() {
        if (layout() == ContextLayout.DISSECTED_SK_BUFF) {
            return FlowKeys.result(this);
        }
        return data() != 0 ? packet() : contextBytes();
    }

    /** Address of what pointers in the context lead to. */
    public long attached() {
        return get(ATTACHED);
    }

    /** Bytes of it; 0 if there is none. */
    public int attachedSize() {
        return Memory.loadInt(address + ATTACHED_SIZE);
    }

    /** Makes room behind the context, of zeros; the caller knows that there is so much. */
    long attach(long bytes) {
        long at = (context() + contextSize() + 7) & -8L;
        set(ATTACHED, at);
        Memory.storeInt(address + ATTACHED_SIZE, (int) bytes);
        Memory.zero(at, bytes);
        return at;
    }

    /** Memory for {@code exec}: r1 is its address, or 0 if there is none of it. */
    void useMemoryAt(long context, long bytes) {
        set(CONTEXT, context);
        set(ARGUMENT, bytes == 0 ? 0 : context);
        set(CONTEXT_SIZE, bytes);
        set(DATA, 0);
        set(DATA_END, 0);
        set(DATA_META, 0);
        set(MAC_HEADER, 0);
        set(NETWORK_HEADER, 0);
        set(HARD_END, 0);
        redirect(new Redirection.None());
        set(STATE, 0);
        Memory.storeInt(address + ATTACHED_SIZE, 0);
        Memory.storeInt(address + SHOWN, (int) bytes);
        layout(ContextLayout.OPAQUE);
    }

    /** Copies memory for {@code exec} to where the context lies; the caller knows that there is room. */
    void useMemory(MemorySegment bytes) {
        useMemoryAt(context(), bytes.byteSize());
        Memory.copyIn(bytes, context());
    }

    /**
     * The same for a context that is no packet's: a pointer that is never null, even to nothing. What the program may read behind the
     * bytes that were given is zeros.
     *
     * @param behind what the first field is made to lead to; nothing if it is empty
     */
    void useRawContext(MemorySegment bytes, ContextLayout layout, MemorySegment behind) {
        useMemory(bytes);
        long missing = layout.size() - bytes.byteSize();
        if (missing > 0) {
            Memory.zero(context() + bytes.byteSize(), missing);
            set(CONTEXT_SIZE, layout.size());
        }
        set(ARGUMENT, context());
        layout(layout);
        if (behind.byteSize() > 0) {
            long at = attach(behind.byteSize());
            Memory.copyIn(behind, at);
            Memory.storeLong(context(), at);
        }
    }

    void useLayout(ContextLayout layout) {
        useMemoryAt(context(), layout.size());
        set(ARGUMENT, context());
        layout(layout);
        Memory.zero(context(), layout.size());
    }

    /** Sets a field of the context, by its name in the kernel's header. */
    void field(String name, long value) {
        field(layout().field(name).orElseThrow(), value);
    }

    /** The same for a field that was looked up. */
    void field(ContextField field, long value) {
        Memory.store(context() + field.offset(), field.bytes(), value);
    }

    // The packet.

    /** What a packet that may grow takes of memory, with the room in front. */
    static int room(ContextLayout layout) {
        return layout == ContextLayout.SK_BUFF ? Workspace.HEADROOM + LONGEST_BUFFER : PacketFeed.FRAME_ROOM;
    }

    /**
     * Puts a frame into its place and says what the program sees of it.
     *
     * @param begins offset in the frame
     * @param ends likewise
     */
    void usePacket(MemorySegment frame, int begins, int ends) {
        long start = get(FRAME);
        Memory.copyIn(frame, start);
        set(MAC_HEADER, start);
        set(NETWORK_HEADER, start + Math.min(frame.byteSize(), EthernetFrame.HEADER));
        // As in Linux: a page a frame, of which the end is reserved; longer frames have no room behind them.
        long end = start + ends;
        long hardEnd = start == hardStart() ? end : Math.max(hardStart() + room(layout()), end);
        set(HARD_END, hardEnd);
        // Helpers that move a short packet's headers may move what is behind it too: no other packet's bytes.
        Memory.zero(end, Math.min(LONGEST_HEADERS, hardEnd - end));
        movePacket(start + begins, start + begins, end);
    }

    /**
     * The same for a frame that metadata stands in front of, which goes into the room in front.
     *
     * @param meta bytes of it
     */
    void usePacketBehind(MemorySegment metaAndFrame, int meta, int ends) {
        usePacket(metaAndFrame.asSlice(meta), 0, ends - meta);
        Memory.copyIn(metaAndFrame.asSlice(0, meta), data() - meta);
        movePacket(data() - meta, data(), dataEnd());
    }

    /** Puts bytes into the packet's place that belong to no frame. */
    void useBytes(MemorySegment bytes) {
        long start = get(FRAME);
        Memory.copyIn(bytes, start);
        set(MAC_HEADER, start);
        set(NETWORK_HEADER, start);
        set(HARD_END, start + bytes.byteSize());
        movePacket(start, start, start + bytes.byteSize());
    }

    public long data() {
        return get(DATA);
    }

    public long dataEnd() {
        return get(DATA_END);
    }

    public long dataMeta() {
        return get(DATA_META);
    }

    public long macHeader() {
        return get(MAC_HEADER);
    }

    public long networkHeader() {
        return get(NETWORK_HEADER);
    }

    /** Says anew where the headers stand. */
    public void headers(long mac, long network) {
        set(MAC_HEADER, mac);
        set(NETWORK_HEADER, network);
    }

    /** Bits that are the helpers' own. */
    public int state() {
        return Memory.loadInt(address + STATE);
    }

    public void state(int bits) {
        Memory.storeInt(address + STATE, bits);
    }

    /** What the program has said that its caller is to return. */
    public int returned() {
        return Memory.loadInt(address + RETURNED);
    }

    public void returned(int value) {
        Memory.storeInt(address + RETURNED, value);
    }

    public long hardStart() {
        return get(HARD_START);
    }

    public long hardEnd() {
        return get(HARD_END);
    }

    /** The bytes of the packet as they stand, with the metadata in front of it, as Linux's test run gives them back. */
    public byte[] packet() {
        return Memory.copyOut(dataMeta(), (int) (dataEnd() - dataMeta()));
    }

    /** Moves the packet's ends, in the descriptor and in the context. */
    public void movePacket(long newMeta, long newData, long newEnd) {
        set(DATA_META, newMeta);
        set(DATA, newData);
        set(DATA_END, newEnd);
        for (ContextField field : PACKET_FIELDS.get(Memory.loadInt(address + LAYOUT))) {
            field(
                    field,
                    switch (field.kind()) {
                        case PACKET -> newData;
                        case PACKET_END -> newEnd;
                        case PACKET_META -> newMeta;
                        case SCALAR, BYTES, PADDING, SOCKET, SOCKET_OR_NULL, SOCKET_COMMON_OR_NULL ->
                            throw new IllegalStateException(field + " is no end of a packet");
                        case FLOW_KEYS, TRACE_BUFFER, KERNEL_OBJECT ->
                            throw new IllegalStateException(field + " is no end of a packet");
                    });
        }
    }

    /** Where the packet goes on, as the last helper call that said something about it left it. */
    public Redirection redirection() {
        int target = Memory.loadInt(address + REDIRECT);
        int key = Memory.loadInt(address + REDIRECT_KEY);
        int way = Memory.loadInt(address + REDIRECT_WAY);
        int map = way >>> 8;
        return switch (way & 0xff) {
            case TO_INTERFACE -> new Redirection.Interface(target, false);
            case TO_INGRESS -> new Redirection.Interface(target, true);
            case TO_PEER -> new Redirection.Peer(target);
            case TO_NEIGHBOUR -> new Redirection.Neighbour(target);
            case TO_ENTRY -> new Redirection.Entry(map, key, target);
            case TO_ALL -> new Redirection.Broadcast(map, false);
            case TO_OTHERS -> new Redirection.Broadcast(map, true);
            default -> new Redirection.None();
        };
    }

    public void redirect(Redirection to) {
        switch (to) {
            case Redirection.None _ -> redirect(0, 0, 0, 0);
            case Redirection.Interface(int index, boolean ingress) ->
                redirect(ingress ? TO_INGRESS : TO_INTERFACE, 0, 0, index);
            case Redirection.Peer(int index) -> redirect(TO_PEER, 0, 0, index);
            case Redirection.Neighbour(int index) -> redirect(TO_NEIGHBOUR, 0, 0, index);
            case Redirection.Entry(int map, int key, int target) -> redirect(TO_ENTRY, map, key, target);
            case Redirection.Broadcast(int map, boolean exceptOrigin) ->
                redirect(exceptOrigin ? TO_OTHERS : TO_ALL, map, 0, 0);
        }
    }

    private void redirect(int way, int map, int key, int target) {
        Memory.storeInt(address + REDIRECT, target);
        Memory.storeInt(address + REDIRECT_KEY, key);
        Memory.storeInt(address + REDIRECT_WAY, map << 8 | way);
    }

    // The loop.

    public long result() {
        return get(RESULT);
    }

    public void result(long value) {
        set(RESULT, value);
    }
}
