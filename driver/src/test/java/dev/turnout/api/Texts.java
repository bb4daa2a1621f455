package dev.turnout.api;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;

/** Programs that the tests of this package run. */
final class Texts {
    private Texts() {}

    /** Counts packets by their first byte, changes the second, and goes by a key. */
    static final String COUNTER = """
            license "GPL";
            enum Mode: u8 { count, drop }
            header First { kind: u8, mark: u8 }
            struct Rule { weight: u32, on: bool }
            map seen: array<u8, u64>(256);
            map each: percpu_array<u8, u64>(256);
            map rules: hash<u8, Rule>(2);
            key mode: Mode = .count;
            key loud = false;
            config step: u64 = 1;
            prog xdp counter(ctx: *XdpCtx) -> XdpAction fails XDP_ABORTED {
                var pkt = ctx.cursor();
                let first = pkt.take(First)?;
                static_switch (mode) { .drop => return XDP_DROP, else => {} }
                static_branch (loud) { print("kind {}", first.kind); }
                seen[first.kind] += step;
                each[first.kind] += step;
                let rule = rules[first.kind] else return XDP_PASS;
                return if (rule.on) XDP_TX else XDP_PASS;
            }
            """;

    /** The shortest program there is, but for its verdict. */
    static final String PASS = "license \"GPL\"; prog xdp pass(ctx: *XdpCtx) -> XdpAction { return XDP_PASS; }";

    private static final HexFormat HEX = HexFormat.of();

    static MemorySegment packet(String hex) {
        return MemorySegment.ofArray(HEX.parseHex(hex));
    }

    /** {@link #PASS} with its first instruction replaced. */
    static ObjectCode passBeginningWith(String instruction) {
        byte[] elf = Turnout.compile("pass.turn", PASS).toElf();
        byte[] exit = HEX.parseHex("9500000000000000");
        int at = 8;
        while (!Arrays.equals(elf, at, at + 8, exit, 0, 8)) {
            at += 8;
        }
        System.arraycopy(HEX.parseHex(instruction), 0, elf, at - 8, 8);
        return Turnout.read(elf);
    }
}
