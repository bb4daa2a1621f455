package dev.turnout.runtime.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Access to absolute addresses, little endian, without any check: a wrong address ends the process. Plain accesses need no
 * alignment; ordered and read-modify-write ones need the natural one, or throw {@link IllegalArgumentException}.
 */
public final class Memory {
    /** The whole address space. */
    @SuppressWarnings("restricted") // Registers of programs hold addresses; who uses this class has checked them.
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle SHORT = ValueLayout.JAVA_SHORT.varHandle();
    private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();

    private Memory() {}

    public static byte loadByte(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    public static short loadShort(long address) {
        return ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    }

    public static int loadInt(long address) {
        return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    public static long loadLong(long address) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    public static void storeByte(long address, byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    public static void storeShort(long address, short value) {
        ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, value);
    }

    public static void storeInt(long address, int value) {
        ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
    }

    public static void storeLong(long address, long value) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    /** The 1, 2, 4 or 8 bytes at {@code address}, zero-extended. */
    public static long load(long address, int bytes) {
        return switch (bytes) {
            case 1 -> loadByte(address) & 0xffL;
            case 2 -> loadShort(address) & 0xffffL;
            case 4 -> loadInt(address) & 0xffff_ffffL;
            case 8 -> loadLong(address);
            default -> throw new IllegalArgumentException("no access of " + bytes + " bytes");
        };
    }

    /** Stores the lowest 1, 2, 4 or 8 bytes of {@code value}. */
    public static void store(long address, int bytes, long value) {
        switch (bytes) {
            case 1 -> storeByte(address, (byte) value);
            case 2 -> storeShort(address, (short) value);
            case 4 -> storeInt(address, (int) value);
            case 8 -> storeLong(address, value);
            default -> throw new IllegalArgumentException("no access of " + bytes + " bytes");
        }
    }

    /** Like {@link #load}; what the storing thread wrote before its release is seen after it. */
    public static long loadAcquire(long address, int bytes) {
        return switch (bytes) {
            case 1 -> (byte) BYTE.getAcquire(ALL, address) & 0xffL;
            case 2 -> (short) SHORT.getAcquire(ALL, address) & 0xffffL;
            case 4 -> (int) INT.getAcquire(ALL, address) & 0xffff_ffffL;
            case 8 -> (long) LONG.getAcquire(ALL, address);
            default -> throw new IllegalArgumentException("no access of " + bytes + " bytes");
        };
    }

    /** Like {@link #store}; what this thread wrote before it is seen by whoever loads the value with acquire. */
    public static void storeRelease(long address, int bytes, long value) {
        switch (bytes) {
            case 1 -> BYTE.setRelease(ALL, address, (byte) value);
            case 2 -> SHORT.setRelease(ALL, address, (short) value);
            case 4 -> INT.setRelease(ALL, address, (int) value);
            case 8 -> LONG.setRelease(ALL, address, value);
            default -> throw new IllegalArgumentException("no access of " + bytes + " bytes");
        }
    }

    public static boolean compareAndSetInt(long address, int expected, int value) {
        return INT.compareAndSet(ALL, address, expected, value);
    }

    public static boolean compareAndSetLong(long address, long expected, long value) {
        return LONG.compareAndSet(ALL, address, expected, value);
    }

    /** What the int was; it is {@code value} now if that was {@code expected}. */
    public static int compareAndExchangeInt(long address, int expected, int value) {
        return (int) INT.compareAndExchange(ALL, address, expected, value);
    }

    /** What the long was; it is {@code value} now if that was {@code expected}. */
    public static long compareAndExchangeLong(long address, long expected, long value) {
        return (long) LONG.compareAndExchange(ALL, address, expected, value);
    }

    /** What the int was before {@code delta} was added. */
    public static int addInt(long address, int delta) {
        return (int) INT.getAndAdd(ALL, address, delta);
    }

    /** What the int was; it is {@code value} now. */
    public static int exchangeInt(long address, int value) {
        return (int) INT.getAndSet(ALL, address, value);
    }

    /** What the long was before the bits were set. */
    public static long orLong(long address, long bits) {
        return (long) LONG.getAndBitwiseOr(ALL, address, bits);
    }

    public static int loadIntVolatile(long address) {
        return (int) INT.getVolatile(ALL, address);
    }

    public static void storeIntVolatile(long address, int value) {
        INT.setVolatile(ALL, address, value);
    }

    public static long loadLongVolatile(long address) {
        return (long) LONG.getVolatile(ALL, address);
    }

    public static void storeLongVolatile(long address, long value) {
        LONG.setVolatile(ALL, address, value);
    }

    /** What this thread loaded before it loaded before what it loads after. */
    public static void loadFence() {
        VarHandle.loadLoadFence();
    }

    /** Copies as if through a buffer: the ranges may overlap. Eight bytes go in one piece: most values of maps are that long. */
    public static void copy(long from, long to, long bytes) {
        if (bytes == Long.BYTES) {
            storeLong(to, loadLong(from));
        } else if (bytes == Integer.BYTES) {
            storeInt(to, loadInt(from));
        } else {
            MemorySegment.copy(ALL, from, ALL, to, bytes);
        }
    }

    public static void copyIn(byte[] from, long to) {
        MemorySegment.copy(from, 0, ALL, ValueLayout.JAVA_BYTE, to, from.length);
    }

    public static void copyIn(MemorySegment from, long to) {
        MemorySegment.copy(from, 0, ALL, to, from.byteSize());
    }

    public static byte[] copyOut(long from, int bytes) {
        byte[] out = new byte[bytes];
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from, out, 0, bytes);
        return out;
    }

    public static void zero(long address, long bytes) {
        if (bytes == Long.BYTES) {
            storeLong(address, 0);
            return;
        }
        ALL.asSlice(address, bytes).fill((byte) 0);
    }

    public static boolean same(long a, long b, long bytes) {
        long at = 0;
        for (; at + 8 <= bytes; at += 8) {
            if (loadLong(a + at) != loadLong(b + at)) {
                return false;
            }
        }
        for (; at < bytes; at++) {
            if (loadByte(a + at) != loadByte(b + at)) {
                return false;
            }
        }
        return true;
    }
}
