/**
 * Program types and what they are called with: a row a type, a row a context, a row a field, a row a section name. The type
 * checker, the code generator, the verifier, the runtime and the kernel loader all read these rows; none has a list of its own.
 *
 * <p>{@link dev.turnout.stdlib.program.ProgramSection#of} turns {@code cgroup/connect4} into a type and a place of attachment; the
 * {@link dev.turnout.stdlib.program.ContextLayout} of the type holds the fields; {@link
 * dev.turnout.stdlib.program.ProgramType#mayRead} says which of them are there at that place, and {@link
 * dev.turnout.stdlib.program.FieldTable#fits} how wide an access may be. {@code user_ip6[1]} may be read as {@code u16} there? Not in
 * {@code connect4}: it is the other family's; in {@code connect6} it may, and {@code user_ip6[0]} with it as one {@code u64}. A {@link
 * dev.turnout.stdlib.program.ContextView} is the type by which the language names a context, or what one tracepoint makes of it.
 *
 * <p>Source: Linux 7.2, {@code include/uapi/linux/bpf.h} for layouts and numbers, the functions {@code …_is_valid_access} of {@code
 * net/core/filter.c}, {@code kernel/bpf/cgroup.c} and {@code kernel/trace/bpf_trace.c} for what may be accessed, {@code
 * return_retval_range} of the verifier for results, libbpf 1.8 for sections. {@code ContextsAgainstKernelTest} holds the rows to it.
 */
@NullMarked
package dev.turnout.stdlib.program;

import org.jspecify.annotations.NullMarked;
