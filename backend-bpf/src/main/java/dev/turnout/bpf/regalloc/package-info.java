/**
 * Register allocation: a {@link dev.turnout.bpf.machine.MachineFunction} over virtual registers goes in, an {@link
 * dev.turnout.bpf.regalloc.Allocation} of r0 to r9 to them comes out; what did not fit has been rewritten to live in the
 * frame, or to be computed again where it is used.
 *
 * <p>The method is iterated register coalescing (George and Appel, "Iterated Register Coalescing", 1996): a graph whose
 * edges join registers that hold different values at one time is coloured with ten colours, and the ends of a move become
 * one node where that cannot make colouring harder. Ten registers, two-address arithmetic and fixed places for arguments
 * make moves the main cost of BPF code, so the allocator is built around removing them. Machine registers are nodes that
 * have their colour from the beginning.
 */
@NullMarked
package dev.turnout.bpf.regalloc;

import org.jspecify.annotations.NullMarked;
