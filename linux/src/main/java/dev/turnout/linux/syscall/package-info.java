/**
 * The system call {@code bpf(2)} and nothing above it: {@link dev.turnout.linux.syscall.Attributes} is the union that a command
 * reads, {@link dev.turnout.linux.syscall.Bpf} makes the call and gives back the result or the negated error number, {@link
 * dev.turnout.linux.syscall.Descriptor} owns a file descriptor. Source: Linux 7.2, {@code include/uapi/linux/bpf.h}.
 *
 * <p>The first call of a process costs some 25 ms, for the JVM binds the C library then; nothing here is touched before.
 */
@NullMarked
package dev.turnout.linux.syscall;

import org.jspecify.annotations.NullMarked;
