/**
 * Native code for x86-64. {@link dev.turnout.x86.DirectEngine} is the door: it takes an {@link
 * dev.turnout.verifier.specialize.ExecutableProgram} and nothing else, translates it ({@code lower}, into {@code code}, with the
 * assembler of {@code asm} and the rows of {@code isa}), places it ({@code memory}) and runs it ({@code live}).
 */
@NullMarked
package dev.turnout.x86;

import org.jspecify.annotations.NullMarked;
