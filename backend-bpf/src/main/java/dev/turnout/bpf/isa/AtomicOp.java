package dev.turnout.bpf.isa;

/** An indivisible access. RFC 9669, section 5.3; the last two from Linux 6.15 on. */
public enum AtomicOp {
    ADD(0x00),
    OR(0x40),
    AND(0x50),
    XOR(0xa0),
    FETCH_ADD(0x01),
    FETCH_OR(0x41),
    FETCH_AND(0x51),
    FETCH_XOR(0xa1),
    /** The value register and memory change places. */
    XCHG(0xe1),
    /** If memory equals r0 it becomes the value register; r0 becomes what memory was. */
    CMPXCHG(0xf1),
    LOAD_ACQUIRE(0x100),
    STORE_RELEASE(0x110);

    private final int code;

    AtomicOp(int code) {
        this.code = code;
    }

    /** What the immediate field holds. */
    public int code() {
        return code;
    }

    /** What memory becomes; not for the loads, stores and exchanges. */
    public <V> V combine(Algebra<V> on, Width width, V memory, V value) {
        return switch (this) {
            case ADD, FETCH_ADD -> on.add(width, memory, value);
            case OR, FETCH_OR -> on.or(width, memory, value);
            case AND, FETCH_AND -> on.and(width, memory, value);
            case XOR, FETCH_XOR -> on.xor(width, memory, value);
            case XCHG, STORE_RELEASE -> value;
            case CMPXCHG, LOAD_ACQUIRE -> throw new IllegalStateException(this + " does not combine");
        };
    }

    /** Whether the old content of memory goes into the value register. */
    public boolean fetches() {
        return switch (this) {
            case FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR, XCHG -> true;
            case ADD, OR, AND, XOR, CMPXCHG, LOAD_ACQUIRE, STORE_RELEASE -> false;
        };
    }
}
