package dev.turnout.runtime.context;

/** Where a run said that its packet goes on. Whether it does is said by the verdict: only {@code XDP_REDIRECT} or its like asks. */
public sealed interface Redirection {
    /** Nowhere else. */
    record None() implements Redirection {}

    /**
     * To an interface.
     *
     * @param ingress as if it had come in there
     */
    record Interface(int index, boolean ingress) implements Redirection {}

    /** Into the other network namespace that the peer of this interface is in. */
    record Peer(int index) implements Redirection {}

    /** To an interface, with the addresses of the next hop filled in. */
    record Neighbour(int index) implements Redirection {}

    /**
     * To what an entry of a map stood for when the program asked.
     *
     * @param map its number in the machine
     * @param key index, or key of 4 bytes
     * @param target the entry's interface, CPU or receive queue
     */
    record Entry(int map, int key, int target) implements Redirection {}

    /**
     * To everything in a map.
     *
     * @param map its number in the machine
     * @param exceptOrigin but not to the interface that it came from
     */
    record Broadcast(int map, boolean exceptOrigin) implements Redirection {}
}
