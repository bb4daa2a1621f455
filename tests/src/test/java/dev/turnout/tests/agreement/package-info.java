/**
 * Our verifier beside Linux's, over any objects. Linux's side is a file of verdicts, a JSON line a program, or the running
 * kernel; ours is asked here. What comes out is a table of agreement, and each program about which the two differ.
 *
 * <p>Two kinds of programs are counted apart. Some need the types of a kernel (a context that BTF describes, a kernel function,
 * a typed symbol): without these nobody can judge them. Of others Linux's verifier was not asked at all, because the loader gave
 * up before, or the kernel refused the request around the program; they tell nothing of a verifier.
 */
@NullMarked
package dev.turnout.tests.agreement;

import org.jspecify.annotations.NullMarked;
