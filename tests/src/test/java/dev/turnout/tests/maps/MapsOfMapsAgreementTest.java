package dev.turnout.tests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.map.InnerMap;
import dev.turnout.runtime.map.MapOfMaps;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Maps put into maps of maps, those that fit and those that do not, taken out and looked for: as in the running kernel. */
class MapsOfMapsAgreementTest {
    private static final int HISTORIES = Integer.getInteger("histories", 40);
    private static final int LENGTH = 60;
    private static final int POOL = 6;
    private static final DebugType NONE = new DebugType.Void();
    private static final List<MapKind> KINDS = List.of(
            MapKind.HASH, MapKind.ARRAY, MapKind.PERCPU_ARRAY, MapKind.LRU_HASH, MapKind.LPM_TRIE, MapKind.QUEUE);
    private static final long[] FLAGS = {0, 0, 0, 0, 1, 2, 3, 4, 1L << 40};

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @ParameterizedTest
    @EnumSource(
            value = MapKind.class,
            names = {"ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void maps_come_and_go_as_in_the_kernel(MapKind kind) {
        for (int seed = 0; seed < HISTORIES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            MapDefinition template = inner(KINDS.get(random.nextInt(KINDS.size())), random, true);
            List<MapDefinition> pool = new ArrayList<>(List.of(template, template));
            while (pool.size() < POOL) {
                pool.add(inner(KINDS.get(random.nextInt(KINDS.size())), random, random.nextBoolean()));
            }
            MapDefinition outer = new MapDefinition(
                    "outer",
                    kind,
                    4,
                    4,
                    1 + random.nextInt(6),
                    0,
                    0,
                    NONE,
                    NONE,
                    new MapDefinition.Content.Empty(),
                    Optional.of(template),
                    List.of());
            try (Both both = new Both(outer, pool)) {
                for (int i = 0; i < LENGTH; i++) {
                    both.step(random, "seed " + seed + ", step " + i + ", of maps like " + template);
                }
            }
        }
    }

    private static MapDefinition inner(MapKind kind, SplittableRandom random, boolean usual) {
        int flags = (kind == MapKind.LPM_TRIE ? MapFlag.NO_PREALLOC.bit() : 0)
                | (kind == MapKind.ARRAY && random.nextInt(3) == 0 ? MapFlag.INNER_MAP.bit() : 0)
                | (kind == MapKind.HASH && random.nextInt(3) == 0 ? MapFlag.NO_PREALLOC.bit() : 0);
        int key = switch (kind.keys()) {
            case NONE -> 0;
            case INDEX -> 4;
            case ANY -> usual ? 8 : 12;
        };
        return new MapDefinition(
                "inner", kind, key, usual ? 8 : 4, usual ? 4 : 9, flags, NONE, NONE, new MapDefinition.Content.Empty());
    }

    /** The same map of maps and the same pool on both sides. */
    private static final class Both implements AutoCloseable {
        private final Machine machine = Machine.create(new ScriptedWorld(), 2);
        private final MapOfMaps ours;
        private final List<InnerMap> ourPool = new ArrayList<>();
        private final KernelMap theirs;
        private final List<KernelMap> theirPool = new ArrayList<>();

        Both(MapDefinition outer, List<MapDefinition> pool) {
            Diagnostics diagnostics = new Diagnostics();
            this.ours = (MapOfMaps) machine.declare(outer, diagnostics).orElseThrow();
            this.theirs = made(outer);
            for (MapDefinition one : pool) {
                ourPool.add(machine.makeInner(one, diagnostics).orElseThrow());
                theirPool.add(made(one));
            }
        }

        private static KernelMap made(MapDefinition definition) {
            return switch (KernelMap.create(definition)) {
                case KernelMap.Made.Created(KernelMap map) -> map;
                case KernelMap.Made.Refused(int error) -> throw new AssertionError(definition + ": error " + error);
            };
        }

        void step(SplittableRandom random, String where) {
            ByteString key =
                    StressSubject.u32(random.nextInt((int) ours.definition().maxEntries() + 2));
            int which = random.nextInt(POOL);
            long flags = FLAGS[random.nextInt(FLAGS.length)];
            switch (random.nextInt(3)) {
                case 0, 1 ->
                    assertThat(ours.put(key, ourPool.get(which), flags))
                            .as(where + ": " + ourPool.get(which).map().definition() + " with flags " + flags)
                            .isEqualTo(theirs.put(key, theirPool.get(which), flags));
                default -> assertThat(ours.remove(key)).as(where + ": delete").isEqualTo(theirs.delete(key));
            }
            assertThat(ourNumber(key)).as(where + ": what is at " + key).isEqualTo(theirNumber(key));
            assertThat(ours.entries()).as(where).hasSize(theirs.entries().size());
        }

        private int ourNumber(ByteString key) {
            Optional<InnerMap> held = ours.held(key);
            held.ifPresent(InnerMap::release);
            return held.map(ourPool::indexOf).orElse(-1);
        }

        private int theirNumber(ByteString key) {
            List<ByteString> id = theirs.read(key);
            if (id.isEmpty()) {
                return -1;
            }
            for (int i = 0; i < POOL; i++) {
                if (theirPool.get(i).id() == id.getFirst().asBuffer().getInt(0)) {
                    return i;
                }
            }
            throw new AssertionError("a map that is none of the pool");
        }

        @Override
        public void close() {
            ourPool.forEach(InnerMap::release);
            machine.close();
            theirs.close();
            theirPool.forEach(KernelMap::close);
        }
    }
}
