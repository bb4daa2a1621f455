package dev.turnout.stdlib.program;

/** Sockets, by the part of them that a pointer shows to programs: the structs of the kernel's header. */
public enum SocketKind {
    /** What all sockets have, request sockets and those in time-wait too. */
    COMMON("bpf_sock_common"),
    FULL("bpf_sock"),
    TCP("bpf_tcp_sock"),
    XDP("bpf_xdp_sock");

    private final String kernelName;

    SocketKind(String kernelName) {
        this.kernelName = kernelName;
    }

    /** Name of the struct in the kernel's header; for the common part, Linux's own word. */
    public String kernelName() {
        return kernelName;
    }
}
