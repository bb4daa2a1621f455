package dev.turnout.runtime.map;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A map that maps of maps may hold, with the number of those who hold it: entries, hosts, the machine itself if the map has a name
 * there. When nobody does any more, its machine frees it as soon as no run can be at it. May be used by many threads.
 */
public final class InnerMap {
    private final BpfMap map;
    private final Consumer<BpfMap> unheld;
    private final AtomicInteger holders = new AtomicInteger(1);

    /**
     * Held once, by whoever made it.
     *
     * @param unheld takes the map when nobody holds it any more, once
     */
    public InnerMap(BpfMap map, Consumer<BpfMap> unheld) {
        this.map = map;
        this.unheld = unheld;
    }

    /** Good for as long as it is held. */
    public BpfMap map() {
        return map;
    }

    /**
     * Holds it once more.
     *
     * @return false if nobody does any more: then it is as good as gone
     */
    public boolean retain() {
        return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /** Ends what {@link #retain} or the making of it began. */
    public void release() {
        if (holders.decrementAndGet() == 0) {
            unheld.accept(map);
        }
    }

    @Override
    public String toString() {
        return map.toString();
    }
}
