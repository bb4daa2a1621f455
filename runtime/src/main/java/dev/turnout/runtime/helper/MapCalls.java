package dev.turnout.runtime.helper;

import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.memory.SpinLock;
import dev.turnout.stdlib.map.MapKind;

/** Helpers on maps: what a kind does is its own; here the program's memory is asked for first. */
final class MapCalls {
    /** Bytes of a {@code bpf_spin_lock}. */
    private static final int LOCK_BYTES = 4;

    private MapCalls() {}

    static long lookup(CallSite site, long pointer, long key) {
        BpfMap map = site.map(pointer);
        site.reads(key, map.definition().keySize());
        return map.lookup(key, site.slot());
    }

    /** Of the slot that the lower 32 bits of {@code cpu} name. */
    static long lookupOn(CallSite site, long pointer, long key, long cpu) {
        BpfMap map = site.map(pointer);
        site.reads(key, map.definition().keySize());
        return map.lookupOn(key, cpu & 0xffff_ffffL);
    }

    static long update(CallSite site, long pointer, long key, long value, long flags) {
        BpfMap map = site.map(pointer);
        site.reads(key, map.definition().keySize());
        site.reads(value, map.definition().valueSize());
        return map.update(key, value, flags, site.slot());
    }

    static long delete(CallSite site, long pointer, long key) {
        BpfMap map = site.map(pointer);
        site.reads(key, map.definition().keySize());
        return map.delete(key);
    }

    static long push(CallSite site, long pointer, long value, long flags) {
        BpfMap map = site.map(pointer);
        site.reads(value, map.definition().valueSize());
        return map.push(value, flags);
    }

    static long pop(CallSite site, long pointer, long value) {
        BpfMap map = site.map(pointer);
        site.writes(value, map.definition().valueSize());
        return map.pop(value);
    }

    /** A queue or stack writes what comes next to {@code value}; a Bloom filter reads what it is asked for. */
    static long peek(CallSite site, long pointer, long value) {
        BpfMap map = site.map(pointer);
        int bytes = map.definition().valueSize();
        if (map.definition().kind() == MapKind.BLOOM_FILTER) {
            site.reads(value, bytes);
        } else {
            site.writes(value, bytes);
        }
        return map.peek(value);
    }

    /**
     * The verifier lets a program take one lock at a time and call nothing while it holds it, so that whoever waits here waits for a
     * thread that is running or will be.
     */
    static long spinLock(CallSite site, long lock) {
        site.writes(lock, LOCK_BYTES);
        SpinLock.acquire(lock);
        return 0;
    }

    static long spinUnlock(CallSite site, long lock) {
        site.writes(lock, LOCK_BYTES);
        SpinLock.release(lock);
        return 0;
    }
}
