/**
 * Our verdicts beside the running kernel's, on drawn programs and on the project's own objects. Where the two differ the
 * difference is kept: a case in {@code tests/verdicts/kept.data}, or a row of {@code tests/verdicts/objects.tsv}, with both verdicts
 * and one of four {@link dev.turnout.tests.verdicts.Reason}s. Tests hold our side to what is written there everywhere, and the
 * kernel's side where this user may ask it.
 *
 * <p>{@link dev.turnout.tests.verdicts.DrawnVerdicts} looks for more of them, by the script {@code tests/kernel-verdicts}.
 */
@NullMarked
package dev.turnout.tests.verdicts;

import org.jspecify.annotations.NullMarked;
