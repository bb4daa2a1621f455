package dev.turnout.tests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapFactory;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Definitions right and wrong, in sizes, entries, flags and locks: the running kernel makes a map of those that our machine makes one
 * of. {@code -Dseeds=2000} tries more of them.
 */
class MapDefinitionsTest {
    private static final int SEEDS = Integer.getInteger("seeds", 120);
    private static final DebugType NONE = new DebugType.Void();
    /** Flags that came after the oldest kernel that these tests are to run on, and such as lend other rights. */
    private static final Set<MapFlag> LEFT_OUT = EnumSet.of(MapFlag.TOKEN_FD, MapFlag.RB_OVERWRITE);
    /** What stands for a whole object of the kernel, and cannot be made here. */
    private static final Set<MapKind> KERNEL_ONLY = EnumSet.of(MapKind.RHASH, MapKind.STRUCT_OPS, MapKind.INSN_ARRAY);

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    /** All of which this machine has any. */
    private static Stream<MapKind> kinds() {
        return Stream.of(MapKind.values()).filter(kind -> !KERNEL_ONLY.contains(kind));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_map_is_made_or_refused_as_in_the_kernel(MapKind kind) {
        SplittableRandom random = new SplittableRandom(kind.kernelId());
        List<String> differences = new ArrayList<>();
        int made = 0;
        for (int i = 0; i < SEEDS; i++) {
            MapDefinition definition = draw(kind, random);
            Diagnostics diagnostics = new Diagnostics();
            Optional<BpfMap> ours = MapFactory.create(definition, 2, diagnostics);
            ours.ifPresent(BpfMap::close);
            assumeTrue(
                    ours.isPresent() || diagnostics.all().getFirst().code() != DiagnosticCode.R0103,
                    "this machine has no such maps");
            int theirs = switch (KernelMap.create(definition)) {
                case KernelMap.Made.Created(KernelMap map) -> {
                    map.close();
                    made++;
                    yield 0;
                }
                case KernelMap.Made.Refused(int error) -> error;
            };
            if (ours.isPresent() != (theirs == 0)) {
                differences.add((ours.isPresent() ? "ours alone makes " : "the kernel alone makes ")
                        + text(definition)
                        + (theirs == 0 ? "" : ", " + KernelErrors.name(theirs))
                        + (ours.isPresent()
                                ? ""
                                : ": " + diagnostics.all().getFirst().message()));
            }
        }
        assertThat(differences).isEmpty();
        assertThat(made).as("maps made").isPositive();
    }

    private static String text(MapDefinition map) {
        return map.inner()
                        .map(inner -> MapJudgement.text(new MapHistory(inner, List.of())) + " in ")
                        .orElse("")
                + MapJudgement.text(new MapHistory(map, List.of()));
    }

    private static MapDefinition draw(MapKind kind, SplittableRandom random) {
        boolean locked = random.nextInt(12) == 0;
        int value = locked ? 8 : valueSize(kind, random);
        boolean inner = kind == MapKind.ARRAY_OF_MAPS || kind == MapKind.HASH_OF_MAPS;
        return new MapDefinition(
                "m",
                kind,
                keySize(kind, random),
                value,
                entries(kind, random),
                flags(kind, random),
                random.nextInt(20) == 0 ? random.nextInt(40) : 0,
                NONE,
                locked ? guarded() : NONE,
                new MapDefinition.Content.Empty(),
                inner ? Optional.of(inner(random)) : Optional.empty(),
                locked ? List.of(new MapField(MapField.Kind.SPIN_LOCK, 4, 4, "")) : List.of());
    }

    /** What a map of maps shows its own to be like, which may be a map that it does not take. */
    private static MapDefinition inner(SplittableRandom random) {
        List<MapKind> kinds = List.of(
                MapKind.HASH, MapKind.HASH, MapKind.ARRAY, MapKind.PERCPU_ARRAY, MapKind.QUEUE, MapKind.PROG_ARRAY);
        MapKind kind = kinds.get(random.nextInt(kinds.size()));
        return new MapDefinition(
                "inner", kind, kind == MapKind.QUEUE ? 0 : 4, 4, 2, 0, NONE, NONE, new MapDefinition.Content.Empty());
    }

    private static int keySize(MapKind kind, SplittableRandom random) {
        int[] odd = {0, 1, 3, 4, 5, 8, 64, 260, 261, 512, 513};
        if (random.nextInt(5) == 0) {
            return odd[random.nextInt(odd.length)];
        }
        return switch (kind.keys()) {
            case NONE -> 0;
            case INDEX -> 4;
            case ANY -> 4 + random.nextInt(9);
        };
    }

    private static int valueSize(MapKind kind, SplittableRandom random) {
        int[] odd = {0, 1, 3, 4, 8, 16, 100, 32768, 32769, 40000};
        if (random.nextInt(5) == 0) {
            return odd[random.nextInt(odd.length)];
        }
        return switch (kind) {
            case RINGBUF, USER_RINGBUF, ARENA -> 0;
            case STACK_TRACE -> 8 * (1 + random.nextInt(127));
            case DEVMAP, DEVMAP_HASH, CPUMAP -> 4 + 4 * random.nextInt(2);
            default -> kind.valueKind() == MapKind.Values.PLAIN ? 1 + random.nextInt(40) : 4;
        };
    }

    private static long entries(MapKind kind, SplittableRandom random) {
        if (kind == MapKind.RINGBUF || kind == MapKind.USER_RINGBUF) {
            long[] all = {0, 1, 4095, 4096, 8192, 12288, 65536, 4097};
            return all[random.nextInt(all.length)];
        }
        // Of rings of events 0 means one a CPU, for us as for libbpf; the kernel is not asked.
        boolean zero = kind != MapKind.PERF_EVENT_ARRAY && random.nextInt(10) == 0;
        return zero ? 0 : 1 + random.nextInt(100);
    }

    private static int flags(MapKind kind, SplittableRandom random) {
        int flags = kind == MapKind.LPM_TRIE && random.nextInt(8) > 0 ? MapFlag.NO_PREALLOC.bit() : 0;
        for (MapFlag flag : MapFlag.values()) {
            if (!LEFT_OUT.contains(flag) && random.nextInt(flag.takenBy(kind) ? 6 : 60) == 0) {
                flags |= flag.bit();
            }
        }
        return flags;
    }

    private static DebugType guarded() {
        DebugType word = new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED);
        DebugType lock = new DebugType.Struct("bpf_spin_lock", 4, List.of(new DebugType.Member("val", word, 0, 0)));
        return new DebugType.Struct(
                "guarded",
                8,
                List.of(new DebugType.Member("count", word, 0, 0), new DebugType.Member("lock", lock, 32, 0)));
    }
}
