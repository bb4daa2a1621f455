package dev.turnout.linux.load;

import dev.turnout.ir.model.ByteString;

/** What a test run gave. */
public sealed interface TestRun {
    /**
     * It ran.
     *
     * @param result r0 of the last repetition, 32 bits
     * @param output the packet as the last repetition left it, from where the program sees it (its metadata included) on
     * @param context what was given as the context, as the kernel gave it back; not of types whose contexts do not come back
     * @param nanos average of a repetition, as the kernel measured it
     */
    record Ran(int result, ByteString output, ByteString context, long nanos) implements TestRun {}

    /**
     * The kernel did not run the program on this input.
     *
     * @param error error number, positive
     */
    record Refused(int error) implements TestRun {}
}
