/**
 * Translated code before it has an address. {@link dev.turnout.x86.code.X86Code} is a function of the program and of the
 * processor's features alone: bytes, where each BPF instruction's code begins, and {@link dev.turnout.x86.code.Fixup}s for what
 * only the place of loading decides: where maps, keys and the engine's {@link dev.turnout.x86.code.Stub}s are. So the same code
 * can be placed twice, compared, and printed the same on every machine.
 *
 * <p>References within the code are relative to the instruction pointer and need no fixup.
 */
@NullMarked
package dev.turnout.x86.code;

import org.jspecify.annotations.NullMarked;
