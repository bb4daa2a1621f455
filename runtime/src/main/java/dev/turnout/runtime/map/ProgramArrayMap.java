package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code prog_array}: what a tail call indexes. Programs cannot look into it; hosts fill it. For compiled code, each entry is
 * also in memory: from {@link MapHeader#VALUES} on, 8 bytes an entry, the {@link TailTarget#nativeEntry} of its program or 0.
 * An entry is replaced by one store, so a run that goes through it takes the old program or the new one; the old one is retained
 * until the new one is in its place, and in the code of all that {@link #follow}.
 *
 * <p>The first program that goes through an array or into it fixes its type: others are not let near it.
 */
public final class ProgramArrayMap extends BpfMap {
    private final AtomicReferenceArray<@Nullable TailTarget> targets;
    private final long entries;
    private final Set<TailFollower> followers = new CopyOnWriteArraySet<>();
    /** Whether there is no program yet, in the array or going through it, that says what the others must be. */
    private boolean open = true;
    /** What they have in common; null also if they are run on raw memory. */
    private @Nullable ProgramType type;

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
        if (!fits(target.programType()) || !target.retain()) {
            return -Errno.EINVAL;
        }
        fix(target.programType());
        replace((int) index, target);
        return 0;
    }

    private boolean fits(Optional<ProgramType> other) {
        return open || type == other.orElse(null);
    }

    private void fix(Optional<ProgramType> shared) {
        open = false;
        type = shared.orElse(null);
    }

    /**
     * Lets a program go through the array.
     *
     * @return false if it is of another type than those that are in it or go through it
     */
    public synchronized boolean admit(Optional<ProgramType> caller) {
        if (!fits(caller)) {
            return false;
        }
        fix(caller);
        return true;
    }

    /** Tells of every change from now on, as long as the array is there. What stands in an entry now is in {@link #entry}. */
    public void follow(TailFollower follower) {
        followers.add(follower);
    }

    /** Where compiled code jumps to, to go on as the program at an index; 0 if there is none, or no such index. */
    public long entry(long index) {
        return index >= 0 && index < targets.length() ? Memory.loadLongVolatile(entries + 8L * index) : 0;
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
                        : why.withNote("it is for " + expected() + "; `" + target.name() + "` is "
                                + words(target.programType()) + ", or closed"));
        return false;
    }

    /** What it takes, in words. */
    public synchronized String expected() {
        return type == null ? "programs of no type" : "programs of type `" + type.word() + "`";
    }

    private static String words(Optional<ProgramType> type) {
        return type.map(one -> "of type `" + one.word() + "`").orElse("of no type");
    }

    /** What the entry held. */
    private @Nullable TailTarget replace(int index, @Nullable TailTarget target) {
        TailTarget old = targets.getAndSet(index, target);
        if (Objects.equals(old, target)) {
            // What was retained a moment ago is one too many, or there is nothing at all.
            if (old != null) {
                old.release();
            }
            return old;
        }
        long entry = target == null ? 0 : target.nativeEntry();
        Memory.storeLongVolatile(entries + 8L * index, entry);
        followers.forEach(follower -> follower.entryChanged(this, index, entry));
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
    public int update(long key, long value, long flags, int slot) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int delete(long key) {
        return -Errno.EOPNOTSUPP;
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
