package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.runtime.memory.Mapping;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code prog_array}: what a tail call indexes. Programs cannot look into it; hosts fill it. */
public final class ProgramArrayMap extends BpfMap {
    private final AtomicReferenceArray<@Nullable TailTarget> targets;

    private ProgramArrayMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        this.targets = new AtomicReferenceArray<>((int) definition.maxEntries());
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        return new MapFactory.Plan(MapHeader.SIZE, memory -> new ProgramArrayMap(definition, memory));
    }

    /** The program at an index (an unsigned 32-bit number), if there is one. */
    public Optional<TailTarget> target(long index) {
        return index >= 0 && index < targets.length()
                ? Optional.ofNullable(targets.get((int) index))
                : Optional.empty();
    }

    /**
     * Sets the program at an index: all programs of an array share their type.
     *
     * @return 0, or a negated {@link Errno}
     */
    public int put(long index, TailTarget target) {
        if (index < 0 || index >= targets.length()) {
            return -Errno.E2BIG;
        }
        for (int i = 0; i < targets.length(); i++) {
            TailTarget other = targets.get(i);
            if (other != null && i != index && !other.programType().equals(target.programType())) {
                return -Errno.EINVAL;
            }
        }
        targets.set((int) index, target);
        return 0;
    }

    /** 0, or a negated {@link Errno}. */
    public int clear(long index) {
        if (index < 0 || index >= targets.length()) {
            return -Errno.E2BIG;
        }
        return targets.getAndSet((int) index, null) == null ? -Errno.ENOENT : 0;
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public long lookup(long key, int slot) {
        return 0;
    }

    @Override
    public int update(long key, long value, long flags, int slot) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int delete(long key) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public long direct() {
        return 0;
    }

    @Override
    public boolean inValue(long address, long bytes) {
        return false;
    }

    /** Programs have no bytes to show: nothing. */
    @Override
    public void each(Consumer<MapEntry> use) {}
}
