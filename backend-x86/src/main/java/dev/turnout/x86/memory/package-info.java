/**
 * Memory that holds machine code. {@link dev.turnout.x86.memory.CodeMemory} is one memory file mapped twice: writable at one
 * address, executable at another, never both at one. It hands out {@link dev.turnout.x86.memory.CodeBlock}s and takes them back;
 * what no block covers is filled with breakpoints, and unmapped pages stand at both ends.
 *
 * <p>When may other processors run what was written? Bytes at an address that nobody has run yet may be run by whoever learns the
 * address after they were written: x86 keeps instruction caches coherent, and no pipeline can hold older instructions of that
 * place. Where older code lay, every processor must serialise in between ({@link dev.turnout.x86.memory.Serialisation}).
 */
@NullMarked
package dev.turnout.x86.memory;

import org.jspecify.annotations.NullMarked;
