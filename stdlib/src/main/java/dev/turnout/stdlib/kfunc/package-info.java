/**
 * Functions of the kernel that programs call by name (kfuncs): a row each. BTF tells the types of a kernel's functions, but
 * not what they do with what they are given: which argument is a stack object that comes into being, which result must be
 * given back, which call opens a region. That is what the rows say, and with them programs that need none of the kernel's
 * types are verified without its BTF. Source: Linux 7.2, the {@code BTF_ID_FLAGS} sets and the suffixes of parameters that
 * {@code Documentation/bpf/kfuncs.rst} defines.
 */
@NullMarked
package dev.turnout.stdlib.kfunc;

import org.jspecify.annotations.NullMarked;
