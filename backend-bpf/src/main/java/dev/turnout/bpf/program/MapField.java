package dev.turnout.bpf.program;

/**
 * A field of a map's value that is the kernel's own: programs reach it through helpers only.
 *
 * @param offset bytes from the start of the value
 * @param bytes its size
 * @param type of what it points to or contains, as BTF names it; empty where nothing
 * @param node of a root or head: the member of that type by which its elements hang together; empty otherwise
 */
public record MapField(Kind kind, int offset, int bytes, String type, String node) {
    /** A field that nothing hangs on. */
    public MapField(Kind kind, int offset, int bytes, String type) {
        this(kind, offset, bytes, type, "");
    }

    /** Kinds of such fields, of Linux 7.2. */
    public enum Kind {
        SPIN_LOCK("bpf_spin_lock"),
        RES_SPIN_LOCK("bpf_res_spin_lock"),
        TIMER("bpf_timer"),
        WORKQUEUE("bpf_wq"),
        TASK_WORK("bpf_task_work"),
        /** A pointer with a reference of its own, tagged {@code kptr}. */
        KPTR("kptr"),
        KPTR_UNTRUSTED("kptr_untrusted"),
        KPTR_PERCPU("percpu_kptr"),
        USER_POINTER("uptr"),
        LIST_HEAD("bpf_list_head"),
        LIST_NODE("bpf_list_node"),
        RB_ROOT("bpf_rb_root"),
        RB_NODE("bpf_rb_node"),
        REFCOUNT("bpf_refcount");

        private final String kernelName;

        Kind(String kernelName) {
            this.kernelName = kernelName;
        }

        /** The kernel's struct, or the tag of the pointer's type. */
        public String kernelName() {
            return kernelName;
        }
    }
}
