/** What code is made for: each target is a row of features and thresholds. */
@NullMarked
package dev.turnout.stdlib.target;

import org.jspecify.annotations.NullMarked;
