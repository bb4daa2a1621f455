/**
 * Code that is given raw memory instead of a context, run by the kernel, which has no such programs. {@link
 * dev.turnout.linux.exec.WrappedCode} makes one of the kernel's out of it: instructions in front set r1 and r2, each exit of the
 * main function becomes a jump to instructions behind it that keep all 64 bits of r0. Memory and r0 are the values of two array
 * maps. {@link dev.turnout.linux.exec.KernelExecution} loads the result and runs it: the door for {@code exec --engine kernel}
 * and for tests that compare engines on raw code.
 *
 * <p>Why not the way that lies nearest, a call of the code as a function, with the memory as a {@code syscall} program's
 * context: the frame of the caller would count against the stack, contexts take neither unaligned nor atomic nor (before Linux
 * 7.1) variable accesses, and programs of that type cannot be repeated by a test run.
 *
 * <p>The kernel's rules of loading stay in force: it refuses code that {@code exec} takes under RFC 9669 alone, such as shifts
 * by constants past the width or instructions that no path reaches.
 */
@NullMarked
package dev.turnout.linux.exec;

import org.jspecify.annotations.NullMarked;
