/**
 * Texts and places in them. A {@link dev.turnout.diagnostics.source.SourceFile} is a name and its text; a {@link
 * dev.turnout.diagnostics.source.Span} is a half-open range of it. Everything that a later stage reports, down to a
 * BPF instruction, carries a span back to here.
 */
@NullMarked
package dev.turnout.diagnostics.source;

import org.jspecify.annotations.NullMarked;
