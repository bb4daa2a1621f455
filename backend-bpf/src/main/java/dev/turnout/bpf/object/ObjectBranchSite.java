package dev.turnout.bpf.object;

/**
 * A static branch: it jumps exactly when the key has {@code value}, or, if {@code inverse}, when it has another value.
 *
 * @param slot of the {@code StaticJump}, from the start of its section
 * @param target slot jumped to, likewise
 * @param key name
 */
public record ObjectBranchSite(int slot, int target, String key, long value, boolean inverse) {}
