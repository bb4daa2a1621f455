package dev.turnout.stdlib.kfunc;

import static dev.turnout.stdlib.kfunc.KernelArgument.ALLOCATED;
import static dev.turnout.stdlib.kfunc.KernelArgument.ANYTHING;
import static dev.turnout.stdlib.kfunc.KernelArgument.CALLBACK;
import static dev.turnout.stdlib.kfunc.KernelArgument.CONSTANT;
import static dev.turnout.stdlib.kfunc.KernelArgument.CONSTANT_SIZE;
import static dev.turnout.stdlib.kfunc.KernelArgument.CONST_STRING;
import static dev.turnout.stdlib.kfunc.KernelArgument.CONTEXT;
import static dev.turnout.stdlib.kfunc.KernelArgument.COUNTED;
import static dev.turnout.stdlib.kfunc.KernelArgument.DYNPTR;
import static dev.turnout.stdlib.kfunc.KernelArgument.DYNPTR_OR_NULL;
import static dev.turnout.stdlib.kfunc.KernelArgument.DYNPTR_OUT;
import static dev.turnout.stdlib.kfunc.KernelArgument.IGNORED;
import static dev.turnout.stdlib.kfunc.KernelArgument.IRQ_FLAG;
import static dev.turnout.stdlib.kfunc.KernelArgument.ITERATOR;
import static dev.turnout.stdlib.kfunc.KernelArgument.LIST_HEAD;
import static dev.turnout.stdlib.kfunc.KernelArgument.LIST_NODE;
import static dev.turnout.stdlib.kfunc.KernelArgument.LIST_NODE_SEEN;
import static dev.turnout.stdlib.kfunc.KernelArgument.LOCAL_TYPE;
import static dev.turnout.stdlib.kfunc.KernelArgument.MAP;
import static dev.turnout.stdlib.kfunc.KernelArgument.MEMORY;
import static dev.turnout.stdlib.kfunc.KernelArgument.MEMORY_OR_NULL;
import static dev.turnout.stdlib.kfunc.KernelArgument.NUMBER;
import static dev.turnout.stdlib.kfunc.KernelArgument.OBJECT;
import static dev.turnout.stdlib.kfunc.KernelArgument.OBJECT_OR_NULL;
import static dev.turnout.stdlib.kfunc.KernelArgument.POINTEE;
import static dev.turnout.stdlib.kfunc.KernelArgument.RESILIENT_LOCK;
import static dev.turnout.stdlib.kfunc.KernelArgument.SIZE;
import static dev.turnout.stdlib.kfunc.KernelArgument.TASK_WORK;
import static dev.turnout.stdlib.kfunc.KernelArgument.TIMER;
import static dev.turnout.stdlib.kfunc.KernelArgument.TREE_NODE;
import static dev.turnout.stdlib.kfunc.KernelArgument.TREE_ROOT;
import static dev.turnout.stdlib.kfunc.KernelArgument.WORKQUEUE;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.CIPHER;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.COMMON;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.CPUMASK;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.GENERIC;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.ITERATION;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.LSM_ONLY;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.SESSION;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.SKB;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.SYSCALL_ONLY;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.TC;
import static dev.turnout.stdlib.kfunc.KernelFunction.Group.XDP_ONLY;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.ACQUIRES;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.CREATES;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.DESTROYS;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.IN_RCU_REGION;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.MOVES_PACKET;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.NEXT;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.OR_NULL;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.RELEASES;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.SLEEPS;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.TAKES_RCU;
import static dev.turnout.stdlib.kfunc.KernelFunction.Trait.UNDER_LOCK;

import dev.turnout.stdlib.program.ProgramType;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel functions whose calls are understood, by name. A row's constant is the function's name without {@code bpf_}.
 * Functions ending in {@code _impl} are what the same function was called before the loader filled in its last arguments.
 */
public enum KernelFunction {
    // Iterators
    ITER_NUM_NEW(COMMON, number(), List.of(ITERATOR, NUMBER, NUMBER), 8, CREATES, UNDER_LOCK),
    ITER_NUM_NEXT(COMMON, readOnly(4), List.of(ITERATOR), 8, NEXT, OR_NULL, UNDER_LOCK),
    ITER_NUM_DESTROY(COMMON, nothing(), List.of(ITERATOR), 8, DESTROYS, UNDER_LOCK),
    ITER_BITS_NEW(COMMON, number(), List.of(ITERATOR, ANYTHING, NUMBER), 16, CREATES),
    ITER_BITS_NEXT(COMMON, readOnly(4), List.of(ITERATOR), 16, NEXT, OR_NULL),
    ITER_BITS_DESTROY(COMMON, nothing(), List.of(ITERATOR), 16, DESTROYS),
    ITER_TASK_VMA_NEW(COMMON, number(), List.of(ITERATOR, OBJECT, NUMBER), 8, CREATES, TAKES_RCU),
    ITER_TASK_VMA_NEXT(COMMON, object(), List.of(ITERATOR), 8, NEXT, OR_NULL),
    ITER_TASK_VMA_DESTROY(COMMON, nothing(), List.of(ITERATOR), 8, DESTROYS),
    ITER_CSS_TASK_NEW(COMMON, number(), List.of(ITERATOR, OBJECT, NUMBER), 8, CREATES),
    ITER_CSS_TASK_NEXT(COMMON, object(), List.of(ITERATOR), 8, NEXT, OR_NULL),
    ITER_CSS_TASK_DESTROY(COMMON, nothing(), List.of(ITERATOR), 8, DESTROYS),
    ITER_CSS_NEW(COMMON, number(), List.of(ITERATOR, OBJECT, NUMBER), 24, CREATES, IN_RCU_REGION),
    ITER_CSS_NEXT(COMMON, object(), List.of(ITERATOR), 24, NEXT, OR_NULL),
    ITER_CSS_DESTROY(COMMON, nothing(), List.of(ITERATOR), 24, DESTROYS),
    ITER_TASK_NEW(COMMON, number(), List.of(ITERATOR, OBJECT_OR_NULL, NUMBER), 24, CREATES, IN_RCU_REGION),
    ITER_TASK_NEXT(COMMON, object(), List.of(ITERATOR), 24, NEXT, OR_NULL),
    ITER_TASK_DESTROY(COMMON, nothing(), List.of(ITERATOR), 24, DESTROYS),
    ITER_KMEM_CACHE_NEW(COMMON, number(), List.of(ITERATOR), 8, CREATES, SLEEPS),
    ITER_KMEM_CACHE_NEXT(COMMON, object(), List.of(ITERATOR), 8, NEXT, OR_NULL, SLEEPS),
    ITER_KMEM_CACHE_DESTROY(COMMON, nothing(), List.of(ITERATOR), 8, DESTROYS, SLEEPS),
    ITER_DMABUF_NEW(COMMON, number(), List.of(ITERATOR), 8, CREATES, SLEEPS),
    ITER_DMABUF_NEXT(COMMON, object(), List.of(ITERATOR), 8, NEXT, OR_NULL, SLEEPS),
    ITER_DMABUF_DESTROY(COMMON, nothing(), List.of(ITERATOR), 8, DESTROYS, SLEEPS),

    // Dynptrs
    DYNPTR_FROM_SKB(SKB, number(), List.of(CONTEXT, NUMBER, DYNPTR_OUT)),
    DYNPTR_FROM_SKB_META(TC, number(), List.of(CONTEXT, NUMBER, DYNPTR_OUT)),
    DYNPTR_FROM_XDP(XDP_ONLY, number(), List.of(CONTEXT, NUMBER, DYNPTR_OUT)),
    DYNPTR_FROM_FILE(COMMON, number(), List.of(OBJECT, NUMBER, DYNPTR_OUT)),
    DYNPTR_FILE_DISCARD(COMMON, number(), List.of(DYNPTR), RELEASES),
    DYNPTR_SLICE(
            COMMON, new KernelResult.Slice(false), List.of(DYNPTR, NUMBER, MEMORY_OR_NULL, CONSTANT_SIZE), OR_NULL),
    DYNPTR_SLICE_RDWR(
            COMMON, new KernelResult.Slice(true), List.of(DYNPTR, NUMBER, MEMORY_OR_NULL, CONSTANT_SIZE), OR_NULL),
    DYNPTR_ADJUST(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER)),
    DYNPTR_IS_NULL(COMMON, number(), List.of(DYNPTR)),
    DYNPTR_IS_RDONLY(COMMON, number(), List.of(DYNPTR)),
    DYNPTR_SIZE(COMMON, number(), List.of(DYNPTR)),
    DYNPTR_CLONE(COMMON, number(), List.of(DYNPTR, DYNPTR_OUT)),
    DYNPTR_COPY(COMMON, number(), List.of(DYNPTR, NUMBER, DYNPTR, NUMBER, NUMBER)),
    DYNPTR_MEMSET(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, NUMBER)),
    PROBE_READ_USER_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING)),
    PROBE_READ_KERNEL_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING)),
    PROBE_READ_USER_STR_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING)),
    PROBE_READ_KERNEL_STR_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING)),
    COPY_FROM_USER_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING), SLEEPS),
    COPY_FROM_USER_STR_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING), SLEEPS),
    COPY_FROM_USER_TASK_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING, OBJECT), SLEEPS),
    COPY_FROM_USER_TASK_STR_DYNPTR(COMMON, number(), List.of(DYNPTR, NUMBER, NUMBER, ANYTHING, OBJECT), SLEEPS),

    // Regions
    RCU_READ_LOCK(COMMON, nothing(), List.of()),
    RCU_READ_UNLOCK(COMMON, nothing(), List.of()),
    PREEMPT_DISABLE(COMMON, nothing(), List.of()),
    PREEMPT_ENABLE(COMMON, nothing(), List.of()),
    LOCAL_IRQ_SAVE(COMMON, nothing(), List.of(IRQ_FLAG)),
    LOCAL_IRQ_RESTORE(COMMON, nothing(), List.of(IRQ_FLAG)),
    RES_SPIN_LOCK(COMMON, new KernelResult.LockResult(), List.of(RESILIENT_LOCK), UNDER_LOCK),
    RES_SPIN_UNLOCK(COMMON, nothing(), List.of(RESILIENT_LOCK), UNDER_LOCK),
    RES_SPIN_LOCK_IRQSAVE(COMMON, new KernelResult.LockResult(), List.of(RESILIENT_LOCK, IRQ_FLAG), UNDER_LOCK),
    RES_SPIN_UNLOCK_IRQRESTORE(COMMON, nothing(), List.of(RESILIENT_LOCK, IRQ_FLAG), UNDER_LOCK),

    // Objects of the program's own types
    OBJ_NEW(GENERIC, new KernelResult.NewObject(false), List.of(LOCAL_TYPE), ACQUIRES, OR_NULL),
    OBJ_NEW_IMPL(GENERIC, new KernelResult.NewObject(false), List.of(LOCAL_TYPE, IGNORED), ACQUIRES, OR_NULL),
    PERCPU_OBJ_NEW(GENERIC, new KernelResult.NewObject(true), List.of(LOCAL_TYPE), ACQUIRES, OR_NULL),
    PERCPU_OBJ_NEW_IMPL(GENERIC, new KernelResult.NewObject(true), List.of(LOCAL_TYPE, IGNORED), ACQUIRES, OR_NULL),
    OBJ_DROP(GENERIC, nothing(), List.of(ALLOCATED), RELEASES),
    OBJ_DROP_IMPL(GENERIC, nothing(), List.of(ALLOCATED, IGNORED), RELEASES),
    PERCPU_OBJ_DROP(GENERIC, nothing(), List.of(ALLOCATED), RELEASES),
    PERCPU_OBJ_DROP_IMPL(GENERIC, nothing(), List.of(ALLOCATED, IGNORED), RELEASES),
    REFCOUNT_ACQUIRE(
            GENERIC, new KernelResult.SameObject(), List.of(COUNTED), ACQUIRES, OR_NULL, TAKES_RCU, UNDER_LOCK),
    REFCOUNT_ACQUIRE_IMPL(
            GENERIC,
            new KernelResult.SameObject(),
            List.of(COUNTED, IGNORED),
            ACQUIRES,
            OR_NULL,
            TAKES_RCU,
            UNDER_LOCK),
    LIST_PUSH_FRONT(GENERIC, number(), List.of(LIST_HEAD, LIST_NODE), UNDER_LOCK),
    LIST_PUSH_FRONT_IMPL(GENERIC, number(), List.of(LIST_HEAD, LIST_NODE, IGNORED, NUMBER), UNDER_LOCK),
    LIST_PUSH_BACK(GENERIC, number(), List.of(LIST_HEAD, LIST_NODE), UNDER_LOCK),
    LIST_PUSH_BACK_IMPL(GENERIC, number(), List.of(LIST_HEAD, LIST_NODE, IGNORED, NUMBER), UNDER_LOCK),
    LIST_ADD(GENERIC, number(), List.of(LIST_HEAD, LIST_NODE, LIST_NODE_SEEN), UNDER_LOCK),
    LIST_POP_FRONT(GENERIC, node(), List.of(LIST_HEAD), ACQUIRES, OR_NULL, UNDER_LOCK),
    LIST_POP_BACK(GENERIC, node(), List.of(LIST_HEAD), ACQUIRES, OR_NULL, UNDER_LOCK),
    LIST_DEL(GENERIC, node(), List.of(LIST_HEAD, LIST_NODE_SEEN), ACQUIRES, OR_NULL, UNDER_LOCK),
    LIST_FRONT(GENERIC, node(), List.of(LIST_HEAD), OR_NULL, UNDER_LOCK),
    LIST_BACK(GENERIC, node(), List.of(LIST_HEAD), OR_NULL, UNDER_LOCK),
    LIST_IS_FIRST(GENERIC, number(), List.of(LIST_HEAD, LIST_NODE_SEEN), UNDER_LOCK),
    LIST_IS_LAST(GENERIC, number(), List.of(LIST_HEAD, LIST_NODE_SEEN), UNDER_LOCK),
    LIST_EMPTY(GENERIC, number(), List.of(LIST_HEAD), UNDER_LOCK),
    RBTREE_ADD(GENERIC, number(), List.of(TREE_ROOT, TREE_NODE, CALLBACK), UNDER_LOCK),
    RBTREE_ADD_IMPL(GENERIC, number(), List.of(TREE_ROOT, TREE_NODE, CALLBACK, IGNORED, NUMBER), UNDER_LOCK),
    RBTREE_REMOVE(GENERIC, node(), List.of(TREE_ROOT, TREE_NODE), ACQUIRES, OR_NULL, UNDER_LOCK),
    RBTREE_FIRST(GENERIC, node(), List.of(TREE_ROOT), OR_NULL, UNDER_LOCK),
    RBTREE_ROOT(GENERIC, node(), List.of(TREE_ROOT), OR_NULL, UNDER_LOCK),
    RBTREE_LEFT(GENERIC, node(), List.of(TREE_ROOT, TREE_NODE), OR_NULL, UNDER_LOCK),
    RBTREE_RIGHT(GENERIC, node(), List.of(TREE_ROOT, TREE_NODE), OR_NULL, UNDER_LOCK),

    // Things to be done later
    WQ_INIT(COMMON, number(), List.of(WORKQUEUE, MAP, NUMBER)),
    WQ_START(COMMON, number(), List.of(WORKQUEUE, NUMBER)),
    WQ_SET_CALLBACK(COMMON, number(), List.of(WORKQUEUE, CALLBACK, NUMBER)),
    WQ_SET_CALLBACK_IMPL(COMMON, number(), List.of(WORKQUEUE, CALLBACK, NUMBER, IGNORED)),
    TIMER_CANCEL_ASYNC(COMMON, number(), List.of(TIMER)),
    TASK_WORK_SCHEDULE_SIGNAL(COMMON, number(), List.of(OBJECT, TASK_WORK, MAP, CALLBACK)),
    TASK_WORK_SCHEDULE_SIGNAL_IMPL(COMMON, number(), List.of(OBJECT, TASK_WORK, MAP, CALLBACK, IGNORED)),
    TASK_WORK_SCHEDULE_RESUME(COMMON, number(), List.of(OBJECT, TASK_WORK, MAP, CALLBACK)),
    TASK_WORK_SCHEDULE_RESUME_IMPL(COMMON, number(), List.of(OBJECT, TASK_WORK, MAP, CALLBACK, IGNORED)),

    // Texts; they are read with care, so any address does
    STRCMP(COMMON, number(), List.of(ANYTHING, ANYTHING)),
    STRCASECMP(COMMON, number(), List.of(ANYTHING, ANYTHING)),
    STRNCASECMP(COMMON, number(), List.of(ANYTHING, ANYTHING, NUMBER)),
    STRCHR(COMMON, number(), List.of(ANYTHING, NUMBER)),
    STRCHRNUL(COMMON, number(), List.of(ANYTHING, NUMBER)),
    STRNCHR(COMMON, number(), List.of(ANYTHING, NUMBER, NUMBER)),
    STRRCHR(COMMON, number(), List.of(ANYTHING, NUMBER)),
    STRLEN(COMMON, number(), List.of(ANYTHING)),
    STRNLEN(COMMON, number(), List.of(ANYTHING, NUMBER)),
    STRSPN(COMMON, number(), List.of(ANYTHING, ANYTHING)),
    STRCSPN(COMMON, number(), List.of(ANYTHING, ANYTHING)),
    STRSTR(COMMON, number(), List.of(ANYTHING, ANYTHING)),
    STRCASESTR(COMMON, number(), List.of(ANYTHING, ANYTHING)),
    STRNSTR(COMMON, number(), List.of(ANYTHING, ANYTHING, NUMBER)),
    STRNCASESTR(COMMON, number(), List.of(ANYTHING, ANYTHING, NUMBER)),
    COPY_FROM_USER_STR(COMMON, number(), List.of(MEMORY, SIZE, ANYTHING, NUMBER), SLEEPS),
    COPY_FROM_USER_TASK_STR(COMMON, number(), List.of(MEMORY, SIZE, ANYTHING, OBJECT, NUMBER), SLEEPS),
    STREAM_VPRINTK(COMMON, number(), List.of(NUMBER, CONST_STRING, MEMORY, SIZE), UNDER_LOCK),
    STREAM_VPRINTK_IMPL(COMMON, number(), List.of(NUMBER, CONST_STRING, MEMORY, SIZE, IGNORED), UNDER_LOCK),
    STREAM_PRINT_STACK(COMMON, number(), List.of(NUMBER), UNDER_LOCK),

    // Casts
    CAST_TO_KERN_CTX(COMMON, object(), List.of(CONTEXT)),
    RDONLY_CAST(COMMON, object(), List.of(ANYTHING, CONSTANT)),

    // The packet
    XDP_PULL_DATA(XDP_ONLY, number(), List.of(CONTEXT, NUMBER), MOVES_PACKET),

    // Arenas; what they give is an address as users see it, which a cast makes a pointer
    ARENA_ALLOC_PAGES(COMMON, number(), List.of(MAP, ANYTHING, NUMBER, NUMBER, NUMBER), UNDER_LOCK),
    ARENA_FREE_PAGES(COMMON, nothing(), List.of(MAP, ANYTHING, NUMBER), UNDER_LOCK),
    ARENA_RESERVE_PAGES(COMMON, number(), List.of(MAP, ANYTHING, NUMBER), UNDER_LOCK),

    // Ends
    THROW(GENERIC, nothing(), List.of(NUMBER)),

    // Objects of the kernel's types
    TASK_ACQUIRE(GENERIC, object(), List.of(OBJECT), ACQUIRES, OR_NULL, TAKES_RCU),
    TASK_RELEASE(GENERIC, nothing(), List.of(OBJECT), RELEASES),
    TASK_FROM_PID(GENERIC, object(), List.of(NUMBER), ACQUIRES, OR_NULL),
    TASK_FROM_VPID(GENERIC, object(), List.of(NUMBER), ACQUIRES, OR_NULL),
    TASK_UNDER_CGROUP(GENERIC, number(), List.of(OBJECT, OBJECT), TAKES_RCU),
    TASK_GET_CGROUP1(GENERIC, object(), List.of(OBJECT, NUMBER), ACQUIRES, OR_NULL, TAKES_RCU),
    CGROUP_ACQUIRE(GENERIC, object(), List.of(OBJECT), ACQUIRES, OR_NULL, TAKES_RCU),
    CGROUP_RELEASE(GENERIC, nothing(), List.of(OBJECT), RELEASES),
    CGROUP_ANCESTOR(GENERIC, object(), List.of(OBJECT, NUMBER), ACQUIRES, OR_NULL, TAKES_RCU),
    CGROUP_FROM_ID(GENERIC, object(), List.of(NUMBER), ACQUIRES, OR_NULL),
    SEND_SIGNAL_TASK(GENERIC, number(), List.of(OBJECT, NUMBER, NUMBER, NUMBER)),
    LOOKUP_USER_KEY(GENERIC, object(), List.of(NUMBER, NUMBER), ACQUIRES, OR_NULL, SLEEPS),
    LOOKUP_SYSTEM_KEY(GENERIC, object(), List.of(NUMBER), ACQUIRES, OR_NULL),
    KEY_PUT(GENERIC, nothing(), List.of(OBJECT), RELEASES),
    VERIFY_PKCS7_SIGNATURE(GENERIC, number(), List.of(DYNPTR, DYNPTR, OBJECT), SLEEPS),
    GET_KMEM_CACHE(COMMON, unbelieved(), List.of(NUMBER)),
    CGROUP_READ_XATTR(COMMON, number(), List.of(OBJECT, CONST_STRING, DYNPTR), TAKES_RCU),
    MAP_SUM_ELEM_COUNT(COMMON, number(), List.of(OBJECT)),
    SOCK_DESTROY(ITERATION, number(), List.of(OBJECT)),

    // Sets of processors
    CPUMASK_CREATE(CPUMASK, object(), List.of(), ACQUIRES, OR_NULL),
    CPUMASK_RELEASE(CPUMASK, nothing(), List.of(OBJECT), RELEASES),
    CPUMASK_ACQUIRE(CPUMASK, object(), List.of(OBJECT), ACQUIRES),
    CPUMASK_FIRST(CPUMASK, number(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_FIRST_ZERO(CPUMASK, number(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_FIRST_AND(CPUMASK, number(), List.of(OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_SET_CPU(CPUMASK, nothing(), List.of(NUMBER, OBJECT), TAKES_RCU),
    CPUMASK_CLEAR_CPU(CPUMASK, nothing(), List.of(NUMBER, OBJECT), TAKES_RCU),
    CPUMASK_TEST_CPU(CPUMASK, number(), List.of(NUMBER, OBJECT), TAKES_RCU),
    CPUMASK_TEST_AND_SET_CPU(CPUMASK, number(), List.of(NUMBER, OBJECT), TAKES_RCU),
    CPUMASK_TEST_AND_CLEAR_CPU(CPUMASK, number(), List.of(NUMBER, OBJECT), TAKES_RCU),
    CPUMASK_SETALL(CPUMASK, nothing(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_CLEAR(CPUMASK, nothing(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_AND(CPUMASK, number(), List.of(OBJECT, OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_OR(CPUMASK, nothing(), List.of(OBJECT, OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_XOR(CPUMASK, nothing(), List.of(OBJECT, OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_EQUAL(CPUMASK, number(), List.of(OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_INTERSECTS(CPUMASK, number(), List.of(OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_SUBSET(CPUMASK, number(), List.of(OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_EMPTY(CPUMASK, number(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_FULL(CPUMASK, number(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_COPY(CPUMASK, nothing(), List.of(OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_ANY_DISTRIBUTE(CPUMASK, number(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_ANY_AND_DISTRIBUTE(CPUMASK, number(), List.of(OBJECT, OBJECT), TAKES_RCU),
    CPUMASK_WEIGHT(CPUMASK, number(), List.of(OBJECT), TAKES_RCU),
    CPUMASK_POPULATE(CPUMASK, number(), List.of(OBJECT, MEMORY, SIZE), TAKES_RCU),

    // Ciphers
    CRYPTO_CTX_CREATE(SYSCALL_ONLY, object(), List.of(MEMORY, SIZE, POINTEE), ACQUIRES, OR_NULL, SLEEPS),
    CRYPTO_CTX_ACQUIRE(SYSCALL_ONLY, object(), List.of(OBJECT), ACQUIRES, OR_NULL, TAKES_RCU),
    CRYPTO_CTX_RELEASE(SYSCALL_ONLY, nothing(), List.of(OBJECT), RELEASES),
    CRYPTO_ENCRYPT(CIPHER, number(), List.of(OBJECT, DYNPTR, DYNPTR, DYNPTR_OR_NULL), TAKES_RCU),
    CRYPTO_DECRYPT(CIPHER, number(), List.of(OBJECT, DYNPTR, DYNPTR, DYNPTR_OR_NULL), TAKES_RCU),

    // Files
    GET_TASK_EXE_FILE(LSM_ONLY, object(), List.of(OBJECT), ACQUIRES, OR_NULL),
    PUT_FILE(LSM_ONLY, nothing(), List.of(OBJECT), RELEASES),
    PATH_D_PATH(LSM_ONLY, number(), List.of(OBJECT, MEMORY, SIZE)),
    GET_DENTRY_XATTR(LSM_ONLY, number(), List.of(OBJECT, CONST_STRING, DYNPTR), SLEEPS),
    GET_FILE_XATTR(LSM_ONLY, number(), List.of(OBJECT, CONST_STRING, DYNPTR), SLEEPS),
    SET_DENTRY_XATTR(LSM_ONLY, number(), List.of(OBJECT, CONST_STRING, DYNPTR, NUMBER), SLEEPS),
    REMOVE_DENTRY_XATTR(LSM_ONLY, number(), List.of(OBJECT, CONST_STRING), SLEEPS),
    GET_FSVERITY_DIGEST(LSM_ONLY, number(), List.of(OBJECT, DYNPTR)),

    // Sessions: programs that see a function begin and end
    SESSION_IS_RETURN(SESSION, number(), List.of(CONTEXT)),
    SESSION_COOKIE(SESSION, new KernelResult.WritableMemory(8), List.of(CONTEXT));

    /** What a row says besides its signature. */
    enum Trait {
        /** What it gives must be given back. */
        ACQUIRES,
        /** It takes its first argument away from the program. */
        RELEASES,
        /** It may give null. */
        OR_NULL,
        /** It may sleep. */
        SLEEPS,
        /** Its objects may be such as live until the RCU region ends. */
        TAKES_RCU,
        /** It is called inside an RCU region only. */
        IN_RCU_REGION,
        /** It makes the iterator. */
        CREATES,
        /** It asks the iterator for the next thing. */
        NEXT,
        /** It ends the iterator. */
        DESTROYS,
        /** It may be called while a lock is held. */
        UNDER_LOCK,
        /** It may move the packet, which ends every packet pointer and every proven length. */
        MOVES_PACKET
    }

    /** Which program types may call it: Linux registers functions by such groups. */
    enum Group {
        COMMON(EnumSet.allOf(ProgramType.class)),
        GENERIC(Types.GENERIC),
        SKB(Types.SKB),
        CPUMASK(Types.CPUMASK),
        CIPHER(EnumSet.of(ProgramType.SCHED_CLS, ProgramType.SCHED_ACT, ProgramType.XDP, ProgramType.SYSCALL)),
        SYSCALL_ONLY(EnumSet.of(ProgramType.SYSCALL)),
        LSM_ONLY(EnumSet.of(ProgramType.LSM)),
        ITERATION(EnumSet.of(ProgramType.TRACING)),
        SESSION(EnumSet.of(ProgramType.KPROBE, ProgramType.TRACING)),
        TC(EnumSet.of(ProgramType.SCHED_CLS, ProgramType.SCHED_ACT)),
        XDP_ONLY(EnumSet.of(ProgramType.XDP));

        private final Set<ProgramType> programs;

        Group(Set<ProgramType> programs) {
            this.programs = programs;
        }
    }

    /** A function that is registered for one type of a hook is there for all that share the hook. */
    private static final class Types {
        private static final Set<ProgramType> TRACING = EnumSet.of(
                ProgramType.TRACING,
                ProgramType.TRACEPOINT,
                ProgramType.RAW_TRACEPOINT,
                ProgramType.PERF_EVENT,
                ProgramType.LSM);
        private static final Set<ProgramType> CGROUP = EnumSet.of(
                ProgramType.CGROUP_SKB,
                ProgramType.CGROUP_SOCK,
                ProgramType.CGROUP_DEVICE,
                ProgramType.CGROUP_SOCK_ADDR,
                ProgramType.CGROUP_SOCKOPT,
                ProgramType.CGROUP_SYSCTL,
                ProgramType.SOCK_OPS);
        private static final Set<ProgramType> GENERIC = both(
                both(TRACING, CGROUP),
                EnumSet.of(ProgramType.SCHED_CLS, ProgramType.XDP, ProgramType.STRUCT_OPS, ProgramType.SYSCALL));
        private static final Set<ProgramType> CPUMASK =
                both(TRACING, EnumSet.of(ProgramType.STRUCT_OPS, ProgramType.SYSCALL));
        private static final Set<ProgramType> SKB = both(
                both(TRACING, CGROUP),
                EnumSet.of(
                        ProgramType.SCHED_CLS,
                        ProgramType.SCHED_ACT,
                        ProgramType.SK_SKB,
                        ProgramType.SOCKET_FILTER,
                        ProgramType.LWT_OUT,
                        ProgramType.LWT_IN,
                        ProgramType.LWT_XMIT,
                        ProgramType.LWT_SEG6LOCAL,
                        ProgramType.NETFILTER));

        private Types() {}

        private static Set<ProgramType> both(Set<ProgramType> some, Set<ProgramType> others) {
            Set<ProgramType> all = EnumSet.copyOf(some);
            all.addAll(others);
            return all;
        }
    }

    private static final Map<String, KernelFunction> BY_NAME = new HashMap<>();

    static {
        for (KernelFunction function : values()) {
            BY_NAME.put(function.symbol, function);
        }
    }

    private final Group group;
    private final KernelResult result;
    private final List<KernelArgument> arguments;
    private final int iteratorBytes;
    private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
    private final String symbol = "bpf_" + name().toLowerCase(Locale.ROOT);

    KernelFunction(Group group, KernelResult result, List<KernelArgument> arguments, Trait... traits) {
        this(group, result, arguments, 0, traits);
    }

    KernelFunction(
            Group group, KernelResult result, List<KernelArgument> arguments, int iteratorBytes, Trait... traits) {
        this.group = group;
        this.result = result;
        this.arguments = arguments;
        this.iteratorBytes = iteratorBytes;
        this.traits.addAll(List.of(traits));
    }

    private static KernelResult nothing() {
        return new KernelResult.Nothing();
    }

    private static KernelResult number() {
        return new KernelResult.Number();
    }

    private static KernelResult readOnly(long bytes) {
        return new KernelResult.ReadOnlyMemory(bytes);
    }

    private static KernelResult object() {
        return new KernelResult.Object(true);
    }

    private static KernelResult unbelieved() {
        return new KernelResult.Object(false);
    }

    private static KernelResult node() {
        return new KernelResult.Node();
    }

    /** The kernel's name of it, which an object's symbol bears. */
    public String symbol() {
        return symbol;
    }

    /** Its position among the rows, by which machines name it; the kernel's own numbers differ from build to build. */
    @SuppressWarnings("EnumOrdinal") // Nothing keeps it longer than a process lives.
    public int position() {
        return ordinal();
    }

    /** The row at a position. */
    @SuppressWarnings("EnumOrdinal")
    public static KernelFunction at(int position) {
        return values()[position];
    }

    public KernelResult result() {
        return result;
    }

    /** One kind an argument, r1 first. */
    public List<KernelArgument> arguments() {
        return arguments;
    }

    /** Bytes of the stack that its iterator takes, a multiple of 8; 0 if it is about none. */
    public int iteratorBytes() {
        return iteratorBytes;
    }

    /** The kind of iterator that it is about, as in {@code iter_num}; empty if none. */
    public Optional<String> iterator() {
        if (iteratorBytes == 0) {
            return Optional.empty();
        }
        String stem = name().toLowerCase(Locale.ROOT);
        return Optional.of(stem.substring(0, stem.lastIndexOf('_')));
    }

    public boolean createsIterator() {
        return traits.contains(CREATES);
    }

    public boolean asksIterator() {
        return traits.contains(NEXT);
    }

    public boolean destroysIterator() {
        return traits.contains(DESTROYS);
    }

    /** Whether what it gives must be given back. */
    public boolean acquires() {
        return traits.contains(ACQUIRES);
    }

    /** Whether it takes its first argument away from the program. */
    public boolean releases() {
        return traits.contains(RELEASES);
    }

    public boolean mayBeNull() {
        return traits.contains(OR_NULL);
    }

    public boolean sleeps() {
        return traits.contains(SLEEPS);
    }

    /** Whether objects that live only as long as an RCU region are good enough for it. */
    public boolean takesRcu() {
        return traits.contains(TAKES_RCU);
    }

    /** Whether it may be called inside of RCU regions only. */
    public boolean inRcuRegion() {
        return traits.contains(IN_RCU_REGION);
    }

    /** Whether it may be called while a lock is held. */
    public boolean underLock() {
        return traits.contains(UNDER_LOCK);
    }

    public boolean movesPacket() {
        return traits.contains(MOVES_PACKET);
    }

    /** Whether a row's arguments or result are objects of the kernel, so that only its BTF tells their types. */
    public boolean needsKernelTypes() {
        return result instanceof KernelResult.Object
                || arguments.contains(OBJECT)
                || arguments.contains(OBJECT_OR_NULL)
                || arguments.contains(POINTEE);
    }

    public boolean allowedIn(ProgramType type) {
        return group.programs.contains(type);
    }

    /** The function that the kernel knows by this name, if it has a row. */
    public static Optional<KernelFunction> ofSymbol(String symbol) {
        return Optional.ofNullable(BY_NAME.get(symbol));
    }
}
