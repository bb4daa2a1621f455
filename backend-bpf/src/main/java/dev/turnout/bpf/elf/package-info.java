/**
 * The container of objects: what an ELF-64 file of BPF holds, before anything of it means something. {@link
 * dev.turnout.bpf.elf.ElfImage} is a file's sections and symbols with every range checked; {@code dev.turnout.bpf.object} reads
 * programs and maps out of it, {@code dev.turnout.bpf.merge} joins several.
 *
 * <p>What is read may be hostile: nothing is copied that the file does not hold. Sources: ELF-64 Object File Format 1.5; the names
 * and numbers that BPF adds are those of LLVM and libbpf.
 */
@NullMarked
package dev.turnout.bpf.elf;

import org.jspecify.annotations.NullMarked;
