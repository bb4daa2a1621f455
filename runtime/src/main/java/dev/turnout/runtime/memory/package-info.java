/**
 * Native memory: where maps, packets, contexts and stacks live, outside the Java heap, at addresses that programs hold in
 * registers. A {@link dev.turnout.runtime.memory.Mapping} is a piece of it; {@link dev.turnout.runtime.memory.Memory}
 * reads and writes at addresses. Nothing here checks that an address belongs to anything: the interpreter checks before
 * every access, compiled code has a proof.
 *
 * <p>The first use in a process costs some 25 ms, so nobody touches this package before there is a program to run.
 */
@NullMarked
package dev.turnout.runtime.memory;

import org.jspecify.annotations.NullMarked;
