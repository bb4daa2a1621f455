package dev.turnout.bpf.program;

/**
 * A static branch and the key that it obeys: it jumps exactly when the key has {@code value}, or, if {@code inverse}, when
 * the key has another value.
 *
 * @param slot of the {@code StaticJump}
 * @param target slot jumped to
 * @param key index into the program's keys
 */
public record BranchSite(int slot, int target, int key, long value, boolean inverse) {}
