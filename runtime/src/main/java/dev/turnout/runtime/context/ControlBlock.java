package dev.turnout.runtime.context;

/**
 * What compiled code keeps of a run, in native memory: one block a slot, in its {@link Workspace}. Compiled code holds the block's
 * address in a register all the time. Offsets in bytes; all of them are below 128, so that an access takes a short displacement.
 */
public final class ControlBlock {
    /** 64 bits: address of the present {@link InputDescriptor}. Every engine and every helper reads the input through it. */
    public static final int INPUT = 0;
    /** 32 bits: tail calls in a row, counted up from 0 in each run. */
    public static final int TAIL_CALLS = 8;
    /** 32 bits: 0, or 1 if a helper ended the run: the code that called it goes to the unwinding stub. */
    public static final int FAULT = 12;
    /** 64 bits: the native stack pointer as the gate had it when it called the program; what unwinding goes back to. */
    public static final int SAVED_SP = 16;
    /** 32 bits: number of the slot, which programs take for the CPU's. */
    public static final int SLOT = 24;
    /** 32 bits: kernel number of the helper that is called; from {@link #KERNEL} on, the number of a kernel function's body. */
    public static final int HELPER = 28;

    /** Where the numbers of kernel functions begin: far behind those of helpers. */
    public static final int KERNEL = 0x10000;

    /** 32 bits: slot of the instruction that calls it, of the program that runs. */
    public static final int SITE = 32;
    /** 32 bits: number by which an engine finds what it keeps of this machine. */
    public static final int OWNER = 36;
    /** 64 bits each: what a function that is called back gets in r1 to r4; the first has what the helper returns in the end. */
    public static final int TURN = 40;

    /** In place of a helper's number: behind this, that of one that calls back, which begins. */
    public static final int BEGIN_TURNS = 0x20000;
    /** Likewise: the next turn of the begun call that r1 numbers, whose function returned r2. */
    public static final int NEXT_TURN = 0x30000;

    /** Bytes of a block. */
    public static final int SIZE = 128;

    private ControlBlock() {}
}
