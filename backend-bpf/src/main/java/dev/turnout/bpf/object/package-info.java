/**
 * Objects: what one compilation makes and what an ELF file of BPF holds, in symbolic form. A {@link
 * dev.turnout.bpf.object.BpfObject} comes from the code generator or from an ELF file; it
 * goes to an ELF file or, program by program, to the loader in {@code dev.turnout.bpf.link}.
 *
 * <p>Everything that an instruction means by name (a function, a map, a byte of a data section, a jump table) is a {@link
 * dev.turnout.bpf.object.Relocation}: a slot and a {@link dev.turnout.bpf.object.Reference}. What the instruction itself
 * holds at such a slot says nothing. So code can be moved, renamed and linked without decoding a single immediate, and
 * whether a call inside one section needs an ELF relocation is the writer's affair alone.
 *
 * <p>Vocabulary: positions of code are <i>slots</i> from the start of their <i>section</i>, not of their function;
 * positions of data are bytes from the start of their section. Sources: ELF-64; libbpf 1.8; clang 22.
 */
@NullMarked
package dev.turnout.bpf.object;

import org.jspecify.annotations.NullMarked;
