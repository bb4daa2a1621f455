/**
 * What runs programs. An {@link dev.turnout.runtime.engine.Engine} makes a {@link
 * dev.turnout.runtime.engine.RunnableProgram} of an {@link dev.turnout.verifier.specialize.ExecutableProgram}, that is, of
 * code that was proven, and of the {@link dev.turnout.runtime.image.Machine} that it runs on. All engines agree on every
 * result; they differ in speed. {@link dev.turnout.runtime.engine.Batch} feeds a program many inputs and counts what comes out.
 */
@NullMarked
package dev.turnout.runtime.engine;

import org.jspecify.annotations.NullMarked;
