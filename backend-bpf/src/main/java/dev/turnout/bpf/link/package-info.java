/**
 * From an object to programs. {@link dev.turnout.bpf.link.ProgramLoader} does for one program what libbpf does before it
 * calls the kernel: it lays the program's main function and all that it reaches into one piece of code and settles every
 * reference, to functions as distances, to maps and data as numbers into the program's own list.
 *
 * <p>Source: the rules of placement and relocation of libbpf 1.8.
 */
@NullMarked
package dev.turnout.bpf.link;

import org.jspecify.annotations.NullMarked;
