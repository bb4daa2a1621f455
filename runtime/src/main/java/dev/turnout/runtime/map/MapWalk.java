package dev.turnout.runtime.map;

/**
 * A walk over the elements of a map, as {@code bpf_for_each_map_elem} takes it. Programs may change the map meanwhile: an element that
 * was there all the time is shown once, one that came or went meanwhile may be shown or not, and none is shown after it was deleted.
 * For one thread.
 */
public interface MapWalk {
    /** Goes to the first element, or the next. Returns false behind the last. */
    boolean advance();

    /** Address of the key of the element that the walk stands on; programs may read it until the walk goes on. */
    long key();

    /** Address of the value, on the walk's CPU slot. */
    long value();
}
