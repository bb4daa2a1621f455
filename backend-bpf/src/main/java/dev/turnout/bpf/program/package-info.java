/**
 * A program ready for a machine: one flat piece of code, main function first, with everything resolved that a loader
 * resolves, and nothing that is particular to one machine. Maps are numbers into the program's own list; the verifier
 * proves it, the runtime binds it to memory, the kernel loader to file descriptors.
 */
@NullMarked
package dev.turnout.bpf.program;

import org.jspecify.annotations.NullMarked;
