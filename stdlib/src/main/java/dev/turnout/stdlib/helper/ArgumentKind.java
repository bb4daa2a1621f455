package dev.turnout.stdlib.helper;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a helper demands of an argument. */
public enum ArgumentKind {
    /** Nothing: the register need not even be set. What it holds is printed or dropped. */
    UNCHECKED,
    /** Any initialised value. The helper takes it for a number, also if it is an address. */
    ANYTHING,
    /** A number. */
    SCALAR,
    /** The program's own context, unmodified. */
    CONTEXT,
    /** The same, or null. */
    CONTEXT_OR_NULL,
    /** A map, known at load. */
    MAP,
    /** A readable, initialised key of the map argument: as many bytes as its keys have. */
    MAP_KEY,
    /** A readable, initialised value of the map argument. */
    MAP_VALUE,
    /** The same, or null. */
    MAP_VALUE_OR_NULL,
    /** Memory for a value of the map argument, which the helper fills. */
    MAP_VALUE_OUT,
    /** Readable, initialised memory; its length is the next argument. */
    MEMORY,
    /** The same, or null. */
    MEMORY_OR_NULL,
    /** Memory that the helper fills; its length is the next argument. */
    MEMORY_OUT,
    /** Initialised memory that the helper reads and writes; its length is the next argument. */
    MEMORY_IN_OUT,
    /** The same, or null. */
    MEMORY_IN_OUT_OR_NULL,
    /** The length of the memory argument before it, at least 1. */
    SIZE,
    /** The length of the memory argument before it; 0 is allowed. */
    SIZE_OR_ZERO,
    /** An IPv4 header: 20 readable bytes. */
    IPV4_HEADER(20),
    /** An IPv6 header: 40 readable bytes. */
    IPV6_HEADER(40),
    /** A TCP header without options: 20 readable bytes. */
    TCP_HEADER(20),
    /** Aligned 4 bytes that the helper reads and writes. */
    INT_IN_OUT(4),
    /** Aligned 8 bytes that the helper writes. */
    LONG_OUT(8),
    /** A constant read-only string that ends in a zero byte. */
    CONST_STRING,
    /** The number of bytes to reserve: a constant. */
    ALLOCATION_SIZE,
    /** What a reserve gave and what is given back. */
    RESERVED_MEMORY,
    /** A static function: a callback. */
    FUNCTION,
    /** Memory of the caller's frame that is handed to a callback, or null. */
    STACK_OR_NULL,
    /** A spin lock inside a map value. */
    SPIN_LOCK,
    /** A timer inside a map value. */
    TIMER,
    /** A dynptr that refers to something. */
    DYNPTR,
    /** Room on the stack that becomes a dynptr. */
    DYNPTR_OUT,
    /** Room on the stack that becomes a dynptr to reserved memory of a ring buffer. */
    RINGBUF_DYNPTR_OUT,
    /** A dynptr to reserved memory, which is given back. */
    RINGBUF_DYNPTR,
    /** A socket, as a program is given one: of any kind. */
    SOCK_COMMON,
    /** A socket, as a program is given one or as an object of the kernel. */
    ANY_SOCK_COMMON("sock_common"),
    /** The same, or null. */
    ANY_SOCK_COMMON_OR_NULL("sock_common"),
    /** A socket that a lookup gave, which is given back. */
    SOCK_RELEASED("sock_common"),
    /** A full socket, or null. */
    SOCKET_OR_NULL,
    /** A field of a map value or an allocated object that holds a pointer of the kernel. */
    KPTR_FIELD,
    /** What such a field is to hold, given away; or null. */
    KPTR_OR_NULL,
    /** A variable of the kernel of which every CPU has its own. */
    PER_CPU_OBJECT,
    BINPRM("linux_binprm"),
    CGROUP_OR_NULL("cgroup"),
    FILE("file"),
    INODE("inode"),
    INODE_OR_NULL("inode"),
    PATH("path"),
    SEQ_FILE("seq_file"),
    SK_BUFF("sk_buff"),
    TASK("task_struct"),
    TASK_OR_NULL("task_struct"),
    TCP_SOCK("tcp_sock"),
    XDP_BUFF("xdp_buff");

    private final int bytes;
    private final @Nullable String kernelType;
    private final boolean nullable = name().endsWith("_OR_NULL");

    ArgumentKind() {
        this(0, null);
    }

    ArgumentKind(int bytes) {
        this(bytes, null);
    }

    ArgumentKind(String kernelType) {
        this(0, kernelType);
    }

    ArgumentKind(int bytes, @Nullable String kernelType) {
        this.bytes = bytes;
        this.kernelType = kernelType;
    }

    /** The size of the memory that the argument points to, if that is the same in every call; 0 otherwise. */
    public int bytes() {
        return bytes;
    }

    /** The struct of the kernel that the argument points to, if it is an object of the kernel. */
    public Optional<String> kernelType() {
        return Optional.ofNullable(kernelType);
    }

    /** Whether null will do. */
    public boolean nullable() {
        return nullable;
    }

    /** Whether the helper writes to what the argument points to, as memory. */
    public boolean written() {
        return switch (this) {
            case MAP_VALUE_OUT, MEMORY_OUT, MEMORY_IN_OUT, MEMORY_IN_OUT_OR_NULL, INT_IN_OUT, LONG_OUT -> true;
            case UNCHECKED, ANYTHING, SCALAR, CONTEXT, CONTEXT_OR_NULL, MAP, MAP_KEY, MAP_VALUE, MAP_VALUE_OR_NULL ->
                false;
            case MEMORY, MEMORY_OR_NULL, SIZE, SIZE_OR_ZERO, IPV4_HEADER, IPV6_HEADER, TCP_HEADER -> false;
            case CONST_STRING, ALLOCATION_SIZE, RESERVED_MEMORY, FUNCTION, STACK_OR_NULL, SPIN_LOCK, TIMER -> false;
            case DYNPTR, DYNPTR_OUT, RINGBUF_DYNPTR_OUT, RINGBUF_DYNPTR -> false;
            case SOCK_COMMON, ANY_SOCK_COMMON, ANY_SOCK_COMMON_OR_NULL, SOCK_RELEASED, SOCKET_OR_NULL -> false;
            case KPTR_FIELD, KPTR_OR_NULL, PER_CPU_OBJECT, BINPRM, CGROUP_OR_NULL, FILE, INODE, INODE_OR_NULL -> false;
            case PATH, SEQ_FILE, SK_BUFF, TASK, TASK_OR_NULL, TCP_SOCK, XDP_BUFF -> false;
        };
    }

    /** Whether a helper does no more with the argument, and with the program's memory that it points to, than to read it. */
    public boolean onlyRead() {
        return switch (this) {
            case UNCHECKED, ANYTHING, SCALAR, MAP, MAP_KEY, MAP_VALUE, MAP_VALUE_OR_NULL -> true;
            case MEMORY, MEMORY_OR_NULL, SIZE, SIZE_OR_ZERO, IPV4_HEADER, IPV6_HEADER, TCP_HEADER -> true;
            case CONST_STRING, ALLOCATION_SIZE, RESERVED_MEMORY, SPIN_LOCK -> true;
            case CONTEXT, CONTEXT_OR_NULL, MAP_VALUE_OUT, MEMORY_OUT, MEMORY_IN_OUT, MEMORY_IN_OUT_OR_NULL -> false;
            case INT_IN_OUT, LONG_OUT, FUNCTION, STACK_OR_NULL, TIMER -> false;
            case DYNPTR, DYNPTR_OUT, RINGBUF_DYNPTR_OUT, RINGBUF_DYNPTR -> false;
            case SOCK_COMMON, ANY_SOCK_COMMON, ANY_SOCK_COMMON_OR_NULL, SOCK_RELEASED, SOCKET_OR_NULL -> false;
            case KPTR_FIELD, KPTR_OR_NULL, PER_CPU_OBJECT, BINPRM, CGROUP_OR_NULL, FILE, INODE, INODE_OR_NULL -> false;
            case PATH, SEQ_FILE, SK_BUFF, TASK, TASK_OR_NULL, TCP_SOCK, XDP_BUFF -> false;
        };
    }
}
