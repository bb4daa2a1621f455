package dev.turnout.bpf.asm;

/** What a decoder lets pass. Reserved fields are checked under both. */
public enum Policy {
    /** RFC 9669 alone: a constant shift past the width is masked, a division by the constant zero gives zero. */
    RFC,
    /** What Linux loads: such shifts and divisions are refused. */
    LINUX
}
