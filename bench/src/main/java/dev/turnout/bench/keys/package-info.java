/**
 * What static keys cost. {@link dev.turnout.bench.keys.OffTable} runs a loop with four features that are switched off, by keys, by
 * variables and by not being there, beside native code with the same cells. {@link dev.turnout.bench.keys.FlipTable} takes the time
 * from {@code set} to "seen by all threads", beside the bare call that makes threads serialise.
 */
@NullMarked
package dev.turnout.bench.keys;

import org.jspecify.annotations.NullMarked;
