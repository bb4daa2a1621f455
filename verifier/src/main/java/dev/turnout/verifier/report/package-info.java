/**
 * What was not proven, in words that lead to the fix. A {@link dev.turnout.verifier.report.Violation} is data: the reason, the
 * instruction, what is required and known, the register at fault and the {@link dev.turnout.verifier.report.Path} to it. To tell
 * it, the path is walked once more ({@code Course}), each value that arrives is followed back to where it came from ({@code
 * Origins}), and those decisions are kept that looked at the same values: they are what the user can change. One cause gives
 * one message.
 */
@NullMarked
package dev.turnout.verifier.report;

import org.jspecify.annotations.NullMarked;
