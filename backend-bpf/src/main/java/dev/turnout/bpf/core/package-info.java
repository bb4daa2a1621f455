/**
 * "Compile once, run everywhere": fits a program to the types of a kernel, as libbpf does before it loads it. Each relocation names a place
 * in a type as the program's author saw it ({@link dev.turnout.bpf.core.LocalPlace}); the place of the same names in the kernel's type of the
 * same name ({@link dev.turnout.bpf.core.KernelPlace}) says what number belongs into the instruction. Names decide, not numbers: what
 * follows three underscores in a type's name does not count.
 *
 * <p>{@link dev.turnout.bpf.core.KernelFit} is the door. An instruction whose question has no answer becomes a call of a helper that there
 * is not, so that a program which gets there is refused, and one that asked first whether the field exists is not.
 *
 * <p>Source: the relocation records and rules of libbpf 1.8.
 */
@NullMarked
package dev.turnout.bpf.core;

import org.jspecify.annotations.NullMarked;
