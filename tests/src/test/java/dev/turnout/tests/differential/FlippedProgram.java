package dev.turnout.tests.differential;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.tests.golden.Stages;
import java.util.List;

/**
 * A program that says at each of its static branches which way it went: each way of each site has a bit of the result, so whoever
 * knows which values the keys had during a run knows which results are right.
 */
final class FlippedProgram {
    /** Passes each site once. */
    static final String ONCE = "once";
    /** Passes each site a hundred times, so that a thread is nearly always between two of them. */
    static final String OFTEN = "often";

    /** By number: how many values a key has. */
    static final List<Integer> VALUES = List.of(2, 2, 5, 2);

    static final List<String> KEYS = List.of("rare", "usual", "mode", "shared");

    /** All four layouts, sites that jump for the other value, sites of several ways, sites within an arm. */
    private static final String SITES = """
            static_branch unlikely (rare) { seen |= 0x1; } else { seen |= 0x2; }
            static_branch likely (rare) { seen |= 0x4; } else { seen |= 0x8; }
            static_branch unlikely (usual) { seen |= 0x10; } else { seen |= 0x20; }
            static_switch (mode) {
                .m0 => seen |= 0x100, .m1 => seen |= 0x200, .m2 => seen |= 0x400, .m3 => seen |= 0x800, .m4 => seen |= 0x1000
            }
            static_branch likely (usual) { seen |= 0x40; } else { seen |= 0x80; }
            static_switch (mode) {
                .m1, .m3 => seen |= 0x2000,
                else => { static_branch (shared) { seen |= 0x4000; } else { seen |= 0x8000; } seen |= 0x10000; }
            }
            static_branch (shared) { seen |= 0x20000; } else { seen |= 0x40000; }
            """;

    private static final String SOURCE = """
            enum Mode { m0, m1, m2, m3, m4 }
            key rare = false;
            key usual = true;
            key mode: Mode = .m2;
            key shared = false;
            prog socket once(ctx: *SkBuff) -> i32 {
                var seen: i32 = 0;
            """ + SITES + """
                return seen;
            }
            prog socket often(ctx: *SkBuff) -> i32 {
                var seen: i32 = 0;
                for (i in 0..100) {
            """ + SITES + """
                }
                return seen;
            }
            """;

    /**
     * A site.
     *
     * @param key that it obeys, by number
     * @param ways by value of the key, the bit of the way
     * @param always whether each run passes it
     */
    private record Site(int key, List<Integer> ways, boolean always) {}

    private static final List<Site> PLACES = List.of(
            new Site(0, List.of(0x2, 0x1), true),
            new Site(0, List.of(0x8, 0x4), true),
            new Site(1, List.of(0x20, 0x10), true),
            new Site(2, List.of(0x100, 0x200, 0x400, 0x800, 0x1000), true),
            new Site(1, List.of(0x80, 0x40), true),
            new Site(2, List.of(0x10000, 0x2000, 0x10000, 0x2000, 0x10000), true),
            new Site(3, List.of(0x8000, 0x4000), false),
            new Site(3, List.of(0x40000, 0x20000), true));

    /** Every way of every site. */
    static final int ALL = 0x7ffff;

    private FlippedProgram() {}

    static BpfObject object() {
        return Stages.compilationOf("flipped.turn", SOURCE)
                .generated()
                .orElseThrow(() -> new IllegalStateException(
                        Stages.diagnosticsOf("flipped.turn", SOURCE).all().toString()))
                .object();
    }

    /**
     * Whether a result is right.
     *
     * @param seen the result
     * @param values by key: a bit for each value that it may have had during the run
     * @param once whether the run passed each site once only
     */
    static boolean isRight(int seen, int[] values, boolean once) {
        for (Site site : PLACES) {
            int possible = 0;
            int all = 0;
            for (int value = 0; value < site.ways.size(); value++) {
                all |= site.ways.get(value);
                possible |= (values[site.key] >>> value & 1) == 0 ? 0 : site.ways.get(value);
            }
            int found = seen & all;
            if ((found & ~possible) != 0 || (site.always && found == 0) || (once && Integer.bitCount(found) > 1)) {
                return false;
            }
        }
        return (seen & ~ALL) == 0;
    }
}
