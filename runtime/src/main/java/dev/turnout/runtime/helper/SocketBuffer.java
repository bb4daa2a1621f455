package dev.turnout.runtime.helper;

import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;

/**
 * The buffer that a program of Linux's {@code __sk_buff} runs on: its bytes with room around them, where its headers stand, and what its
 * context says of it. All of a buffer is in one piece.
 */
record SocketBuffer(InputDescriptor input) {
    /** The longest that a program may make a buffer: what Linux allocates at most without asking for more than a few pages. */
    static final int LONGEST = InputDescriptor.LONGEST_BUFFER;

    static final ContextField PACKET_TYPE = field("pkt_type");
    static final ContextField PROTOCOL = field("protocol");
    static final ContextField HASH = field("hash");
    static final ContextField VLAN_PRESENT = field("vlan_present");
    static final ContextField VLAN_TCI = field("vlan_tci");
    static final ContextField VLAN_PROTOCOL = field("vlan_proto");
    static final ContextField TIME = field("tstamp");
    static final ContextField TIME_TYPE = field("tstamp_type");
    private static final ContextField LENGTH = field("len");
    private static final ContextField SEGMENT_SIZE = field("gso_size");

    /** What {@link InputDescriptor#state} holds: something wraps the packet. */
    private static final int ENCAPSULATED = 1;
    /** Somebody has set or computed the hash. */
    private static final int HASHED = 2;
    /** Somebody has measured the Ethernet header with its tags. */
    private static final int MEASURED = 4;
    /** It goes into a tunnel that the program has named. */
    private static final int TUNNELLED = 8;
    /** How many checksums in a row are known to be right, of three bits. */
    private static final int CHECKSUMS_SHIFT = 4;

    private static final int CHECKSUMS = 7;
    /** Nothing, or how far the transport header is from the room's start. */
    private static final int TRANSPORT_SHIFT = 16;

    private static final int MOST_CHECKSUMS = 4;

    static SocketBuffer of(CallSite site) {
        return new SocketBuffer(site.workspace().input());
    }

    private static ContextField field(String name) {
        return ContextLayout.SK_BUFF.field(name).orElseThrow();
    }

    long get(ContextField field) {
        return Memory.load(input.context() + field.offset(), field.bytes());
    }

    void set(ContextField field, long value) {
        Memory.store(input.context() + field.offset(), field.bytes(), value);
    }

    int length() {
        return (int) (input.dataEnd() - input.data());
    }

    /** In host order. */
    int protocol() {
        return Short.reverseBytes((short) get(PROTOCOL)) & 0xffff;
    }

    void protocol(int protocol) {
        set(PROTOCOL, Short.reverseBytes((short) protocol) & 0xffff);
    }

    /** Whether it is to be sent in segments. */
    boolean isSegmented() {
        return get(SEGMENT_SIZE) != 0;
    }

    // Where headers stand.

    /** Bytes from the first byte to the network header; below 0 if that is in front of it. */
    int networkOffset() {
        return (int) (input.networkHeader() - input.data());
    }

    /** Bytes of the Ethernet header. */
    int macLength() {
        return (int) (input.networkHeader() - input.macHeader());
    }

    /** Remembers that the Ethernet header, tags and all, is what lies in front of the network header now. */
    void measure() {
        input.state(input.state() | MEASURED);
    }

    /** Bytes up to the first tag in the packet, if there is one. */
    int firstTag() {
        return (input.state() & MEASURED) != 0 ? macLength() - 4 : 14;
    }

    boolean isEncapsulated() {
        return (input.state() & ENCAPSULATED) != 0;
    }

    /** Bytes from the first byte to the transport header; 0 if nobody has said where that is. */
    int transportOffset() {
        int place = input.state() >>> TRANSPORT_SHIFT;
        return place == 0 ? 0 : (int) (input.hardStart() + place - input.data());
    }

    /** Notes that headers were put in front: the network header is where the first of them is. */
    void encapsulate(int macLength) {
        input.state(input.state() | ENCAPSULATED);
        input.headers(input.macHeader(), input.data() + macLength);
    }

    void transportAt(int offset) {
        long place = input.data() + offset - input.hardStart();
        input.state((input.state() & 0xffff) | (int) place << TRANSPORT_SHIFT);
    }

    void intoTunnel() {
        input.state(input.state() | TUNNELLED);
    }

    boolean goesIntoTunnel() {
        return (input.state() & TUNNELLED) != 0;
    }

    // The hash.

    void hash(int value) {
        set(HASH, Integer.toUnsignedLong(value));
        input.state(input.state() | HASHED);
    }

    void clearHash() {
        set(HASH, 0);
        input.state(input.state() & ~HASHED);
    }

    boolean isHashed() {
        return (input.state() & HASHED) != 0;
    }

    // Checksums that nobody need look at again.

    /** How many in a row are right; 0 if that is not known. */
    int checksums() {
        return input.state() >> CHECKSUMS_SHIFT & CHECKSUMS;
    }

    void checksums(int known) {
        int kept = Math.clamp(known, 0, MOST_CHECKSUMS);
        input.state((input.state() & ~(CHECKSUMS << CHECKSUMS_SHIFT)) | kept << CHECKSUMS_SHIFT);
    }

    // Bytes.

    /** Bytes from the first on, in network order. */
    int half(int offset) {
        return Short.reverseBytes(Memory.loadShort(input.data() + offset)) & 0xffff;
    }

    void half(int offset, int value) {
        Memory.storeShort(input.data() + offset, Short.reverseBytes((short) value));
    }

    /**
     * Makes room of zeros behind the first {@code offset} bytes, which move forward. Of a packet that is shorter, what is missing is
     * what was cut off it, or zeros.
     *
     * @return false if there is no memory for it
     */
    boolean push(int offset, int bytes) {
        if (!hasRoomInFront(bytes)) {
            return false;
        }
        long meta = input.dataMeta();
        long data = input.data();
        Memory.copy(meta, meta - bytes, data + offset - meta);
        Memory.zero(data - bytes + offset, bytes);
        move(meta - bytes, data - bytes, input.dataEnd());
        return true;
    }

    /** Removes bytes behind the first {@code offset}, which move back; all of them are there. */
    void pop(int offset, int bytes) {
        long meta = input.dataMeta();
        long data = input.data();
        Memory.copy(meta, meta + bytes, data + offset - meta);
        move(meta + bytes, data + bytes, input.dataEnd());
    }

    /** Moves both headers: forward by so many bytes, or back. */
    void moveHeaders(int bytes) {
        input.headers(input.macHeader() + bytes, input.networkHeader() + bytes);
    }

    /**
     * Sets the length; what comes to be is zeros.
     *
     * @return false if there is no memory for it
     */
    boolean resize(int length) {
        int more = length - length();
        if (more > 0 && !hasRoomBehind(more)) {
            return false;
        }
        if (more > 0) {
            Memory.zero(input.dataEnd(), more);
        }
        move(input.dataMeta(), input.data(), input.data() + length);
        return true;
    }

    private void move(long meta, long data, long end) {
        input.movePacket(meta, data, end);
        set(LENGTH, end - data);
    }

    /** There is, or the packet moves: Linux would take other memory. */
    private boolean hasRoomInFront(int bytes) {
        long missing = input.hardStart() - (front() - bytes);
        return missing <= 0 || (missing <= input.hardEnd() - input.dataEnd() && shift(missing));
    }

    private boolean hasRoomBehind(int bytes) {
        long missing = input.dataEnd() + bytes - input.hardEnd();
        return missing <= 0 || (missing <= front() - input.hardStart() && shift(-missing));
    }

    /** The first byte that belongs to the packet: of one that begins at its network header, the Ethernet header's. */
    private long front() {
        return Math.min(input.dataMeta(), input.macHeader());
    }

    private boolean shift(long by) {
        long front = front();
        Memory.copy(front, front + by, input.dataEnd() - front);
        int transport = transportOffset();
        input.movePacket(input.dataMeta() + by, input.data() + by, input.dataEnd() + by);
        input.headers(input.macHeader() + by, input.networkHeader() + by);
        if (transport != 0) {
            transportAt(transport);
        }
        return true;
    }
}
