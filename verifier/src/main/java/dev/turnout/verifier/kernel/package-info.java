/**
 * What the kernel's own types say: which arguments a typed context holds, and what lies at a byte of an object. Programs that are attached
 * to functions of the kernel get its pointers as arguments, and walk from object to object; how far each step is to be believed is a {@link
 * dev.turnout.verifier.domain.Region.Trust}. {@link dev.turnout.verifier.kernel.KernelTypes} answers for objects, {@link
 * dev.turnout.verifier.kernel.TypedContext} for contexts; both the transfer function and the obligations ask them, so that what is loaded is
 * what was checked.
 *
 * <p>Source of the rules: {@code kernel/bpf/btf.c} of Linux 7.2. Where Linux knows more (pointers that are safe inside of RCU sections,
 * memory that untyped pointers lead to), less is believed here: such a pointer is untrusted, or a number.
 */
@NullMarked
package dev.turnout.verifier.kernel;

import org.jspecify.annotations.NullMarked;
