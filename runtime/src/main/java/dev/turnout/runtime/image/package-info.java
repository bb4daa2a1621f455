/**
 * A loaded object: {@link dev.turnout.runtime.image.Machine} holds its maps, which programs share by name, its keys, its function
 * tables, of which each program has a copy that a {@link dev.turnout.runtime.image.LiveTable} keeps like the others, and the CPU slots that runs lease. A program is bound to a machine before it runs: {@link dev.turnout.runtime.image.Binding} gives
 * its numbers of maps and keys their meaning. Closing the machine frees all memory; no program of it may run then.
 */
@NullMarked
package dev.turnout.runtime.image;

import org.jspecify.annotations.NullMarked;
