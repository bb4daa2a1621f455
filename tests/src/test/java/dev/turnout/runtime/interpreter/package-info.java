/**
 * The interpreter against the running kernel. In the interpreter's package, because random programs are not verified and only the
 * interpreter, which checks everything, may run such.
 */
@NullMarked
package dev.turnout.runtime.interpreter;

import org.jspecify.annotations.NullMarked;
