/** What was not proven, in words that lead to the fix. */
@NullMarked
package dev.turnout.verifier.report;

import org.jspecify.annotations.NullMarked;
