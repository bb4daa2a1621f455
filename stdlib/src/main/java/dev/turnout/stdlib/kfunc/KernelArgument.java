package dev.turnout.stdlib.kfunc;

/** What a kernel function demands of an argument. */
public enum KernelArgument {
    /** A number. */
    NUMBER,
    /** A number that is known when the program is loaded. */
    CONSTANT,
    /** The number of a struct type of the program's own BTF. */
    LOCAL_TYPE,
    /** Anything that is set: an address that the function reads with care, or what the kernel fills in. */
    ANYTHING,
    /** Not even set: the loader fills it in. */
    IGNORED,
    /** The program's own context, unmodified. */
    CONTEXT,
    /** An object of the kernel, of a type that only its BTF knows. */
    OBJECT,
    /** The same, or null. */
    OBJECT_OR_NULL,
    /** A dynptr that refers to memory. */
    DYNPTR,
    /** The same, or null. */
    DYNPTR_OR_NULL,
    /** Sixteen bytes of the stack that become a dynptr. */
    DYNPTR_OUT,
    /** An iterator on the stack: created, asked or destroyed as the row's step says. */
    ITERATOR,
    /** Eight bytes of the stack that hold, or come to hold, the interrupt state. */
    IRQ_FLAG,
    /** A {@code bpf_res_spin_lock} in a map value or an allocated object. */
    RESILIENT_LOCK,
    /** A {@code bpf_list_head}. */
    LIST_HEAD,
    /** A {@code bpf_list_node} of an object that the program owns. */
    LIST_NODE,
    /** A {@code bpf_list_node} of an object that the program owns or sees under the list's lock. */
    LIST_NODE_SEEN,
    /** A {@code bpf_rb_root}. */
    TREE_ROOT,
    /** A {@code bpf_rb_node}; which ownership it needs depends on the function. */
    TREE_NODE,
    /** An object that {@code bpf_obj_new} made and the program owns. */
    ALLOCATED,
    /** An object with a {@code bpf_refcount}, owned or seen. */
    COUNTED,
    /** A map. */
    MAP,
    /** A {@code bpf_wq} in a map value. */
    WORKQUEUE,
    /** A {@code bpf_timer} in a map value. */
    TIMER,
    /** A {@code bpf_task_work} in a map value. */
    TASK_WORK,
    /** A static function that the kernel calls. */
    CALLBACK,
    /** A constant read-only text that ends in a zero byte. */
    CONST_STRING,
    /** Memory that the function reads and writes; its length is the next argument. */
    MEMORY,
    /** The same, or null. */
    MEMORY_OR_NULL,
    /** Memory that the function reads and writes, as much as the type has that the kernel's prototype points to. */
    POINTEE,
    /** The length of the memory before it. */
    SIZE,
    /** The same, known when the program is loaded. */
    CONSTANT_SIZE
}
