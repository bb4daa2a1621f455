package dev.turnout.tests.random;

/** What a program may be drawn with. A program gets some of them, so that not every one needs the newest kernel. */
enum Construct {
    /** Immediate shifts past the width and divisions by the constant zero, which Linux refuses. */
    BEYOND_LINUX(8),
    /** Functions that are called. */
    CALLS(2),
    /** Data sections, arrays and hashes. */
    MAPS(2),
    LOOPS(2),
    /** Pointers and bounds that pass through the stack, pointers that meet. */
    SPILLS(3),
    MAY_GOTO(4),
    ATOMICS(2),
    /** Jump tables: Linux 6.19. */
    TABLES(6),
    /** {@code bpf_loop}. */
    CALLBACKS(10),
    /** Indirect calls, also through tables, and static branches, which no kernel has. */
    AHEAD(8),
    /** Tail calls, and helpers that move a packet's ends: of programs that are given a packet. */
    PACKET_HELPERS(3),
    /** The clock, random numbers, the processor's number: the kernel's are others than ours. */
    WORLD(12);

    private final int oneIn;

    Construct(int oneIn) {
        this.oneIn = oneIn;
    }

    /** How rare it is: one program in so many has it. */
    int oneIn() {
        return oneIn;
    }
}
