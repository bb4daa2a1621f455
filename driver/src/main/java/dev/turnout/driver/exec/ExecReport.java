package dev.turnout.driver.exec;

import dev.turnout.driver.json.JsonLine;
import dev.turnout.ir.model.ByteString;

/**
 * What an execution gave.
 *
 * @param result r0 of the last run, all 64 bits
 * @param engine its word
 * @param nanosPerRun average
 * @param insns instructions of the program, a wide load counting once
 * @param memory as the last run left it
 */
public record ExecReport(long result, String engine, long runs, double nanosPerRun, int insns, ByteString memory) {
    /** r0 as results are written: {@code 0x} and lower-case digits, no zeros in front. */
    public String hex() {
        return "0x" + Long.toHexString(result);
    }

    /** One line, as the command line's contract has it. */
    public String json() {
        return new JsonLine()
                .text("r0", hex())
                .text("engine", engine)
                .number("runs", runs)
                .decimal("ns_per_run", nanosPerRun, 1)
                .number("insns", insns)
                .toString();
    }
}
