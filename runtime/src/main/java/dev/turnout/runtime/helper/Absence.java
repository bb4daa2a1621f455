package dev.turnout.runtime.helper;

import dev.turnout.stdlib.helper.HelperFunction;

/** Why this machine lacks a helper: what the helper needs that exists in a kernel only. */
public enum Absence {
    SOCKETS("it works on sockets, and there are none here"),
    TASKS("it works on a kernel's tasks, and there are none here"),
    CGROUPS("it works on control groups, and there are none here"),
    OBJECTS("it works on objects of a kernel, and there are none here"),
    CODE("it changes or looks into a kernel's code, and there is none here"),
    EVENTS("it reads a kernel's events, and there are none here"),
    SYSTEM("it calls the system, which a program in this machine may not"),
    TIMERS("it runs code after the program has ended, which nothing does here"),
    TYPES("it needs a kernel's types, and there is no kernel here"),
    FILES("it works on files, and there are none here"),
    DEVICES("it works on devices, and there are none here"),
    OTHERS("nothing here stands for what it works on");

    private final String reason;

    Absence(String reason) {
        this.reason = reason;
    }

    /** A clause without an end: {@code it works on sockets, and there are none here}. */
    public String reason() {
        return reason;
    }

    /** Of a helper whose {@link HelperCalls#support} is {@code NONE}. */
    public static Absence of(HelperFunction helper) {
        return switch (helper) {
            case SK_REDIRECT_MAP,
                    SOCK_MAP_UPDATE,
                    MSG_REDIRECT_MAP,
                    SOCK_HASH_UPDATE,
                    SK_REDIRECT_HASH,
                    MSG_REDIRECT_HASH,
                    MSG_APPLY_BYTES,
                    MSG_CORK_BYTES,
                    MSG_PULL_DATA,
                    MSG_PUSH_DATA,
                    MSG_POP_DATA,
                    SK_STORAGE_GET,
                    SK_STORAGE_DELETE,
                    SK_SELECT_REUSEPORT,
                    SETSOCKOPT,
                    GETSOCKOPT,
                    BIND,
                    LOAD_HDR_OPT,
                    STORE_HDR_OPT,
                    RESERVE_HDR_OPT,
                    TCP_SEND_ACK -> SOCKETS;
            case TASK_STORAGE_GET,
                    TASK_STORAGE_DELETE,
                    GET_CURRENT_TASK_BTF,
                    GET_TASK_STACK,
                    TASK_PT_REGS,
                    FIND_VMA,
                    COPY_FROM_USER_TASK,
                    SEND_SIGNAL,
                    SEND_SIGNAL_THREAD -> TASKS;
            case CGRP_STORAGE_GET,
                    CGRP_STORAGE_DELETE,
                    GET_LOCAL_STORAGE,
                    SKB_UNDER_CGROUP,
                    CURRENT_TASK_UNDER_CGROUP -> CGROUPS;
            case KPTR_XCHG, INODE_STORAGE_GET, INODE_STORAGE_DELETE, PER_CPU_PTR, THIS_CPU_PTR, BPRM_OPTS_SET ->
                OBJECTS;
            case OVERRIDE_RETURN,
                    GET_FUNC_ARG,
                    GET_FUNC_RET,
                    GET_FUNC_ARG_CNT,
                    GET_BRANCH_SNAPSHOT,
                    KALLSYMS_LOOKUP_NAME -> CODE;
            case PERF_PROG_READ_VALUE, READ_BRANCH_RECORDS -> EVENTS;
            case SYS_BPF, SYS_CLOSE, PROBE_WRITE_USER -> SYSTEM;
            case TIMER_INIT, TIMER_SET_CALLBACK, TIMER_START, TIMER_CANCEL -> TIMERS;
            case SNPRINTF_BTF, SEQ_PRINTF_BTF, BTF_FIND_BY_NAME_KIND -> TYPES;
            case SEQ_PRINTF,
                    SEQ_WRITE,
                    D_PATH,
                    SOCK_FROM_FILE,
                    IMA_INODE_HASH,
                    IMA_FILE_HASH,
                    SYSCTL_GET_NAME,
                    SYSCTL_GET_CURRENT_VALUE,
                    SYSCTL_GET_NEW_VALUE,
                    SYSCTL_SET_NEW_VALUE -> FILES;
            case RC_REPEAT, RC_KEYDOWN, RC_POINTER_REL -> DEVICES;
            default -> OTHERS; // The reason that holds for all.
        };
    }
}
