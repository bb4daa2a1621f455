package dev.turnout.tests.maps;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Definitions of maps that both sides take, drawn so that full maps, odd sizes and rare flags are common. */
final class MapDraw {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 20, 24, 40};
    private static final int LOCK_BYTES = 4;
    private static final DebugType NONE = new DebugType.Void();
    private static final DebugType WORD = new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED);
    private static final DebugType LOCK =
            new DebugType.Struct("bpf_spin_lock", LOCK_BYTES, List.of(new DebugType.Member("val", WORD, 0, 0)));
    /** Maps whose values may hold a spin lock that programs take. */
    private static final Set<MapKind> LOCKED = EnumSet.of(MapKind.HASH, MapKind.ARRAY);
    /** Flags that change what operations give; the others only say where memory is. */
    private static final Set<MapFlag> RARE =
            EnumSet.of(MapFlag.RDONLY, MapFlag.WRONLY, MapFlag.RDONLY_PROG, MapFlag.WRONLY_PROG);
    /** Of these nothing is asked here: the map would be another one, or the running kernel may not know it. */
    private static final Set<MapFlag> LEFT_OUT =
            EnumSet.of(MapFlag.TOKEN_FD, MapFlag.PRESERVE_ELEMS, MapFlag.RB_OVERWRITE, MapFlag.STACK_BUILD_ID);

    private final MapKind kind;
    private final SplittableRandom random;

    MapDraw(MapKind kind, SplittableRandom random) {
        this.kind = kind;
        this.random = random;
    }

    MapDefinition definition() {
        boolean targets = MapOperation.isTargets(kind);
        boolean locked = LOCKED.contains(kind) && random.nextInt(4) == 0;
        int value = locked
                ? 8 + 4 * random.nextInt(6)
                : targets ? 4 + 4 * random.nextInt(2) : SIZES[random.nextInt(SIZES.length)];
        int lockAt = locked ? 4 * (1 + random.nextInt(value / 4 - 1)) : 0;
        return new MapDefinition(
                OperationProgram.MAP,
                kind,
                keySize(),
                value,
                entries(),
                flags(locked),
                kind == MapKind.BLOOM_FILTER ? hashes() : 0,
                NONE,
                locked ? guarded(value, lockAt) : NONE,
                new MapDefinition.Content.Empty(),
                Optional.empty(),
                locked ? List.of(new MapField(MapField.Kind.SPIN_LOCK, lockAt, LOCK_BYTES, "")) : List.of());
    }

    /** So many that a filter of this size errs practically never: when it does is free, and the kernel's choice changes with each map. */
    private int hashes() {
        return random.nextInt(4) == 0 ? 0 : 5 + random.nextInt(11);
    }

    private int keySize() {
        return switch (kind.keys()) {
            case NONE -> 0;
            case INDEX -> 4;
            case ANY ->
                kind == MapKind.DEVMAP_HASH
                        ? 4
                        : kind == MapKind.LPM_TRIE
                                ? 4 + SIZES[random.nextInt(10)]
                                : SIZES[random.nextInt(SIZES.length)];
        };
    }

    /** Few, so that a map is full soon; many, where what happens then is free (LRU evicts, a filter errs). */
    private int entries() {
        return switch (kind) {
            case LRU_HASH, LRU_PERCPU_HASH, BLOOM_FILTER -> 4096;
            // To us every index is a CPU, to the kernel only those that there are.
            case CPUMAP -> 1 + random.nextInt(Math.min(2, Runtime.getRuntime().availableProcessors()));
            default -> 1 + random.nextInt(12);
        };
    }

    private int flags(boolean locked) {
        int flags = kind == MapKind.LPM_TRIE ? MapFlag.NO_PREALLOC.bit() : 0;
        for (MapFlag flag : MapFlag.values()) {
            if (flag.takenBy(kind) && !LEFT_OUT.contains(flag) && random.nextInt(RARE.contains(flag) ? 10 : 3) == 0) {
                flags |= flag.bit();
            }
        }
        if (MapFlag.RDONLY.in(flags)) {
            flags &= ~MapFlag.WRONLY.bit();
        }
        if (MapFlag.RDONLY_PROG.in(flags)) {
            flags &= ~MapFlag.WRONLY_PROG.bit();
        }
        if (MapFlag.NO_COMMON_LRU.in(flags)) {
            flags &= ~MapFlag.NUMA_NODE.bit();
        }
        if (locked) {
            // Linux has no lock that a program may not take.
            flags &= ~(MapFlag.RDONLY_PROG.bit() | MapFlag.WRONLY_PROG.bit());
        }
        return flags;
    }

    /** Words, one of which is the lock. */
    private static DebugType guarded(int bytes, int lockAt) {
        List<DebugType.Member> members = new ArrayList<>();
        for (int at = 0; at < bytes; at += 4) {
            members.add(new DebugType.Member("at" + at, at == lockAt ? LOCK : WORD, 8 * at, 0));
        }
        return new DebugType.Struct("guarded", bytes, members);
    }
}
