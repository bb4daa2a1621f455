package dev.turnout.linux.load;

/** What the kernel's verifier said. */
public sealed interface KernelVerdict {
    /** The program is loaded. */
    record Accepted(KernelProgram program) implements KernelVerdict {}

    /**
     * It is not.
     *
     * @param error error number, positive
     * @param log all that the verifier wrote; may be empty
     */
    record Refused(int error, String log) implements KernelVerdict {}
}
