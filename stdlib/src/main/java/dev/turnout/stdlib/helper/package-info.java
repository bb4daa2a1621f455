/**
 * The kernel's helper functions: a row each, from which the call's checks (verifier), its number (code generator), its
 * signature (language) and its place in the runtime follow. Source: Linux 7.2, {@code include/uapi/linux/bpf.h} and the
 * {@code bpf_func_proto} of each helper.
 */
@NullMarked
package dev.turnout.stdlib.helper;

import org.jspecify.annotations.NullMarked;
