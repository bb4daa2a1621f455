/**
 * What people ask a compiler. {@link dev.turnout.driver.explain.Explanation} is the page behind a diagnostic code: what it means, a
 * failing example, a fixed one; the pages are {@code docs/diagnostics}. {@link dev.turnout.driver.explain.DecidedChoice} says which
 * choice of the text the values of {@code config} have made, and what died of it.
 */
@NullMarked
package dev.turnout.driver.explain;

import org.jspecify.annotations.NullMarked;
