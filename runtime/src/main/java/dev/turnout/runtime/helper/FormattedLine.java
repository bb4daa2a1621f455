package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOSPC;

import dev.turnout.runtime.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A line as it is put together from a format that Linux's {@code bpf_bprintf_prepare} takes, and 64-bit arguments. It is bytes, of which
 * a character of {@link #out} is one: a format may hold UTF-8, and lengths count bytes.
 */
final class FormattedLine {
    /** Linux takes no wider field, but one of this width for it. */
    private static final int WIDEST = (1 << 23) - 1;
    /** Bytes that all arguments of a line may take, texts with the zero byte behind them. */
    private static final int ROOM = 512;

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private final StringBuilder out = new StringBuilder();
    private final CallSite site;
    private final long[] arguments;
    private int next;
    private int room = ROOM;

    FormattedLine(CallSite site, long[] arguments) {
        this.site = site;
        this.arguments = arguments;
    }

    byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** 0, or a negated error if the format is none that Linux takes. */
    int format(byte[] text, int length) {
        int at = 0;
        while (at < length) {
            byte c = text[at];
            // Bytes past ASCII are negative here.
            if (c == 0x7f || (c >= 0 && c < ' ' && !StringCalls.isSpace(c))) {
                return -EINVAL;
            }
            if (c != '%') {
                literal(c);
                at++;
            } else if (at + 1 < length && text[at + 1] == '%') {
                out.append('%');
                at += 2;
            } else {
                at = specifier(text, at + 1, length);
                if (at < 0) {
                    return at;
                }
            }
        }
        return 0;
    }

    private void literal(byte c) {
        out.append((char) (c & 0xff));
    }

    /** Formats one argument; the position behind the specifier, or a negated error. */
    private int specifier(byte[] text, int from, int length) {
        if (next >= arguments.length) {
            return -EINVAL;
        }
        int at = from;
        while (at < length && "0+- ".indexOf(text[at]) >= 0) {
            at++;
        }
        String flags = new String(text, from, at - from, StandardCharsets.US_ASCII);
        int width = 0;
        while (at < length && text[at] >= '0' && text[at] <= '9') {
            width = Math.min(WIDEST, width * 10 + text[at++] - '0');
        }
        int longs = 0;
        while (at < length && text[at] == 'l' && longs < 2) {
            longs++;
            at++;
        }
        if (at >= length) {
            return -EINVAL;
        }
        char kind = (char) text[at++];
        if (longs == 0 && kind == 'p') {
            return pointer(text, at, length, flags, width);
        }
        if (longs == 0 && kind == 's') {
            return text(text, at, length, flags, width);
        }
        if (longs == 0 && kind == 'c') {
            if (!takes(1)) {
                return -ENOSPC;
            }
            pad(String.valueOf((char) (arguments[next++] & 0xff)), width, flags);
            return at;
        }
        if ("diuxX".indexOf(kind) < 0) {
            return -EINVAL;
        }
        if (!takesWord(longs > 0 ? 8 : 4)) {
            return -ENOSPC;
        }
        number(kind, longs > 0, flags, width);
        return at;
    }

    private boolean takes(int bytes) {
        room -= bytes;
        return room >= 0;
    }

    /** Words lie at multiples of 4. */
    private boolean takesWord(int bytes) {
        room &= -4;
        return takes(bytes);
    }

    private void number(char kind, boolean wide, String flags, int width) {
        long raw = arguments[next++];
        long unsigned = wide ? raw : raw & 0xffff_ffffL;
        String digits = switch (kind) {
            case 'd', 'i' -> signed(wide ? raw : (int) raw, flags);
            case 'u' -> Long.toUnsignedString(unsigned);
            case 'x' -> Long.toHexString(unsigned);
            default -> Long.toHexString(unsigned).toUpperCase(Locale.ROOT); // The caller knows that it is X.
        };
        if (flags.indexOf('0') >= 0 && flags.indexOf('-') < 0) {
            int sign = "-+ ".indexOf(digits.charAt(0)) >= 0 ? 1 : 0;
            out.append(digits, 0, sign)
                    .repeat('0', Math.max(0, width - digits.length()))
                    .append(digits, sign, digits.length());
        } else {
            pad(digits, width, flags);
        }
    }

    private static String signed(long value, String flags) {
        String digits = Long.toString(value);
        if (value < 0) {
            return digits;
        }
        return flags.indexOf('+') >= 0 ? "+" + digits : flags.indexOf(' ') >= 0 ? " " + digits : digits;
    }

    /** {@code %p} and what may follow it. */
    private int pointer(byte[] text, int from, int length, String flags, int width) {
        char kind = from < length ? (char) (text[from] & 0xff) : 0;
        if ((kind == 'k' || kind == 'u') && from + 1 < length && text[from + 1] == 's') {
            return text(text, from + 2, length, flags, width);
        }
        if (kind == 'i' || kind == 'I') {
            char family = from + 1 < length ? (char) text[from + 1] : 0;
            if (family != '4' && family != '6') {
                return -EINVAL;
            }
            if (room < (family == '4' ? 4 : 16)) {
                return -ENOSPC;
            }
            String address =
                    family == '4' ? ipv4(arguments[next++], kind == 'i') : ipv6(arguments[next++], kind == 'i');
            // Linux keeps the text until the line is put together.
            room = Math.max(0, room - address.length() - 1);
            pad(address, width, flags);
            return from + 2;
        }
        boolean named = kind != 0 && "xKBsS".indexOf(kind) >= 0;
        if (!named && !ends(text, from, length)) {
            return -EINVAL;
        }
        if (!takesWord(8)) {
            return -ENOSPC;
        }
        String digits = Long.toHexString(arguments[next++]);
        pad("0".repeat(16 - digits.length()) + digits, width, flags);
        return named ? from + 1 : from;
    }

    /** Whether a specifier may end here: before a space, a punctuation mark, or nothing. */
    private static boolean ends(byte[] text, int at, int length) {
        return at >= length || StringCalls.isSpace(text[at]) || isPunctuation(text[at]);
    }

    private static boolean isPunctuation(byte one) {
        return one > ' ' && one < 0x7f && !Character.isLetterOrDigit(one);
    }

    private String ipv4(long address, boolean zeros) {
        byte[] bytes = address(address, IPV4_BYTES);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < IPV4_BYTES; i++) {
            String digits = Integer.toString(bytes[i] & 0xff);
            text.append(i == 0 ? "" : ".")
                    .repeat('0', zeros ? 3 - digits.length() : 0)
                    .append(digits);
        }
        return text.toString();
    }

    /** All 32 digits, with colons unless {@code bare}; {@code %pI6} shortens nothing either. */
    private String ipv6(long address, boolean bare) {
        byte[] bytes = address(address, IPV6_BYTES);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < IPV6_BYTES; i++) {
            String digits = Integer.toHexString(bytes[i] & 0xff);
            text.append(!bare && i > 0 && i % 2 == 0 ? ":" : "")
                    .repeat('0', 2 - digits.length())
                    .append(digits);
        }
        return text.toString();
    }

    /** Zeros if the pointer is wild, which it may be even in a proven program. */
    private byte[] address(long address, int bytes) {
        return site.owns(address, bytes) ? Memory.copyOut(address, bytes) : new byte[bytes];
    }

    /** Up to a zero byte, or to where there is no memory: a wild pointer prints nothing. */
    private int text(byte[] format, int at, int length, String flags, int width) {
        if (!ends(format, at, length)) {
            return -EINVAL;
        }
        if (room == 0) {
            return -ENOSPC;
        }
        long address = arguments[next++];
        StringBuilder text = new StringBuilder();
        while (text.length() < room - 1 && site.owns(address + text.length(), 1)) {
            byte one = Memory.loadByte(address + text.length());
            if (one == 0) {
                break;
            }
            text.append((char) (one & 0xff));
        }
        room -= text.length() + 1;
        pad(text.toString(), width, flags);
        return at;
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
