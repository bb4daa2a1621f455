/**
 * Writes x86-64 machine code: {@link dev.turnout.x86.asm.Assembler} turns rows of {@link dev.turnout.x86.isa} and operands into
 * bytes, {@link dev.turnout.x86.asm.Label}s into distances, and, when asked, the same calls into a listing.
 */
@NullMarked
package dev.turnout.x86.asm;

import org.jspecify.annotations.NullMarked;
