package dev.turnout.runtime.route;

import dev.turnout.ir.model.ByteString;
import java.util.Optional;

/**
 * An address of IPv4 or IPv6.
 *
 * @param bytes 4 or 16, in network order
 */
public record Address(ByteString bytes) {
    private static final int GROUPS = 8;

    public Address {
        if (bytes.size() != 4 && bytes.size() != 16) {
            throw new IllegalArgumentException("an address of " + bytes.size() + " bytes");
        }
    }

    public boolean isIpv6() {
        return bytes.size() == 16;
    }

    /** Whether the first bits are those of another address of the same kind. */
    public boolean startsLike(Address other, int bits) {
        if (bytes.size() != other.bytes.size()) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i & 7);
            if (((bytes.at(i >> 3) ^ other.bytes.at(i >> 3)) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Multicast, link-local or loopback of IPv6: what is never forwarded. */
    public boolean staysHere() {
        int first = bytes.at(0) & 0xff;
        boolean loopback = bytes.at(15) == 1 && startsLike(new Address(ByteString.zeros(16)), 127);
        return first == 0xff || (first == 0xfe && (bytes.at(1) & 0xc0) == 0x80) || loopback;
    }

    /** {@code 10.0.0.1} or {@code 2001:db8::1}; empty if it is neither. */
    public static Optional<Address> parse(String text) {
        return text.contains(":") ? parseIpv6(text) : parseIpv4(text);
    }

    private static Optional<Address> parseIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int part = parts.length == 4 ? number(parts[i], 10, 3) : -1;
            if (part < 0 || part > 255) {
                return Optional.empty();
            }
            bytes[i] = (byte) part;
        }
        return Optional.of(new Address(ByteString.copyOf(bytes)));
    }

    private static Optional<Address> parseIpv6(String text) {
        int gap = text.indexOf("::");
        String[] before = groups(gap < 0 ? text : text.substring(0, gap));
        String[] after = groups(gap < 0 ? "" : text.substring(gap + 2));
        int given = before.length + after.length;
        if (gap < 0 ? given != GROUPS : given >= GROUPS) {
            return Optional.empty();
        }
        byte[] bytes = new byte[16];
        boolean right = put(before, bytes, 0) && put(after, bytes, GROUPS - after.length);
        return right ? Optional.of(new Address(ByteString.copyOf(bytes))) : Optional.empty();
    }

    private static String[] groups(String text) {
        return text.isEmpty() ? new String[0] : text.split(":", -1);
    }

    private static boolean put(String[] groups, byte[] to, int first) {
        for (int i = 0; i < groups.length; i++) {
            int group = number(groups[i], 16, 4);
            if (group < 0) {
                return false;
            }
            to[2 * (first + i)] = (byte) (group >> 8);
            to[2 * (first + i) + 1] = (byte) group;
        }
        return true;
    }

    /** -1 if it is no number of so many digits. */
    private static int number(String digits, int radix, int longest) {
        if (digits.isEmpty() || digits.length() > longest) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            int value = digit < 128 ? Character.digit(digit, radix) : -1;
            if (value < 0) {
                return -1;
            }
            number = number * radix + value;
        }
        return number;
    }
}
