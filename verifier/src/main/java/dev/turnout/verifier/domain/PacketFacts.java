package dev.turnout.verifier.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * How many bytes are proven present. A fact (area, key, bound) says: the area ends at least {@code bound} bytes behind the
 * offset {@code key} from its start. The key {@link Form#ZERO} speaks of the start itself. Immutable.
 *
 * @param facts one a key
 */
public record PacketFacts(List<Fact> facts) {
    public static final PacketFacts NONE = new PacketFacts(List.of());

    /**
     * @param meta whether it speaks of the metadata rather than of the packet
     * @param key a form without constant
     */
    public record Fact(boolean meta, Form key, long bound) {}

    public PacketFacts {
        facts = List.copyOf(facts);
    }

    /** The bytes proven behind {@code key}, or a negative number. */
    public long bound(boolean meta, Form key) {
        for (Fact fact : facts) {
            if (fact.meta == meta && fact.key.equals(key)) {
                return fact.bound;
            }
        }
        return Long.MIN_VALUE;
    }

    public PacketFacts with(boolean meta, Form key, long bound) {
        if (bound(meta, key) >= bound) {
            return this;
        }
        List<Fact> more = new ArrayList<>(facts.size() + 1);
        for (Fact fact : facts) {
            if (fact.meta != meta || !fact.key.equals(key)) {
                more.add(fact);
            }
        }
        more.add(new Fact(meta, key, bound));
        return new PacketFacts(more);
    }
}
