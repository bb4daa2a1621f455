package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.EINVAL;

import dev.turnout.runtime.memory.Memory;

/** {@code trace_printk} and {@code trace_vprintk}. A line is printed once, without the line end that formats usually carry. */
final class PrintCalls {
    private static final int MOST_ARGUMENTS = 12;
    /** Bytes of a line, its end included. */
    private static final int LONGEST_LINE = 1024;

    private PrintCalls() {}

    static long printAll(CallSite site, long format, long formatSize, long arguments, long argumentBytes) {
        int bytes = (int) argumentBytes;
        if ((bytes & 7) != 0 || bytes < 0 || bytes > MOST_ARGUMENTS * 8 || (bytes != 0 && arguments == 0)) {
            return -EINVAL;
        }
        long[] values = new long[bytes / 8];
        if (bytes > 0) {
            site.reads(arguments, bytes);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = Memory.loadLong(arguments + 8L * i);
        }
        return print(site, format, formatSize, values);
    }

    static long print(CallSite site, long format, long formatSize, long[] arguments) {
        int size = (int) formatSize;
        site.reads(format, size);
        byte[] text = Memory.copyOut(format, Math.max(0, size));
        if (size < 1 || text[size - 1] != 0) {
            return -EINVAL;
        }
        int length = 0;
        while (text[length] != 0) {
            length++;
        }
        FormattedLine line = new FormattedLine(site, arguments);
        if (!line.format(text, length)) {
            return -EINVAL;
        }
        String whole = line.text();
        String cut = whole.length() < LONGEST_LINE ? whole : whole.substring(0, LONGEST_LINE - 1);
        site.world().print(cut.endsWith("\n") ? cut.substring(0, cut.length() - 1) : cut);
        return whole.length();
    }
}
