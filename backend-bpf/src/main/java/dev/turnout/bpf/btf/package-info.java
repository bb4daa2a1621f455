/**
 * BTF: types, function signatures and source lines inside an object. {@link dev.turnout.bpf.btf.BtfType} is one record of
 * the type section, {@link dev.turnout.bpf.btf.Btf} all of them, {@link dev.turnout.bpf.btf.BtfExt} what hangs on code.
 * {@link dev.turnout.bpf.btf.BtfBuilder} makes types from {@code DebugType}s, {@link dev.turnout.bpf.btf.DebugTypeReader}
 * goes back.
 *
 * <p>Vocabulary: a type's <i>id</i> is its position in the section, from 1 on; id 0 is {@code void}. Offsets of code are in
 * bytes from the start of the ELF section here. What is read may be hostile: every offset, count and id is checked, and
 * memory is bounded by a multiple of the section's size. Source: the kernel's BTF documentation, Linux 7.2.
 */
@NullMarked
package dev.turnout.bpf.btf;

import org.jspecify.annotations.NullMarked;
