package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;

import dev.turnout.runtime.memory.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * {@code trace_printk}, {@code trace_vprintk} and {@code snprintf}. A line is printed once, without the line end that formats usually
 * carry.
 */
final class PrintCalls {
    private static final int MOST_ARGUMENTS = 12;
    /** Bytes of a line, its end included. */
    private static final int LONGEST_LINE = 1024;

    private PrintCalls() {}

    static long printAll(CallSite site, long format, long formatSize, long arguments, long argumentBytes) {
        if (!areArguments(arguments, argumentBytes)) {
            return -EINVAL;
        }
        return print(site, format, formatSize, arguments(site, arguments, argumentBytes));
    }

    static long print(CallSite site, long format, long formatSize, long[] arguments) {
        int size = (int) formatSize;
        site.reads(format, size);
        byte[] text = Memory.copyOut(format, Math.max(0, size));
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        if (length == text.length) {
            return -EINVAL;
        }
        FormattedLine line = new FormattedLine(site, arguments);
        int error = line.format(text, length);
        if (error < 0) {
            return error;
        }
        byte[] whole = line.bytes();
        int shown = Math.min(whole.length, LONGEST_LINE - 1);
        String cut = new String(whole, 0, shown, StandardCharsets.UTF_8);
        site.world().print(cut.endsWith("\n") ? cut.substring(0, cut.length() - 1) : cut);
        return whole.length;
    }

    /**
     * {@code snprintf}: the text ends with a zero byte, and is cut to the buffer.
     *
     * @param format ends with a zero byte, as the verifier made sure
     * @return bytes that the whole text takes, the zero byte among them
     */
    static long printTo(CallSite site, long to, long size, long format, long arguments, long argumentBytes) {
        long bytes = size & 0xffff_ffffL;
        site.writes(to, bytes);
        if (!areArguments(arguments, argumentBytes)) {
            return -EINVAL;
        }
        int length = 0;
        while (readsByte(site, format + length) != 0) {
            length++;
        }
        FormattedLine line = new FormattedLine(site, arguments(site, arguments, argumentBytes));
        int error = line.format(Memory.copyOut(format, length), length);
        if (error < 0) {
            return error;
        }
        byte[] whole = line.bytes();
        if (bytes > 0) {
            byte[] shown = Arrays.copyOf(whole, (int) Math.min(whole.length + 1L, bytes));
            shown[shown.length - 1] = 0;
            Memory.copyIn(shown, to);
        }
        return whole.length + 1L;
    }

    private static byte readsByte(CallSite site, long address) {
        site.reads(address, 1);
        return Memory.loadByte(address);
    }

    private static boolean areArguments(long address, long size) {
        long bytes = size & 0xffff_ffffL;
        return (bytes & 7) == 0 && bytes <= MOST_ARGUMENTS * 8 && (bytes == 0 || address != 0);
    }

    private static long[] arguments(CallSite site, long address, long size) {
        long[] values = new long[(int) size / 8];
        if (values.length > 0) {
            site.reads(address, 8L * values.length);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = Memory.loadLong(address + 8L * i);
        }
        return values;
    }
}
