package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.typed.Symbol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What becomes of the owning locals at one point of a function; or that control never comes there. */
final class OwnedState {
    /** What a local that can own something holds. */
    sealed interface Held {}

    /**
     * It owns a value.
     *
     * @param since where it got it
     * @param how {@code reserved}, {@code taken}
     * @param assigned fields that every way here has assigned; the number behind the last one stands for the rest
     */
    record Owned(Span since, String how, BitSet assigned) implements Held {}

    /**
     * It owns nothing any more.
     *
     * @param how {@code submitted}, {@code discarded}, {@code moved}, {@code null}
     */
    record Given(Span at, String how) implements Held {}

    private final Map<Symbol.Local, Held> held = new LinkedHashMap<>();
    private boolean reachable = true;

    OwnedState copy() {
        OwnedState copy = new OwnedState();
        copy.set(this);
        return copy;
    }

    private void set(OwnedState other) {
        reachable = other.reachable;
        held.clear();
        other.held.forEach((local, one) -> held.put(
                local,
                one instanceof Owned(Span since, String how, BitSet assigned)
                        ? new Owned(since, how, (BitSet) assigned.clone())
                        : one));
    }

    boolean isReachable() {
        return reachable;
    }

    /** Control does not come here. */
    void cut() {
        reachable = false;
        held.clear();
    }

    @Nullable
    Held of(Symbol.Local local) {
        return held.get(local);
    }

    void put(Symbol.Local local, Held one) {
        if (reachable) {
            held.put(local, one);
        }
    }

    void remove(Symbol.Local local) {
        held.remove(local);
    }

    /** The locals that own something now, in the order in which they got it. */
    List<Symbol.Local> owners() {
        List<Symbol.Local> owners = new ArrayList<>();
        held.forEach((local, one) -> {
            if (one instanceof Owned) {
                owners.add(local);
            }
        });
        return owners;
    }

    /**
     * Meets another way.
     *
     * @param differ is told of each local that owns on one way only, and where the other way gave it away
     */
    void join(OwnedState other, BiConsumer<Symbol.Local, Given> differ) {
        if (!other.reachable) {
            return;
        }
        if (!reachable) {
            set(other);
            return;
        }
        for (Map.Entry<Symbol.Local, Held> entry : held.entrySet()) {
            Held there = other.held.get(entry.getKey());
            switch (entry.getValue()) {
                case Owned here -> {
                    if (there instanceof Owned also) {
                        here.assigned.and(also.assigned);
                    } else if (there instanceof Given given) {
                        differ.accept(entry.getKey(), given);
                        entry.setValue(given);
                    }
                }
                case Given given -> {
                    if (there instanceof Owned) {
                        differ.accept(entry.getKey(), given);
                    }
                }
            }
        }
    }
}
