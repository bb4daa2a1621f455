package dev.turnout.x86.asm;

/**
 * How a static branch stands in its cell of eight aligned bytes, and the two words that make one way of the other
 * (docs/adr/0006, 0016). Bytes are in the order of memory: a word's lowest byte comes first.
 */
public enum BranchCell {
    /**
     * One instruction in both states, so that no thread stands inside: the nop of eight bytes, or a jump of five with a nop of
     * three behind it, which nobody reaches.
     */
    NOP_OR_JUMP {
        @Override
        public long passing() {
            return 0x0000_0000_0084_1f0fL;
        }

        @Override
        public long jumping(int cell, int target) {
            return REST << 40 | distance(cell + 5, target) << 8 | JMP;
        }
    },
    /**
     * The nop of three bytes and always the same jump: only its distance changes, four aligned bytes, and zero goes on behind the
     * cell. What is executed differs in no opcode, and costs several times as much.
     */
    DISTANCE {
        @Override
        public long passing() {
            return JMP << 24 | REST;
        }

        @Override
        public long jumping(int cell, int target) {
            return distance(cell + SIZE, target) << 32 | passing();
        }
    };

    /** Bytes of a cell; its address is a multiple of them. */
    public static final int SIZE = 8;

    private static final long JMP = 0xe9L;
    /** The nop of three bytes. */
    private static final long REST = 0x001f_0fL;

    private static long distance(int from, int to) {
        return Math.subtractExact(to, from) & 0xffff_ffffL;
    }

    /** The word with which control goes on behind the cell. */
    public abstract long passing();

    /** The word that jumps from a cell at offset {@code cell} to offset {@code target}. */
    public abstract long jumping(int cell, int target);
}
