/**
 * The typed program: what the checker hands to lowering. Names are symbols, every expression has a type and a place in
 * the text, conversions are explicit, constants are folded, method calls are built-in operations or plain calls. No
 * unresolved name, no exact number and no poisoned type can be expressed.
 *
 * <h2>Values and places</h2>
 *
 * <p>A {@link dev.turnout.frontend.typed.TypedExpr} computes a value; a {@link dev.turnout.frontend.typed.Place} is
 * memory (or a variable) that can be read, and, where the checker let it be a target, written. Reading is always {@link
 * dev.turnout.frontend.typed.TypedExpr.Load}: so a struct that is loaded is copied, and {@code ip.ttl} through a reference
 * is a load of {@code FieldPlace(Deref(load ip), ttl)}. Bit fields load as the next standard width.
 *
 * <h2>Numbers</h2>
 *
 * <p>Both operands of {@code Binary} and {@code Compare} have one type (the count of a shift is converted to the left
 * type, which is right because counts are taken modulo the width). Operations are those of {@code ir.model}, signedness
 * resolved. A {@code beN} is kept in memory order; its constants are given as the number they mean ({@code 80} for port
 * 80), which lowering swaps. {@code & | ^} and {@code == !=} act on either order alike, ordered comparisons of {@code beN}
 * need the numbers (swap both).
 *
 * <h2>Null</h2>
 *
 * <p>{@code ?*T} and {@code ?fn} are pointers with 0 as null; any other {@code ?T} (also {@code ?void}) is a value and a
 * truth value "present". {@code Convert(WRAP)} makes a {@code ?T} of a {@code T}. In a function that returns {@code ?void},
 * {@code return;} and its end return "present", and {@code return null;} is a {@code Constant(Absent)}.
 *
 * <h2>Control</h2>
 *
 * <p>{@link dev.turnout.frontend.typed.TypedStmt} resolves {@code break} and {@code continue} to a {@link
 * dev.turnout.frontend.typed.Loop} by identity. {@link dev.turnout.frontend.typed.TypedSwitch} serves statement and value
 * form: its patterns are folded to ranges of numbers that do not overlap, and it says whether they cover the type.
 * {@code ?} carries what it leaves with.
 */
@NullMarked
package dev.turnout.frontend.typed;

import org.jspecify.annotations.NullMarked;
