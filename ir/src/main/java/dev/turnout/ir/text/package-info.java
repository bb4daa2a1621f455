/**
 * The IR as text, both ways: {@link dev.turnout.ir.text.IrPrinter} and {@link dev.turnout.ir.text.IrParser}. {@code
 * docs/ir.md} is the manual of the language.
 *
 * <p>Reading what was printed gives back an equal module, provided that values and labels are numbered as the model asks:
 * densely, in the order of the text. The parser numbers by that order and takes names as names, so that a text written by
 * hand may say {@code sum = add i32 a, b}. Instructions without a result have no name in the text, but take a number.
 *
 * <p>The result type of an instruction stands in the instruction ({@code load i16 v1 + 12 big}), so that a use may come
 * before its definition in the text, as dominance allows.
 */
@NullMarked
package dev.turnout.ir.text;

import org.jspecify.annotations.NullMarked;
