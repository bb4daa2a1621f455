package dev.turnout.x86.code;

/**
 * Machine code of the engine that translated code goes to, at most 2 GiB away. Each program may be given stubs of its own. All
 * of them expect the control block's address in r12.
 */
public enum Stub {
    /**
     * Called: carries out the helper whose number {@code ControlBlock.HELPER} holds, for the call at the slot in {@code
     * ControlBlock.SITE}. Arguments are where BPF has them, rdi rsi rdx rcx r8; the result is in rax. Keeps rbx, rbp and r12 to
     * r15, loses all other registers, takes any alignment of the stack. Returns only if the run may go on: a fault leaves
     * the program's frames behind.
     */
    HELPER("helper");

    private final String word;

    Stub(String word) {
        this.word = word;
    }

    /** As a listing names it. */
    public String word() {
        return word;
    }
}
