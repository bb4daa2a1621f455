/**
 * What every instruction does, on every engine: cases in {@code tests/conformance}, expected results computed from RFC 9669, not
 * from any engine. A file holds cases; a case is code in the assembly text of this house, and what it gives:
 *
 * <pre>
 * # a comment, for the whole file or the case below
 * -- asm NAME               code; $1, $2, … stand for what a line of the table says
 * -- mem                    bytes of memory as hex
 * -- table                  a line a run: SUBSTITUTES : WORDS = R0
 *                           words are 64 bits each and make the memory, if there is no -- mem; ` !linux` at the end
 *                           says that Linux's rules of loading refuse the code
 * -- result                 instead of a table: r0 of the one run
 * -- after                  bytes of memory after that run
 * -- refused by linux: WHY  Linux's rules of loading refuse the code
 * -- not proven yet: WHY    our verifier refuses it, with the code that WHY begins with: a gap, to be closed
 * </pre>
 */
@NullMarked
package dev.turnout.tests.conformance;

import org.jspecify.annotations.NullMarked;
