/**
 * The running kernel as an engine and a judge. A {@link dev.turnout.linux.load.KernelObject} holds the maps that the programs of
 * an object share, as {@code Machine} does for the machine of our own; it loads a {@link dev.turnout.bpf.program.BpfProgram},
 * and what comes out is the kernel's verdict. A {@link dev.turnout.linux.load.KernelProgram} is run by the kernel's test run.
 *
 * <p>Maps are handed in by index ({@code fd_array}), so code goes to the kernel as it stands. What {@code trace_printk} prints
 * goes into the kernel's trace buffer, which all of the system shares; it is not read back.
 */
@NullMarked
package dev.turnout.linux.load;

import org.jspecify.annotations.NullMarked;
