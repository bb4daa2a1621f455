/**
 * The judge of IR: {@link dev.turnout.ir.verify.IrChecker} recomputes from scratch everything that a pass relies on and
 * lists every {@link dev.turnout.ir.verify.Violation}. A violation is our own bug, never the user's, so it is no {@code
 * Diagnostic}: it names the place, and {@link dev.turnout.ir.verify.IrChecker#require} prints it inside the text of the
 * function.
 */
@NullMarked
package dev.turnout.ir.verify;

import org.jspecify.annotations.NullMarked;
