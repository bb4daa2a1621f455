package dev.turnout.stdlib.helper;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a helper's result is. */
public enum ResultKind {
    /** A number. */
    SCALAR,
    /** Nothing: r0 is not to be read. */
    VOID,
    /** Control does not come back if the call succeeds. */
    TAIL,
    /** A pointer to a value of the map argument. */
    MAP_VALUE,
    /** The same, or null. */
    MAP_VALUE_OR_NULL,
    /** Memory of as many bytes as the allocation size says, or null; must be given back. */
    RESERVED_MEMORY_OR_NULL,
    /** Memory of as many bytes as the allocation size says, which lives as long as its dynptr refers to it; or null. */
    DYNPTR_MEMORY_OR_NULL,
    /** A full socket, or null. */
    SOCKET_OR_NULL,
    /** A socket of any kind, or null. */
    SOCK_COMMON_OR_NULL,
    /** A TCP socket, or null. */
    TCP_SOCK_OR_NULL,
    /** What a field of pointers held before, or null. */
    KPTR_OR_NULL,
    /** One CPU's own of the argument's variable. */
    PER_CPU_OBJECT,
    /** The same, or null. */
    PER_CPU_OBJECT_OR_NULL,
    /** The current task, trusted. */
    TASK("task_struct"),
    PT_REGS("pt_regs"),
    FILE_SOCKET_OR_NULL("socket"),
    KERNEL_TCP_SOCK_OR_NULL("tcp_sock"),
    MPTCP_SOCK_OR_NULL("mptcp_sock"),
    TCP6_SOCK_OR_NULL("tcp6_sock"),
    TCP_REQUEST_SOCK_OR_NULL("tcp_request_sock"),
    TCP_TIMEWAIT_SOCK_OR_NULL("tcp_timewait_sock"),
    UDP6_SOCK_OR_NULL("udp6_sock"),
    UNIX_SOCK_OR_NULL("unix_sock");

    private final @Nullable String kernelType;
    private final boolean nullable = name().endsWith("_OR_NULL");

    ResultKind() {
        this(null);
    }

    ResultKind(@Nullable String kernelType) {
        this.kernelType = kernelType;
    }

    /** The struct of the kernel that it points to, if it is an object of the kernel. */
    public Optional<String> kernelType() {
        return Optional.ofNullable(kernelType);
    }

    /** Whether it may be null instead. */
    public boolean nullable() {
        return nullable;
    }
}
