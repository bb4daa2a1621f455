/**
 * The static linker: several objects become one. It works on files, not on {@code dev.turnout.bpf.object}'s model of programs: what
 * need not change of an object of clang or gcc keeps its bytes, and nothing is lost that we do not understand.
 *
 * <p>{@link dev.turnout.bpf.merge.ObjectLinker} is the door. It goes in steps, each a class of its own: sections of one name are laid
 * behind each other ({@code SectionMerge}); global names are resolved and checked ({@code SymbolMerge}, {@code Agreement}); what code
 * and tables say of places is moved with them ({@code RelocationMerge}, {@code TableMerge}); types become one graph without doubles
 * ({@code TypeMerge}), and what hangs on code follows ({@code ExtMerge}).
 *
 * <p>Vocabulary: an <i>input</i> is one of the objects. A <i>place</i> is where a section of an input came to lie in the output: the
 * output's section and a <i>base</i> in bytes. A definition <i>loses</i> when another one of its name is taken; its bytes stay where
 * they are (code around them may not move: calls inside a section carry no relocation), but nothing refers to them any more.
 *
 * <p>Sources: ELF-64 for symbols and relocations; LLVM 22 for the relocations of BPF and for {@code .jumptables}; libbpf 1.8 for
 * what a loader makes of the result.
 */
@NullMarked
package dev.turnout.bpf.merge;

import org.jspecify.annotations.NullMarked;
