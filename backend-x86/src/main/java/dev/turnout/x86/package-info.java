/**
 * Native code for x86-64. Takes an {@link dev.turnout.verifier.specialize.ExecutableProgram} and nothing else, and will
 * implement {@link dev.turnout.runtime.engine.Engine}: encoder and listing, a plain translator one instruction at a time, code
 * memory that is mapped twice so that it is never writable and executable at one address, and the cells of static branches
 * that are patched in it (docs/adr/0006). The room is laid out; what will stand in it is the next piece of work.
 */
@NullMarked
package dev.turnout.x86;

import org.jspecify.annotations.NullMarked;
