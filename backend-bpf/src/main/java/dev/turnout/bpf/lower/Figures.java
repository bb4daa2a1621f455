package dev.turnout.bpf.lower;

/** Figures of tables as people read them. */
final class Figures {
    private Figures() {}

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** A number of entries; 0 is 2^64. */
    static String count(long span) {
        return span == 0 ? "2^64" : Long.toUnsignedString(span);
    }

    /** Bytes of a table of so many entries of eight. */
    static String size(long entries) {
        if (entries <= 0 || entries > Long.MAX_VALUE / 8) {
            return "more than memory";
        }
        long bytes = entries * 8;
        return bytes < 1024 ? bytes + " bytes" : bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }

    /** A share in percent with two digits behind the point where it is small. */
    static String share(long values, long span) {
        double percent = span <= 0 ? 0 : 100.0 * values / span;
        long hundredths = Math.round(percent * 100);
        if (percent >= 10 || hundredths == 0) {
            return Math.round(percent) + " %";
        }
        return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10 + " %";
    }
}
