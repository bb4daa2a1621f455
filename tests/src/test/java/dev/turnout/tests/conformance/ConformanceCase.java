package dev.turnout.tests.conformance;

import dev.turnout.ir.model.ByteString;
import java.util.List;

/**
 * Code, and what it gives.
 *
 * @param name of the case, with its file and line
 * @param asm text, without placeholders
 * @param memoryBytes bytes of memory of every run
 * @param linux whether Linux's rules of loading take the code
 * @param gap the code with which our verifier refuses it; empty if it does not
 */
record ConformanceCase(String name, String asm, int memoryBytes, boolean linux, String gap, List<Run> runs) {
    /**
     * A run.
     *
     * @param memory before it
     * @param result r0
     * @param after memory behind it; empty if nothing is said of it
     */
    record Run(int line, ByteString memory, long result, List<ByteString> after) {}
}
