/**
 * The plain translation ("direct"): one BPF instruction after the other becomes x86-64 code, and nothing is known of any but the
 * present one. It is what cleverer translations are compared with, so it must be obviously right: each lowering states what
 * the row in {@link dev.turnout.bpf.isa} states, in other words. Speed comes from the fixed assignment of registers alone:
 *
 * {@snippet lang="text" :
 * r0   r1   r2   r3   r4   r5   r6   r7   r8   r9   r10  ax
 * rax  rdi  rsi  rdx  rcx  r8   rbx  r13  r14  r15  rbp  r10      r9, r11: scratch    r12: control block
 * }
 *
 * <p>The native stack holds return addresses, the registers r6 to r9 of callers and the counters of {@code may_goto}; locals are
 * in the workspace's frames, below rbp, where the interpreter has them too. docs/adr/0012 argues for all that.
 *
 * <p>{@link dev.turnout.x86.lower.DirectCompiler} is the door; {@link dev.turnout.x86.lower.InsnLowering} is the switch over all
 * instructions, from which each family has a class of its own.
 */
@NullMarked
package dev.turnout.x86.lower;

import org.jspecify.annotations.NullMarked;
