/**
 * What the running kernel has: asked when somebody first wants to know, once in a process. {@link
 * dev.turnout.linux.feature.KernelFeature} are classes of instructions, found by loading a program of a few of them; kinds of
 * maps, types of programs and helpers are read from the kernel's own types ({@link dev.turnout.linux.feature.RunningKernel}),
 * which list them whether or not a probe of one would need a device, a socket or another program.
 *
 * <p>Version numbers are said to people and decide nothing: distributions take features back to older kernels, and
 * configurations leave them out.
 */
@NullMarked
package dev.turnout.linux.feature;

import org.jspecify.annotations.NullMarked;
