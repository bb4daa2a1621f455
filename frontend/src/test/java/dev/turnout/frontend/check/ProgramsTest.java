package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.frontend.typed.TypedText;
import org.junit.jupiter.api.Test;

/** Programs, cursors, maps, keys, tests. */
class ProgramsTest {
    @Test
    void kindAndArgumentGiveTheSection() {
        assertThat(TypedText.of(Checked.of("prog tc(\"ingress\") f(ctx: *SkBuff) -> TcAction { return TC_ACT_OK; }")
                        .good()))
                .contains("prog \"tc/ingress\" f(ctx: *SkBuff) -> TcAction");
        assertThat(TypedText.of(Checked.of("prog socket f(ctx: *SkBuff) -> i32 { return -1; }")
                        .good()))
                .contains("prog \"socket\" f");
    }

    @Test
    void aKeyThatCannotMissIsThePlaceItself() {
        String text = TypedText.of(Checked.of("""
                map bytes: array<u8, u64>(256);
                map few: array<u32, u64>(4);
                enum E { a, b }
                map each: percpu_array<E, u64>;
                fn f(b: u8, e: E, n: u32) {
                    bytes[b] += 1;
                    few[2] += 1;
                    few[n & 3] += 1;
                    each[e] += 1;
                    if (let c = few[n]) { *c += 1; }
                }
                """).good());
        assertThat(text)
                .contains("bytes[b present] add= 1;")
                .contains("few[2 present]")
                .contains("few[(n and 3) present]")
                .contains("each[e present]")
                .contains("map each: percpu_array<E, u64>(2)")
                .contains("if (let c: *u64 = few[n])");
    }

    @Test
    void anEntryThatMayBeMissingIsNotUpdated() {
        assertThat(Checked.of("map m: hash<u32, u64>(4);\nfn f() { m[1] += 1; }")
                        .reports())
                .containsExactly("E0306 2:10");
        assertThat(Checked.of("map m: array<u32, u64>(4);\nfn f() { m[4] = 1; }")
                        .reports())
                .containsExactly("E0333 2:12");
    }

    @Test
    void theHintOfAKeyedBranchFollowsItsInitialValue() {
        String text = TypedText.of(Checked.of("""
                key on = true;
                key off = false;
                fn f() { static_branch (on) {} static_branch (off) {} static_branch unlikely (on) {} }
                """).good());
        assertThat(text)
                .containsSubsequence(
                        "static_branch likely (on)", "static_branch unlikely (off)", "static_branch unlikely (on)");
    }

    @Test
    void aKeyedSwitchHasArmsForAllMembers() {
        String program = """
                enum Mode { fast, slow }
                key mode: Mode = .fast;
                fn f() -> u32 { static_switch (mode) { .fast => return 1, %s } }
                """;
        Checked.of(program.formatted(".slow => return 2")).good();
        assertThat(Checked.of(program.formatted("")).reports()).startsWith("E0319 3:32");
    }

    @Test
    void onlyOneReportForOneCause() {
        assertThat(Checked.of("""
                fn f(pkt: *Cursor) -> u32 {
                    let ip = pkt.take(Ipv4) else return 0;
                    let n = ip.ihl * 4;
                    if (n > ip.len.host()) { return ip.ttl; }
                    return n + missing;
                }
                """).reports()).containsExactly("E0201 2:23", "E0201 5:16");
    }

    @Test
    void whatAHookForbidsIsFoundInWhatItReaches() {
        Checked checked = Checked.of("""
                import net;
                fn mark(pkt: *Cursor) { let eth = pkt.take(Eth) else return; eth.proto = 0; }
                prog socket f(ctx: *SkBuff) -> i32 { var pkt = ctx.cursor(); mark(&pkt); return 0; }
                """);
        assertThat(checked.reports()).containsExactly("E0405 2:62");
        Checked.of("""
                import net;
                fn mark(pkt: *Cursor) { let eth = pkt.take(Eth) else return; eth.proto = 0; }
                prog tc f(ctx: *SkBuff) -> TcAction { var pkt = ctx.cursor(); mark(&pkt); return TC_ACT_OK; }
                """).good();
    }

    @Test
    void printNeedsALicenceOnlyWhereAProgramReachesIt() {
        String text = "fn say() { print(\"x\"); }\n";
        Checked.of(text).good();
        assertThat(Checked.of(text + "prog xdp f(ctx: *XdpCtx) -> XdpAction { say(); return XDP_PASS; }")
                        .reports())
                .containsExactly("E0403 1:12");
        Checked.of("license \"Dual MIT/GPL\";\n" + text
                        + "prog xdp f(ctx: *XdpCtx) -> XdpAction { say(); return XDP_PASS; }")
                .good();
    }

    @Test
    void aCursorThatMovesIsAVariable() {
        assertThat(Checked.of("""
                prog xdp f(ctx: *XdpCtx) -> XdpAction fails XDP_DROP {
                    let pkt = ctx.cursor();
                    pkt.skip(1)?;
                    return XDP_PASS;
                }
                """).reports()).containsExactly("E0309 3:5");
    }

    @Test
    void bitFieldsTakeWhatFits() {
        Checked.of("""
                import net;
                fn f(ip: *Ipv4, n: u8) { ip.ihl = 5; ip.ihl = u4(n); ip.ihl = n & 15; ip.version = ip.ihl; ip.ihl += 1; }
                """).good();
        assertThat(Checked.of("import net;\nfn f(ip: *Ipv4, n: u8) { ip.ihl = n; }")
                        .reports())
                .containsExactly("E0302 2:35");
        assertThat(Checked.of("import net;\nfn f(ip: *Ipv4) { ip.ihl = 16; }").reports())
                .containsExactly("E0302 2:28");
    }

    @Test
    void contextFieldsAreReadAndWrittenAsTheRowsSay() {
        Checked.of("prog tc f(ctx: *SkBuff) -> TcAction { ctx.mark = ctx.len; ctx.cb[2] = 1; return TC_ACT_OK; }")
                .good();
        assertThat(Checked.of("prog socket f(ctx: *SkBuff) -> i32 { ctx.mark = 1; return 0; }")
                        .reports())
                .containsExactly("E0405 1:38");
        assertThat(Checked.of("prog xdp f(ctx: *XdpCtx) -> XdpAction { let d = ctx.data; return XDP_PASS; }")
                        .reports())
                .containsExactly("E0209 1:53");
    }

    @Test
    void referencesToLocalsDoNotLeave() {
        assertThat(Checked.of("struct P { x: u32 }\nfn g(p: *P) -> *u32 { return &p.x; }\n"
                                + "fn f() -> *u32 { var p = P{}; return g(&p); }")
                        .reports())
                .containsExactly("E0328 3:38");
        Checked.of("import net;\nfn f(ctx: *XdpCtx) -> ?*Eth { var pkt = ctx.cursor(); return pkt.take(Eth); }")
                .good();
    }

    @Test
    void functionsOfTheKernelAreHeldToTheirRows() {
        for (String text : new String[] {
            "extern kfunc bpf_rcu_read_lock();",
            "extern kfunc bpf_strnlen(s: *const [8]u8, most: u64) -> i32;",
            "extern kfunc bpf_dynptr_size(of: *const [2]u64) -> u64;",
            "extern kfunc of_some_module(a: u32, b: *u64) -> bool;",
            "extern kfunc of_some_module();",
        }) {
            Checked.of(text).good();
        }
        reports("extern kfunc bpf_rcu_read_lock(a: u32);", "E0314 1:14");
        reports("extern kfunc of_some_module(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8);", "E0314 1:14");
        reports("extern kfunc bpf_strnlen(s: *const [8]u8, most: *u64) -> i32;", "E0301 1:49");
        reports("extern kfunc bpf_dynptr_size(of: u64) -> u64;", "E0301 1:34");
        reports("extern kfunc bpf_dynptr_from_xdp(c: *u64, f: u64, d: *[2]u64) -> i32;", "E0301 1:37");
        reports("extern kfunc bpf_dynptr_size(of: *const [2]u64);", "E0301 1:14");
        reports("extern kfunc bpf_rcu_read_lock() -> u32;", "E0301 1:37");
        reports("extern kfunc bpf_iter_num_next(it: *u64) -> ?*const u32;", "E0404 1:45");
        reports("extern kfunc of_some_module(a: ?u32) -> u32;", "E0301 1:32");
    }

    private static void reports(String text, String... expected) {
        assertThat(Checked.of(text).reports()).as(text).containsExactly(expected);
    }

    @Test
    void testsHaveWhatProgramsDoNot() {
        Checked.of("""
                import net;
                config rate: u64 = 5;
                map seen: hash<u32, u64>(8);
                prog xdp f(ctx: *XdpCtx) -> XdpAction { seen[1] = time::ktime() + rate; return XDP_PASS; }
                test "all of it" {
                    rate = 7;
                    reload();
                    clock(5ms);
                    var p = packet(Eth{ proto = ETH_P_IP }, [1, 2, 3], "ab");
                    expect(run(f, p) == XDP_PASS && seen.len() == 1 && output() == "");
                    let eth = p.at(Eth, 0)?;
                    expect(eth.proto == 0x800 && p.len() == 19);
                }
                """).good();
        assertThat(Checked.of("fn f() { reload(); }").reports()).containsExactly("E0327 1:10");
    }
}
