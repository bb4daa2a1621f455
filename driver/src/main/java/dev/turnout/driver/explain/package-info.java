/** The page behind a diagnostic code: what it means, a failing example, a fixed one. The pages are {@code docs/diagnostics}. */
@NullMarked
package dev.turnout.driver.explain;

import org.jspecify.annotations.NullMarked;
