package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code prog_array}: what a tail call indexes. Programs cannot look into it; hosts fill it. For compiled code, each entry is
 * also in memory: from {@link MapHeader#VALUES} on, 8 bytes an entry, the {@link TailTarget#nativeEntry} of its program or 0.
 * An entry is replaced by one store, so a run that goes through it takes the old program or the new one; the old one is retained
 * until the new one is in its place.
 */
public final class ProgramArrayMap extends BpfMap {
    private final AtomicReferenceArray<@Nullable TailTarget> targets;
    private final long entries;

    private ProgramArrayMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        this.targets = new AtomicReferenceArray<>((int) definition.maxEntries());
        this.entries = memory.address() + MapHeader.SIZE;
        Memory.storeLong(memory.address() + MapHeader.VALUES, entries);
        Memory.storeInt(memory.address() + MapHeader.STRIDE, 8);
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        return new MapFactory.Plan(
                MapHeader.SIZE + 8 * definition.maxEntries(), memory -> new ProgramArrayMap(definition, memory));
    }

    /** The program at an index (an unsigned 32-bit number), if there is one. */
    public Optional<TailTarget> target(long index) {
        return index >= 0 && index < targets.length()
                ? Optional.ofNullable(targets.get((int) index))
                : Optional.empty();
    }

    /** The names of the programs that it holds now, by index. */
    public SortedMap<Integer, String> names() {
        TreeMap<Integer, String> names = new TreeMap<>();
        for (int i = 0; i < targets.length(); i++) {
            TailTarget held = targets.get(i);
            if (held != null) {
                names.put(i, held.name());
            }
        }
        return names;
    }

    /**
     * Sets the program at an index: all programs of an array share their type.
     *
     * @return 0, or a negated {@link Errno}: {@link Errno#EINVAL} if the program is closed or of another type
     */
    public synchronized int put(long index, TailTarget target) {
        if (index < 0 || index >= targets.length()) {
            return -Errno.E2BIG;
        }
        for (int i = 0; i < targets.length(); i++) {
            TailTarget other = targets.get(i);
            if (other != null && i != index && !other.programType().equals(target.programType())) {
                return -Errno.EINVAL;
            }
        }
        if (!target.retain()) {
            return -Errno.EINVAL;
        }
        replace((int) index, target);
        return 0;
    }

    /**
     * The same for who reports.
     *
     * @return false if the program was not taken, which was reported
     */
    public boolean put(long index, TailTarget target, Diagnostics diagnostics) {
        int result = put(index, target);
        if (result == 0) {
            return true;
        }
        String name = definition().name();
        Diagnostic why = Diagnostic.general(
                DiagnosticCode.R0117, "map `" + name + "` does not take program `" + target.name() + "` at " + index);
        diagnostics.report(
                result == -Errno.E2BIG
                        ? why.withNote("it has " + targets.length() + " entries")
                        : first().map(held -> why.withNote("it holds `" + held.name() + "`, " + type(held) + ", and `"
                                        + target.name() + "` is " + type(target)))
                                .orElseGet(() -> why.withNote("the program is closed")));
        return false;
    }

    private Optional<TailTarget> first() {
        for (int i = 0; i < targets.length(); i++) {
            TailTarget held = targets.get(i);
            if (held != null) {
                return Optional.of(held);
            }
        }
        return Optional.empty();
    }

    private static String type(TailTarget target) {
        return target.programType().map(type -> "of type `" + type.word() + "`").orElse("of no type");
    }

    /** What the entry held. */
    private @Nullable TailTarget replace(int index, @Nullable TailTarget target) {
        TailTarget old = targets.getAndSet(index, target);
        Memory.storeLongVolatile(entries + 8L * index, target == null ? 0 : target.nativeEntry());
        if (old != null) {
            old.release();
        }
        return old;
    }

    /** 0, or a negated {@link Errno}. */
    public synchronized int clear(long index) {
        if (index < 0 || index >= targets.length()) {
            return -Errno.E2BIG;
        }
        return replace((int) index, null) == null ? -Errno.ENOENT : 0;
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

    @Override
    public synchronized void close() {
        for (int i = 0; i < targets.length(); i++) {
            replace(i, null);
        }
        super.close();
    }
}
