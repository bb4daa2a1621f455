package dev.turnout.ir.model;

import java.util.Arrays;

/**
 * A variable of the object.
 *
 * @param initial the bytes at load; for {@link Section#BSS} all zero
 * @param align bytes, a power of two
 */
public record Global(String name, Section section, byte[] initial, int align, DebugType type) {
    public Global {
        initial = initial.clone();
    }

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

    @Override
    public byte[] initial() {
        return initial.clone();
    }

    public int size() {
        return initial.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Global that
                && name.equals(that.name)
                && section == that.section
                && Arrays.equals(initial, that.initial)
                && align == that.align
                && type.equals(that.type);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
