package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is owned, along every kind of way through a function. */
class OwnershipTest {
    private static final String HEAD = """
            license "GPL";
            struct Event { n: u32, kind: u8 }
            map events: ringbuf(64K);
            key traced = false;
            enum Way { a, b, c }
            fn finish(e: own *Event) { submit(e); }
            fn maybe(n: u32) -> ?u32 { return if (n > 3) n else null; }
            fn use(e: *Event) -> u32 { return e.n; }
            """;

    /** A function that owns {@code e} from its beginning on. */
    private static String body(String statements) {
        return HEAD + "fn f(e: own *Event, n: u32, way: Way) -> ?u32 { " + statements + " }\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "submit(e); return 1;",
                "finish(e); return 1;",
                "if (n > 3) { discard(e); return 0; } submit(e); return 1;",
                "if (n > 3) { discard(e); } else { submit(e); } return 1;",
                "switch (way) { .a => submit(e), .b => discard(e), .c => finish(e) } return 1;",
                "switch (way) { .a => { e.n = 1; fallthrough; } .b => { submit(e); } .c => discard(e), } return 1;",
                "static_branch (traced) { discard(e); return 0; } submit(e); return 1;",
                "for (i in 0..4) { e.n += u32(i); if (e.n > 9) { discard(e); return 0; } } submit(e); return 1;",
                "for (i in 0..4) { if (i == 2) { break; } } submit(e); return 1;",
                "while (true) limit 4 { if (n > 2) { break; } } exhausted { } submit(e); return 1;",
                "for (i in 0..4) { let g = events.reserve(Event) else break; g.n = u32(i); submit(g); } submit(e); return 1;",
                "st: switch (way) limit 4 { .a => continue :st .b, .b => { e.n += 1; continue :st .a; } .c => {} }"
                        + " exhausted { } submit(e); return 1;",
                "defer submit(e); let m = maybe(n)?; return m;",
                "defer submit(e); if (n > 3) { return 0; } return 1;",
                "{ let g = e; submit(g); } return 1;",
                "let m = use(&*e) + e.use(); submit(e); return m;",
                "var g = e; submit(g); g = events.reserve(Event) else return 0; submit(g); return 1;",
                "let g = events.reserve(Event); if (g == null) { submit(e); return 0; }"
                        + " if (let h = g) { submit(h); } submit(e); return 1;",
                "let r = &e.n; *r = 1; submit(e); return 1;",
                "if (let g = events.reserve(Event)) { submit(g); } submit(e); return 1;",
                "while (let g = events.reserve(Event)) limit 2 { discard(g); } submit(e); return 1;",
            })
    void everyWayGivesItBackOnce(String statements) {
        Checked.of(body(statements.replace(
                        "g = events.reserve(Event) else return 0;",
                        "let h = events.reserve(Event)" + " else return 0; g = h;")))
                .good();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return 1;",
                "if (n > 3) { return 0; } submit(e); return 1;",
                "if (n > 3) { submit(e); } return 1;",
                "submit(e); submit(e); return 1;",
                "submit(e); return e.n;",
                "switch (way) { .a => submit(e), .b => discard(e), .c => {} } return 1;",
                "switch (way) { .a => { submit(e); fallthrough; } .b => { submit(e); } .c => discard(e), } return 1;",
                "static_branch (traced) { discard(e); } return 1;",
                "for (i in 0..4) { submit(e); } return 1;",
                "for (i in 0..4) { if (i == n) { submit(e); break; } } return 1;",
                "for (i in 0..4) { let g = events.reserve(Event) else break; if (i == n) { continue; } submit(g); }"
                        + " submit(e); return 1;",
                "while (true) limit 4 { submit(e); break; } return 1;",
                "st: switch (way) limit 4 { .a => { submit(e); continue :st .b; } .b => continue :st .a, .c => submit(e) }"
                        + " exhausted { return 0; } return 1;",
                "let m = maybe(n)?; submit(e); return m;",
                "let ok = n > 3 && events.output(&n) == 0 || n == 1; return 1;",
                "defer submit(e); submit(e); return 1;",
                "var g = e; g = events.reserve(Event) else return 0; submit(g); return 1;",
                "let r = &e.n; submit(e); return *r;",
                "{ let g = e; } return 1;",
                "if (let g = events.reserve(Event)) { g.n = 1; } submit(e); return 1;",
                "while (let g = events.reserve(Event)) limit 2 { g.n = 1; } submit(e); return 1;",
            })
    void aWayThatDoesNotIsNamed(String statements) {
        String text = body(statements.replace(
                "g = events.reserve(Event) else return 0;",
                "let h = events.reserve(Event)" + " else { discard(g); return 0; } g = h;"));
        assertThat(Checked.of(text).reports()).isNotEmpty().allMatch(report -> report.startsWith("E0346"));
    }

    @Test
    void bothPlacesAreNamed() {
        assertThat(Checked.of(HEAD + "fn f(n: u32) {\n    let e = events.reserve(Event) else return;\n"
                                + "    if (n > 3) { return; }\n    submit(e);\n}\n")
                        .diagnostics()
                        .all())
                .singleElement()
                .satisfies(one -> assertThat(one.message())
                        .isEqualTo("`e` (reserved at 10:13) is still owned at the return in 11:18"));
    }

    @Test
    void nothingIsLeftToDoBehindACallThatMayNotComeBack() {
        String text = """
                var n: u64 = 0;
                map next: prog_array<u32>(2);
                fn count() { atomic::add(&n, 1); }
                fn go(ctx: *XdpCtx) -> XdpAction { tail next[0] else {} return XDP_PASS; }
                prog xdp p(ctx: *XdpCtx) -> XdpAction { defer count(); return go(ctx); }
                """;
        assertThat(Checked.of(text).reports()).containsExactly("E0345 5:63");
    }
}
