package dev.turnout.x86.asm;

import dev.turnout.x86.isa.Gpr;
import org.jspecify.annotations.Nullable;

/**
 * A place in memory: base + index × scale + displacement, or a label of the code. Immutable. The displacement is a signed number
 * of bytes and takes the shortest encoding that holds it.
 */
public final class Mem {
    /** Numbers of registers; −1 where there is none. */
    final int base;

    final int index;
    /** Log2 of the scale. */
    final int scale;

    final int displacement;
    final @Nullable Label label;

    private Mem(int base, int index, int scale, int displacement, @Nullable Label label) {
        this.base = base;
        this.index = index;
        this.scale = scale;
        this.displacement = displacement;
        this.label = label;
    }

    public static Mem of(Gpr base) {
        return of(base, 0);
    }

    public static Mem of(Gpr base, int displacement) {
        return new Mem(base.code(), -1, 0, displacement, null);
    }

    /** {@code index} is any register but rsp, {@code scale} is 1, 2, 4 or 8. */
    public static Mem indexed(Gpr base, Gpr index, int scale, int displacement) {
        return new Mem(base.code(), checkIndex(index), log2(scale), displacement, null);
    }

    /** Without a base: index × scale + displacement. */
    public static Mem scaled(Gpr index, int scale, int displacement) {
        return new Mem(-1, checkIndex(index), log2(scale), displacement, null);
    }

    /** A fixed address of 32 bits, sign-extended: the lowest or the highest two gigabytes. */
    public static Mem absolute(int address) {
        return new Mem(-1, -1, 0, address, null);
    }

    /** A place in the code itself, at a distance from the instruction that the assembler computes. */
    public static Mem relative(Label label) {
        return relative(label, 0);
    }

    /** As {@link #relative(Label)}, {@code offset} bytes behind the label. */
    public static Mem relative(Label label, int offset) {
        return new Mem(-1, -1, 0, offset, label);
    }

    private static int checkIndex(Gpr index) {
        if (index == Gpr.RSP) {
            throw new IllegalArgumentException("rsp cannot be an index: its number in SIB means none");
        }
        return index.code();
    }

    private static int log2(int scale) {
        return switch (scale) {
            case 1 -> 0;
            case 2 -> 1;
            case 4 -> 2;
            case 8 -> 3;
            default -> throw new IllegalArgumentException("scale " + scale + " is not 1, 2, 4 or 8");
        };
    }
}
