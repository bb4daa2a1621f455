/**
 * Native code as it lives in this process: how it is entered and left, what it calls in Java, and when it may be freed.
 *
 * <p>{@link dev.turnout.x86.live.Gates} are the machine code that all programs share: the ways in (one run, or the loop over many
 * inputs) and the way out to helpers in Java. A {@link dev.turnout.x86.live.LiveImage} is a program's code at its address. A
 * {@link dev.turnout.x86.live.LiveMachine} is what the engine keeps of a machine: its images, and for each CPU slot what helpers
 * see of the run.
 *
 * <p>The life of an image: <em>prepare</em> (translate, take a block, write the code with its addresses, write the jump tables;
 * nobody knows the address), <em>publish</em> (the program is handed out, or a program array gets its entry), <em>retire</em> (the
 * last of those who retain it lets go: the program is closed and no program array holds it; from now on no run can begin in it or
 * come to it), <em>quiesce</em> (every lease of a CPU slot that was there when it was retired has ended, so no run that began
 * before is still inside), <em>reclaim</em> (the block is filled with breakpoints and goes back). Nobody waits: retired images are
 * looked at whenever the machine loads or retires another. docs/adr/0013 has the argument.
 */
@NullMarked
package dev.turnout.x86.live;

import org.jspecify.annotations.NullMarked;
