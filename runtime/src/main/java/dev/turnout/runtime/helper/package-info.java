/**
 * Helper functions: what a {@link dev.turnout.stdlib.helper.HelperFunction} row does. {@link
 * dev.turnout.runtime.helper.HelperCalls} is the door: a switch over all rows, which says of each what it does or that this
 * machine lacks it. What a helper sees of the world (clock, random numbers, processes, where printed lines go) is a {@link
 * dev.turnout.runtime.helper.World}; what it sees of the run is a {@link dev.turnout.runtime.helper.CallSite}.
 *
 * <p>Functions of the kernel that programs call by name are helpers by another door, {@link
 * dev.turnout.runtime.helper.KernelCalls}. Bodies of both stand together by what they are about: maps, packets, records, dynptrs, texts.
 *
 * <p>Results and error numbers are Linux 7.2's.
 */
@NullMarked
package dev.turnout.runtime.helper;

import org.jspecify.annotations.NullMarked;
