/**
 * The syntax of one file as a tree of sealed records. In: what the parser made of a text. Out: what the type checker
 * reads. Nothing here is resolved: a {@link dev.turnout.frontend.ast.Path} is a spelling, a type is what was written,
 * a number has no type yet.
 *
 * <p>Read {@link dev.turnout.frontend.ast.Decl}, {@link dev.turnout.frontend.ast.Stmt}, {@link
 * dev.turnout.frontend.ast.Expr}, {@link dev.turnout.frontend.ast.TypeExpr} like a grammar. The two forms of a switch
 * are two nodes, a condition with {@code let} is not an expression, and the body of an arm is what its form allows, so
 * that a tree of the wrong shape cannot be written. Parentheses are gone: the nesting says it.
 *
 * <p>A tree always exists, also for a broken file: what could not be read is {@link dev.turnout.frontend.ast.Expr.Invalid},
 * {@link dev.turnout.frontend.ast.TypeExpr.Invalid}, or missing from its list. Each such place has been reported.
 */
@NullMarked
package dev.turnout.frontend.ast;

import org.jspecify.annotations.NullMarked;
