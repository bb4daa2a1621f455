/**
 * From syntax to the typed program. In: the {@link dev.turnout.frontend.ast.Ast.File} of the main file and an {@link
 * dev.turnout.frontend.name.ImportResolver}. Out: a {@link dev.turnout.frontend.typed.TypedProgram}, or diagnostics.
 *
 * <p>The door is {@link dev.turnout.frontend.check.TypeChecker}. Behind it:
 *
 * <ul>
 *   <li>{@code Declarations} turns a top-level declaration into an {@code Entity} when it is first needed, so that order in
 *       a file is free, and reports what contains itself.
 *   <li>{@code TypeNames} reads types, {@code StructLayouts} and {@code EnumMembers} complete them.
 *   <li>An expression is checked to an {@code Operand} (a value, a place, a number that is still exact, a name), which
 *       {@code Coercions} then turns into a value of the type that is wanted. The type that is wanted is handed down as a
 *       hint: literals, {@code .member} and {@code null} take theirs from it.
 *   <li>{@code Expressions} sends each form to the class named for it; {@code Statements}, {@code Loops}, {@code Switches}
 *       do the same for statements and know whether control reaches their end.
 *   <li>What is made of constants is computed where it is built ({@code Folding}); a constant that calls functions is run
 *       over the typed tree ({@code Evaluator}). Both use the arithmetic of the IR's rows.
 *   <li>What concerns the whole program comes last: {@code CallGraph} (recursion), {@code HookRules} (what a program's kind
 *       and licence allow of what it reaches).
 * </ul>
 *
 * <p>Quiet after the first cause: what is reported becomes {@code Operand.Poison}, which fits everywhere.
 */
@NullMarked
package dev.turnout.frontend.check;

import org.jspecify.annotations.NullMarked;
