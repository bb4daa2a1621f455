package dev.turnout.stdlib.kfunc;

/** What a kernel function gives. */
public sealed interface KernelResult {
    /** Nothing: r0 is not to be read. */
    record Nothing() implements KernelResult {}

    /** A number about which nothing is known; an address of no known type is one, too. */
    record Number() implements KernelResult {}

    /** Memory that may only be read, of {@code bytes} bytes. */
    record ReadOnlyMemory(long bytes) implements KernelResult {}

    /** Memory of {@code bytes} bytes that is the program's own to read and write. */
    record WritableMemory(long bytes) implements KernelResult {}

    /** Bytes that a dynptr refers to, as many as the last argument says. */
    record Slice(boolean writable) implements KernelResult {}

    /** An object of the type whose number is the first argument. */
    record NewObject(boolean perCpu) implements KernelResult {}

    /** One more reference to the object that was given. */
    record SameObject() implements KernelResult {}

    /** A node of the list or tree that was given. */
    record Node() implements KernelResult {}

    /**
     * An object of the kernel, of a type that only its BTF knows.
     *
     * @param believed whether it is alive for sure
     */
    record Object(boolean believed) implements KernelResult {}

    /** Zero if the lock was taken, else a negative error. */
    record LockResult() implements KernelResult {}
}
