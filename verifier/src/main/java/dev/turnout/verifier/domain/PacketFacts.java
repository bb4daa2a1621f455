package dev.turnout.verifier.domain;

import dev.turnout.bpf.isa.Reg;
import java.util.ArrayList;
import java.util.List;

/**
 * How many bytes are proven present. A fact (area, key, bound) says: the area ends at least {@code bound} bytes behind the
 * offset {@code key} from its start. The key {@link Form#ZERO} speaks of the start itself. Immutable.
 *
 * @param facts one a key
 * @param ends what lies at the end, or behind it; it does not go round with a loop
 */
public record PacketFacts(List<Fact> facts, List<End> ends) {
    public static final PacketFacts NONE = new PacketFacts(List.of(), List.of());

    /**
     * @param meta whether it speaks of the metadata rather than of the packet
     * @param key a form without constant
     */
    public record Fact(boolean meta, Form key, long bound) {}

    /**
     * A register that holds a pointer at just this offset is at the area's end or behind it: a compiler that tests it twice finds
     * that again. Of copies nothing is known, as in Linux.
     *
     * @param behind whether it is behind for sure
     */
    public record End(boolean meta, Reg reg, Form at, boolean behind) {}

    public PacketFacts {
        facts = List.copyOf(facts);
        ends = List.copyOf(ends);
    }

    /** Whether an end is known there; as {@code behind} or more. */
    public boolean endsAt(boolean meta, Reg reg, Form at, boolean behind) {
        return ends.contains(new End(meta, reg, at, true)) || (!behind && ends.contains(new End(meta, reg, at, false)));
    }

    public PacketFacts withEnd(End end) {
        if (ends.contains(end)) {
            return this;
        }
        List<End> more = new ArrayList<>(ends);
        more.add(end);
        return new PacketFacts(facts, more);
    }

    public PacketFacts withoutEnds() {
        return ends.isEmpty() ? this : new PacketFacts(facts, List.of());
    }

    /** What both know of ends. */
    PacketFacts withEndsOf(PacketFacts one, PacketFacts other) {
        return new PacketFacts(
                facts, one.ends.stream().filter(other.ends::contains).toList());
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
        return new PacketFacts(more, ends);
    }
}
