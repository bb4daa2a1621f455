package dev.turnout.bpf.isa;

/** The groups of RFC 9669, section 2.4, and what has come since. */
public enum ConformanceGroup {
    BASE32("base32"),
    BASE64("base64"),
    ATOMIC32("atomic32"),
    ATOMIC64("atomic64"),
    DIVMUL32("divmul32"),
    DIVMUL64("divmul64"),
    PACKET("packet"),
    /** In Linux 7.2, in no RFC. */
    LINUX("Linux"),
    /** In no released Linux: indirect calls and static branches. */
    AHEAD("ahead of Linux");

    private final String title;

    ConformanceGroup(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
