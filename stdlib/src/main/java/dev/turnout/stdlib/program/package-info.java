/**
 * Program types and what they are called with: a row a type, a row a context, a row a field. The type checker, the code
 * generator, the verifier, the runtime and the kernel loader all read these rows; none has a list of its own. Source:
 * Linux 7.2, {@code include/uapi/linux/bpf.h} for layouts and numbers, {@code net/core/filter.c} for what may be accessed.
 */
@NullMarked
package dev.turnout.stdlib.program;

import org.jspecify.annotations.NullMarked;
