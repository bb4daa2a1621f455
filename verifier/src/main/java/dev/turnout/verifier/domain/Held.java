package dev.turnout.verifier.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * What a program has taken and must give back, and the regions of code that it is in: the protocol part of a state. States that differ
 * in it (up to the numbers of resources) are not joined. Immutable.
 *
 * @param resources in the order in which they were acquired
 * @param locks that are held, in that order
 * @param readSections depth of RCU read sections
 * @param preemptions depth of regions that are not preempted
 * @param interrupts resources of saved interrupt flags, in the order in which they were taken
 */
public record Held(
        List<Resource> resources, List<Lock> locks, int readSections, int preemptions, List<Integer> interrupts) {
    /** Nothing at all. */
    public static final Held NOTHING = new Held(List.of(), List.of(), 0, 0, List.of());

    public Held {
        resources = List.copyOf(resources);
        locks = List.copyOf(locks);
        interrupts = List.copyOf(interrupts);
    }

    /**
     * Something that was acquired and must be released once.
     *
     * @param id names it; {@link Value.Pointer#resource()} of all pointers into it
     * @param slot the instruction that acquired it
     * @param words what it is, for messages
     */
    public record Resource(int id, int slot, String words) {}

    /**
     * A lock that is held.
     *
     * @param region in which memory it lies
     * @param owner which piece of such memory: {@link Value.Pointer#resource()} of the pointers into it; 0 where there is only one
     * @param slot the instruction that took it
     */
    public record Lock(Kind kind, Region region, int owner, int slot) {
        /** How it is taken. */
        public enum Kind {
            /** By {@code bpf_spin_lock}: one at a time. */
            SPIN,
            /** By {@code bpf_res_spin_lock}, which may fail. */
            RESILIENT,
            /** The same, with interrupts off. */
            RESILIENT_IRQ
        }

        /** Whether it is a lock of this kind at that place. */
        public boolean is(Kind of, Value.Pointer at) {
            return kind == of && region.equals(at.region()) && owner == at.resource();
        }
    }

    public boolean isNothing() {
        return equals(NOTHING);
    }

    public boolean holds(int id) {
        return resources.stream().anyMatch(resource -> resource.id() == id);
    }

    public Held acquire(Resource resource) {
        List<Resource> more = new ArrayList<>(resources);
        more.add(resource);
        return new Held(more, locks, readSections, preemptions, interrupts);
    }

    /** Without a resource; the same if it is not held. */
    public Held release(int id) {
        List<Resource> fewer =
                resources.stream().filter(resource -> resource.id() != id).toList();
        return new Held(fewer, locks, readSections, preemptions, interrupts);
    }

    public Held lock(Lock lock) {
        List<Lock> more = new ArrayList<>(locks);
        more.add(lock);
        return new Held(resources, more, readSections, preemptions, interrupts);
    }

    /** Without the lock that was taken last. */
    public Held unlock() {
        return new Held(
                resources, locks.subList(0, Math.max(0, locks.size() - 1)), readSections, preemptions, interrupts);
    }

    /** One RCU read section deeper, or, if {@code by} is -1, less deep; never less than none. */
    public Held read(int by) {
        return new Held(resources, locks, Math.max(0, readSections + by), preemptions, interrupts);
    }

    /** One region deeper that is not preempted, or, if {@code by} is -1, less deep; never less than none. */
    public Held preempt(int by) {
        return new Held(resources, locks, readSections, Math.max(0, preemptions + by), interrupts);
    }

    /** With interrupts off once more. */
    public Held interruptsOff(int resource) {
        List<Integer> more = new ArrayList<>(interrupts);
        more.add(resource);
        return new Held(resources, locks, readSections, preemptions, more);
    }

    /** Without the saved flags of this number. */
    public Held interruptsOn(int resource) {
        List<Integer> fewer = interrupts.stream().filter(id -> id != resource).toList();
        return new Held(resources, locks, readSections, preemptions, fewer);
    }

    /** Whether nothing may sleep here, whatever the program: a lock is held, or a region is open. */
    public boolean isAtomic() {
        return !locks.isEmpty() || readSections > 0 || preemptions > 0 || !interrupts.isEmpty();
    }

    /** Whether the other holds the same but for the numbers of resources and the instructions that acquired them. */
    public boolean isLike(Held other) {
        return resources.size() == other.resources.size()
                && locks.size() == other.locks.size()
                && readSections == other.readSections
                && preemptions == other.preemptions
                && interrupts.size() == other.interrupts.size();
    }
}
