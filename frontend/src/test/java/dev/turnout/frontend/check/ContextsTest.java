package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.stdlib.program.ContextView;
import dev.turnout.stdlib.program.ProgramSection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Kinds of programs, their places, and what each is called with. */
class ContextsTest {
    static final List<ProgramSection> SECTIONS = ProgramSection.rows();

    /** Every section that can be spelled and whose context has a type takes the type that says most of it. */
    @ParameterizedTest
    @FieldSource("SECTIONS")
    void everySectionTakesItsContext(ProgramSection row) {
        String place = row.stem().contains("/")
                ? row.stem().substring(row.stem().indexOf('/') + 1)
                : row.open() ? "somewhere" : "";
        String kind = row.stem().split("/", 2)[0];
        if (kind.contains(".") && !kind.endsWith(".s")) {
            return; // A kind is a word; what else stands behind it has no spelling.
        }
        boolean sleeps = kind.endsWith(".s");
        String word = sleeps ? kind.substring(0, kind.length() - 2) : kind;
        if (word.contains(".")) {
            return;
        }
        List<ContextView> views = ContextView.of(row.type(), place.isEmpty() ? kind : kind + "/" + place);
        String result = row.type().verdicts().typeName();
        String value = result.equals("XdpAction") ? "XDP_PASS" : result.equals("TcAction") ? "TC_ACT_OK" : "0";
        String context = views.isEmpty() ? "Context" : views.getFirst().word();
        Checked checked = Checked.of((sleeps ? "@sleepable " : "") + "prog " + word
                + (place.isEmpty() ? "" : "(\"" + place + "\")") + " f(ctx: *" + context + ") -> " + result
                + " { return " + value + "; }");
        if (views.isEmpty()) {
            assertThat(checked.reports()).hasSize(1).first().asString().startsWith("E0326");
        } else {
            checked.good();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prog xdp(\"ingress\") f(ctx: *XdpCtx) -> XdpAction { return XDP_PASS; } | E0326 1:10",
                "prog cgroup(\"nowhere\") f(ctx: *Sock) -> i32 { return 0; } | E0326 1:13",
                "@sleepable prog xdp f(ctx: *XdpCtx) -> XdpAction { return XDP_PASS; } | E0326 1:17",
                "prog kprobe(\"f\") p(ctx: *RawTp) -> i32 { return 0; } | E0326 1:25",
                "prog raw_tp(\"sched_switch\") p(ctx: *SysEnter) -> i32 { return 0; } | E0326 1:36",
                "prog tracepoint(\"a/b\") p(ctx: *TpSysEnter) -> i32 { return 0; } | E0326 1:31",
                "struct S { a: u64 } prog tracepoint(\"a/b\") p(ctx: *S) -> i32 { return 0; } | E0326 1:51",
                "header S { a: u8 } prog tracepoint(\"a/b\") p(ctx: *const S) -> i32 { return 0; } | E0326 1:50",
                "prog kprobe(\"f\") p(ctx: *PtRegs) -> i32 { return i32(ctx.arg(6)); } | E0333 1:62",
                "prog kprobe(\"f\") p(ctx: *PtRegs) -> i32 { return i32(ctx.eax); } | E0209 1:58",
                "prog kprobe(\"f\") p(ctx: *PtRegs) -> i32 { var c = ctx.cursor(); return 0; } | E0404 1:51",
                "prog cgroup(\"dev\") p(ctx: *CgroupDev) -> i32 { ctx.major = 1; return 0; } | E0405 1:48",
                "prog cgroup(\"bind4\") p(ctx: *SockAddr) -> i32 { ctx.user_ip6[0] = 1; return 0; } | E0405 1:49",
                "prog perf_event p(ctx: *PerfEvent) -> i32 { let r = ctx; return 0; } test \"t\" { run(p, PtRegs{}); } | E0301 1:88",
                "test \"t\" { let p = PtRegs{ args = 3 }; } | E0301 1:35",
                "test \"t\" { let p = PtRegs{ args = [0; 7] }; } | E0333 1:36",
                "test \"t\" { let p = SkBuff{ data = 3 }; } | E0209 1:28",
                "test \"t\" { let p = SkBuff{ mark = 3, mark = 4 }; } | E0202 1:38",
                "test \"t\" { let p = PtRegs{ packet = packet([1]) }; } | E0209 1:28",
                "fn f() -> u64 { return user(\"x\"); } | E0327 1:24",
                "prog raw_tp(\"sys_enter\") p(ctx: *SysEnter) -> i32 { return i32(ctx.arg(0)); } | E0403 1:64",
            })
    void whatDoesNotFitIsSaid(String text, String report) {
        assertThat(Checked.of(text).reports()).as(text).containsExactly(report);
    }

    @Test
    void aWrongPlaceIsToldTheRightOnes() {
        assertThat(Checked.of("prog sk_skb(\"verdicts\") f(ctx: *SkBuff) -> i32 { return 0; }")
                        .words())
                .contains("`sk_skb/verdicts`")
                .contains("`sk_skb/stream_parser`, `sk_skb/stream_verdict`, `sk_skb/verdict` and `sk_skb`");
        assertThat(Checked.of("@sleepable prog syscall f(ctx: *SyscallCtx) -> i32 { return 0; }")
                        .words())
                .contains("always sleep");
    }
}
