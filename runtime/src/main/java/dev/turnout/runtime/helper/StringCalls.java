package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ERANGE;

import dev.turnout.runtime.memory.Memory;

/** Helpers on texts: comparing them, and numbers that are written in them. */
final class StringCalls {
    /** Digits beyond so many characters, sign and space not counted, are not looked at. */
    private static final int LONGEST_NUMBER = 63;

    private static final long BASE_MASK = 0x1f;
    private static final int LONG_BYTES = 8;

    private StringCalls() {}

    /** -1, 0 or 1; at most {@code size} bytes are compared, as unsigned numbers, and none behind a zero byte. */
    static long compare(CallSite site, long a, long size, long b) {
        int bytes = (int) size;
        for (int at = 0; at < bytes; at++) {
            site.reads(a + at, 1);
            site.reads(b + at, 1);
            int left = Memory.loadByte(a + at) & 0xff;
            int right = Memory.loadByte(b + at) & 0xff;
            if (left != right) {
                return left < right ? -1 : 1;
            }
            if (left == 0) {
                return 0;
            }
        }
        return 0;
    }

    static long toSigned(CallSite site, long text, long size, long flags, long to) {
        site.writes(to, LONG_BYTES);
        Memory.storeLong(to, 0);
        Written number = Written.read(site, text, size, flags);
        if (number.consumed < 0) {
            return number.consumed;
        }
        long value = number.negative ? -number.magnitude : number.magnitude;
        // A magnitude of 2^63 is fine with a minus only. Minus zero is zero.
        if (number.negative ? value > 0 : value < 0) {
            return -ERANGE;
        }
        Memory.storeLong(to, value);
        return number.consumed;
    }

    static long toUnsigned(CallSite site, long text, long size, long flags, long to) {
        site.writes(to, LONG_BYTES);
        Memory.storeLong(to, 0);
        Written number = Written.read(site, text, size, flags);
        if (number.consumed < 0) {
            return number.consumed;
        }
        if (number.negative) {
            return -EINVAL;
        }
        Memory.storeLong(to, number.magnitude);
        return number.consumed;
    }

    /**
     * A number as it was written.
     *
     * @param consumed bytes up to its end, or a negated error
     */
    private record Written(long magnitude, boolean negative, int consumed) {
        static Written read(CallSite site, long text, long size, long flags) {
            int length = (int) size;
            int base = (int) (flags & BASE_MASK);
            if ((flags & ~BASE_MASK) != 0 || (base != 0 && base != 8 && base != 10 && base != 16)) {
                return failed(EINVAL);
            }
            site.reads(text, length);
            byte[] bytes = Memory.copyOut(text, length);
            int at = 0;
            while (at < length && isSpace(bytes[at])) {
                at++;
            }
            boolean negative = at < length && bytes[at] == '-';
            if (negative) {
                at++;
            }
            int end = Math.min(length, at + LONGEST_NUMBER);
            boolean prefixed = startsWithHexPrefix(bytes, at, end);
            if (base == 0) {
                boolean digitFollows = prefixed && at + 2 < end && digit(bytes[at + 2]) < 16;
                base = digitFollows ? 16 : at < end && bytes[at] == '0' ? 8 : 10;
            }
            if (base == 16 && prefixed) {
                at += 2;
            }
            return digits(bytes, at, end, base, negative);
        }

        private static Written digits(byte[] bytes, int from, int end, int base, boolean negative) {
            long magnitude = 0;
            boolean overflow = false;
            int at = from;
            for (; at < end && digit(bytes[at]) < base; at++) {
                int digit = digit(bytes[at]);
                overflow |= Long.compareUnsigned(magnitude, Long.divideUnsigned(-1L - digit, base)) > 0;
                magnitude = magnitude * base + digit;
            }
            if (overflow) {
                return failed(ERANGE);
            }
            return at == from ? failed(EINVAL) : new Written(magnitude, negative, at);
        }

        private static boolean startsWithHexPrefix(byte[] bytes, int at, int end) {
            return at + 1 < end && bytes[at] == '0' && (bytes[at + 1] | 0x20) == 'x';
        }

        /** As a digit of any base; 99 if it is none. */
        private static int digit(byte one) {
            int lower = one | 0x20;
            return one >= '0' && one <= '9' ? one - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
        }

        private static Written failed(int error) {
            return new Written(0, false, -error);
        }
    }

    /** What Linux takes for space: ASCII's, and the no-break space of Latin-1. */
    static boolean isSpace(byte one) {
        return (one >= '\t' && one <= '\r') || one == ' ' || (one & 0xff) == 0xa0;
    }
}
