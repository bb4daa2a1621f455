package dev.turnout.bpf.asm;

/** What a decoder lets pass. Registers that do not exist and reserved fields are refused under both. */
public enum Policy {
    /** RFC 9669: code that is well formed by itself. Nothing writes the frame pointer. */
    RFC,
    /**
     * What Linux hands to its verifier: the same, and writes of the frame pointer. These are refused only where a run gets to,
     * which the verifier knows; compilers leave them in arms that are never taken.
     */
    LINUX
}
