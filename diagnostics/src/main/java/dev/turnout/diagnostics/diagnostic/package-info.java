/**
 * What the tools say to a person. A {@link dev.turnout.diagnostics.diagnostic.Diagnostic} is data: a code, a message, a
 * primary label (where), further labels (why; may be in other files), notes (context), helps (what to write instead).
 * Stages report into {@link dev.turnout.diagnostics.diagnostic.Diagnostics} and go on; {@code render} turns the data
 * into text or JSON. Every code is a row of {@link dev.turnout.diagnostics.diagnostic.DiagnosticCode} and has a page
 * {@code docs/diagnostics/CODE.md}; a test asserts that each is provoked by an example.
 */
@NullMarked
package dev.turnout.diagnostics.diagnostic;

import org.jspecify.annotations.NullMarked;
