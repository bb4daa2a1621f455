/**
 * Golden tests: one file holds a program, directives, and what is expected of each. The files are {@code
 * tests/golden/**}{@code /*.turn}.
 *
 * <pre>
 * // What the file shows, in a comment.
 * fn f(x: u8) -&gt; u8 { return x + 1; }
 * test "wraps" { expect(f(255) == 0); }
 *
 * //! tests
 * //! asm f target=linux-6.12
 * //| ...the exact text...
 * //! ir f after=FoldConstants
 * //+ a line must contain this
 * //- no line may contain this
 * </pre>
 *
 * <p>The program is all that stands before the first {@code //!}; so expectations may grow and shrink without moving a line
 * number that a diagnostic shows. A {@link dev.turnout.tests.golden.Directive} is either a {@code Snapshot}, whose text is
 * compared with the {@code //|} lines (or searched for the {@code //+} and {@code //-} ones), or a {@code Claim}, which the
 * author states and engines decide.
 *
 * <p>{@code -Dbless} rewrites {@code //|} blocks in place; it is refused when {@code CI} is set, and never touches a claim:
 * what a program computes is stated by its author. {@code -Dgolden=GLOB} selects files, relative to {@code tests/golden}.
 */
@NullMarked
package dev.turnout.tests.golden;

import org.jspecify.annotations.NullMarked;
