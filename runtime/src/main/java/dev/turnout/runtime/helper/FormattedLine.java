package dev.turnout.runtime.helper;

import dev.turnout.runtime.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A line as it is put together from a format that Linux's {@code bpf_bprintf_prepare} takes, and 64-bit arguments. */
final class FormattedLine {
    private static final int WIDEST = 1024;
    private static final int LONGEST_STRING = 511;

    private final StringBuilder out = new StringBuilder();
    private final CallSite site;
    private final long[] arguments;
    private int next;

    FormattedLine(CallSite site, long[] arguments) {
        this.site = site;
        this.arguments = arguments;
    }

    String text() {
        return out.toString();
    }

    /** False if the format is none that Linux takes. */
    boolean format(byte[] text, int length) {
        int at = 0;
        while (at < length) {
            int c = text[at];
            // Bytes past ASCII are negative here.
            if (c == 0x7f || (c < ' ' && !Character.isWhitespace(c))) {
                return false;
            }
            if (c != '%') {
                out.append((char) c);
                at++;
            } else if (at + 1 < length && text[at + 1] == '%') {
                out.append('%');
                at += 2;
            } else {
                at = specifier(text, at + 1, length);
                if (at < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Formats one argument; the position behind the specifier, or -1. */
    private int specifier(byte[] text, int from, int length) {
        if (next >= arguments.length) {
            return -1;
        }
        int at = from;
        while (at < length && "0+- ".indexOf(text[at]) >= 0) {
            at++;
        }
        String flags = new String(text, from, at - from, StandardCharsets.US_ASCII);
        int width = 0;
        while (at < length && text[at] >= '0' && text[at] <= '9' && width < WIDEST) {
            width = width * 10 + text[at++] - '0';
        }
        int longs = 0;
        while (at < length && text[at] == 'l' && longs < 2) {
            longs++;
            at++;
        }
        if (at >= length) {
            return -1;
        }
        char kind = (char) text[at++];
        if (longs == 0 && kind == 'p') {
            return pointer(text, at, length);
        }
        if (longs == 0 && kind == 's') {
            pad(string(arguments[next++]), width, flags);
            return at;
        }
        if (longs == 0 && kind == 'c') {
            pad(String.valueOf((char) (arguments[next++] & 0xff)), width, flags);
            return at;
        }
        return number(kind, longs > 0, flags, width) ? at : -1;
    }

    private boolean number(char kind, boolean wide, String flags, int width) {
        long raw = arguments[next++];
        long unsigned = wide ? raw : raw & 0xffff_ffffL;
        String digits = switch (kind) {
            case 'd', 'i' -> signed(wide ? raw : (int) raw, flags);
            case 'u' -> Long.toUnsignedString(unsigned);
            case 'x' -> Long.toHexString(unsigned);
            case 'X' -> Long.toHexString(unsigned).toUpperCase(Locale.ROOT);
            default -> "";
        };
        if (digits.isEmpty()) {
            return false;
        }
        if (flags.indexOf('0') >= 0 && flags.indexOf('-') < 0) {
            int sign = "-+ ".indexOf(digits.charAt(0)) >= 0 ? 1 : 0;
            out.append(digits, 0, sign)
                    .repeat('0', Math.max(0, width - digits.length()))
                    .append(digits, sign, digits.length());
        } else {
            pad(digits, width, flags);
        }
        return true;
    }

    private static String signed(long value, String flags) {
        String digits = Long.toString(value);
        if (value < 0) {
            return digits;
        }
        return flags.indexOf('+') >= 0 ? "+" + digits : flags.indexOf(' ') >= 0 ? " " + digits : digits;
    }

    /** {@code %p} and what may follow it. */
    private int pointer(byte[] text, int from, int length) {
        char kind = from < length ? (char) text[from] : 0;
        if (kind == 'i' || kind == 'I') {
            char family = from + 1 < length ? (char) text[from + 1] : 0;
            if (family != '4' && family != '6') {
                return -1;
            }
            long address = arguments[next++];
            out.append(family == '4' ? ipv4(address, kind == 'i') : ipv6(address, kind == 'i'));
            return from + 2;
        }
        if (kind == 'k' || kind == 'u') {
            if (from + 1 >= length || text[from + 1] != 's') {
                return -1;
            }
            out.append(string(arguments[next++]));
            return from + 2;
        }
        String digits = Long.toHexString(arguments[next++]);
        out.repeat('0', 16 - digits.length()).append(digits);
        return "xKBsS".indexOf(kind) >= 0 ? from + 1 : from;
    }

    private String ipv4(long address, boolean zeros) {
        site.reads(address, 4);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            String digits = Integer.toString(Memory.loadByte(address + i) & 0xff);
            text.append(i == 0 ? "" : ".")
                    .repeat('0', zeros ? 3 - digits.length() : 0)
                    .append(digits);
        }
        return text.toString();
    }

    /** All 32 digits, with colons unless {@code bare}; {@code %pI6} shortens nothing either. */
    private String ipv6(long address, boolean bare) {
        site.reads(address, 16);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            String digits = Integer.toHexString(Memory.loadByte(address + i) & 0xff);
            text.append(!bare && i > 0 && i % 2 == 0 ? ":" : "")
                    .repeat('0', 2 - digits.length())
                    .append(digits);
        }
        return text.toString();
    }

    /** Up to a zero byte, or to where nothing may be read: a wild pointer prints nothing. */
    private String string(long address) {
        byte[] bytes = new byte[LONGEST_STRING];
        int length = 0;
        while (length < bytes.length && site.readable(address + length)) {
            byte one = Memory.loadByte(address + length);
            if (one == 0) {
                break;
            }
            bytes[length++] = one;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void pad(String text, int width, String flags) {
        int missing = Math.max(0, width - text.length());
        if (flags.indexOf('-') >= 0) {
            out.append(text).repeat(' ', missing);
        } else {
            out.repeat(' ', missing).append(text);
        }
    }
}
