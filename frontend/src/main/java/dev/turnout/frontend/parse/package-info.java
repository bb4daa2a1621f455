/**
 * From text to syntax. In: bytes or a {@link dev.turnout.diagnostics.source.SourceFile}. Out: a {@link
 * dev.turnout.frontend.ast.Ast.File}, always, and diagnostics E01xx for whatever is wrong with the text.
 *
 * <p>The stages: {@link dev.turnout.frontend.parse.SourceText} makes text of bytes; {@code TokenScan} cuts it into
 * tokens, reports those that are wrong, and refuses nesting that no later stage should recurse into; ANTLR's parser makes
 * its tree with {@code Recovery} to find the words for an error and the place to go on; {@code AstBuilder} turns that into
 * records and checks what the grammar leaves open. {@link dev.turnout.frontend.parse.Parser} is the door to all of it; no
 * type of ANTLR's leaves this package.
 */
@NullMarked
package dev.turnout.frontend.parse;

import org.jspecify.annotations.NullMarked;
