package dev.turnout.ir.model;

/**
 * A variable of the object.
 *
 * @param initial the bytes at load; for {@link Section#BSS} all zero
 * @param align bytes, a power of two
 */
public record Global(String name, Section section, ByteString initial, int align, DebugType type) {
    /** Where it lives, which says who may write it and when. */
    public enum Section {
        /** Constant from load on: {@code config} and tables of constants. */
        RODATA(".rodata"),
        DATA(".data"),
        BSS(".bss");

        private final String elfName;

        Section(String elfName) {
            this.elfName = elfName;
        }

        public String elfName() {
            return elfName;
        }
    }

    /** Bytes. */
    public int size() {
        return initial.size();
    }
}
