/**
 * The SSA language as data: a {@link dev.turnout.ir.model.Module} of {@link dev.turnout.ir.model.Function}s of {@link
 * dev.turnout.ir.model.Block}s. A block has parameters (no phi nodes), instructions and one {@link
 * dev.turnout.ir.model.Terminator}, whose {@link dev.turnout.ir.model.Target}s carry the arguments for the parameters of
 * the block that they name. An {@link dev.turnout.ir.model.Inst} binds the {@link dev.turnout.ir.model.Value} that it
 * defines to an {@link dev.turnout.ir.model.Operation}, which is pure data: two equal operations of effect {@code PURE}
 * are one value.
 *
 * <p>Everything here is immutable. A pass takes a function and gives another; {@code ir.build} makes them. Block 0 is the
 * entry, its parameters are the function's, and nothing jumps to it. Values and labels are numbered densely in the order
 * of the text. {@code docs/ir.md} is the manual of the text form.
 *
 * <p>Integers are bits without a sign: a value of width <i>n</i> is kept in a {@code long} with all bits from <i>n</i> up
 * zero. Arithmetic is that of BPF and of the language: it wraps, {@code x / 0 = 0}, {@code x % 0 = x}, shift counts are
 * taken modulo the width, and the signed minimum divided by -1 is itself (RFC 9669, section 4.1).
 */
@NullMarked
package dev.turnout.ir.model;

import org.jspecify.annotations.NullMarked;
