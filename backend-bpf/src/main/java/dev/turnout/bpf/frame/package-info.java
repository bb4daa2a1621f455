/**
 * The frame: places for the variables and spilled registers of a function below r10, at most 512 bytes, and the sum over
 * the deepest chain of calls. Offsets are negative, in bytes from r10 (RFC 9669, section 2.1; limits of Linux 7.2).
 */
@NullMarked
package dev.turnout.bpf.frame;

import org.jspecify.annotations.NullMarked;
