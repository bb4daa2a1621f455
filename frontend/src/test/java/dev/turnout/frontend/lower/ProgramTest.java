package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgramTest {
    private static final String HEADERS = """
            header Eth { dmac: [6]u8, smac: [6]u8, proto: be16 }
            header Small { kind: u8, len: be16, flag: bool, rest: u7 }
            """;

    @Test
    void takingGoesAlongThePacketAndStopsAtItsEnd() {
        Source source = Source.of(HEADERS + """
                prog xdp p(ctx: *XdpCtx) -> XdpAction fails XDP_DROP {
                    var pkt = ctx.cursor();
                    let a = pkt.take(Small)?;
                    let b = pkt.peek(Small)?;
                    pkt.skip(u32(b.kind))?;
                    let c = pkt.u16_at(u8(1))?;
                    if (pkt.rest() == 3 && c == 0x0304 && a.len == 0x1122 && a.flag && a.rest == 5) { return XDP_TX; }
                    return XDP_PASS;
                }
                """);
        assertThat(source.in(world -> world.packet(9, 0x11, 0x22, 0x85, 4, 0, 0, 0, 2, 3, 4))
                        .run("p", 1))
                .isEqualTo(3);
        assertThat(source.in(world -> world.packet(9, 0x11, 0x22, 0x85, 4, 0, 0, 0, 2, 3, 5))
                        .run("p", 1))
                .isEqualTo(2);
        assertThat(source.in(world -> world.packet(9, 0x11, 0x22, 0x85, 8, 0, 0, 0, 2, 3))
                        .run("p", 1))
                .isEqualTo(1);
        assertThat(source.in(world -> world.packet(9, 0x11, 0x22)).run("p", 1)).isEqualTo(1);
    }

    @Test
    void storesThroughAReferenceChangeThePacket() {
        Source source = Source.of(HEADERS + """
                prog xdp p(ctx: *XdpCtx) -> XdpAction fails XDP_DROP {
                    var pkt = ctx.cursor();
                    let a = pkt.take(Small)?;
                    a.len = be16(0x0102);
                    a.flag = true;
                    *pkt.take(Small)? = Small{ kind = 7, rest = 1 };
                    return XDP_TX;
                }
                """);
        source.in(world -> world.packet(1, 2, 3, 4, 5, 6, 7, 8)).run("p", 1);
        assertThat(source.world.packet()).containsExactly(1, 1, 2, 0x84, 7, 0, 0, 1);
    }

    @Test
    void aCursorIsPassedAndMovedByAFunction() {
        Source source = Source.of(HEADERS + """
                fn next(pkt: *Cursor) -> ?u8 { return pkt.take(Small)?.kind; }
                prog xdp p(ctx: *XdpCtx) -> XdpAction {
                    var pkt = ctx.cursor();
                    let saved = pkt;
                    let a = next(&pkt) orelse 0;
                    let b = next(&pkt) orelse 0;
                    let c = next(&pkt) orelse 3;
                    pkt = saved;
                    let d = next(&pkt) orelse 0;
                    if (a == 1 && b == 5 && c == 3 && d == 1) { return XDP_TX; }
                    return XDP_DROP;
                }
                """);
        assertThat(source.in(world -> world.packet(1, 2, 3, 4, 5, 6, 7, 8)).run("p", 1))
                .isEqualTo(3);
    }

    @Test
    void noStepGoesPast65535() {
        Source source = Source.of(HEADERS + """
                prog xdp p(ctx: *XdpCtx) -> XdpAction fails XDP_DROP {
                    var pkt = ctx.cursor();
                    pkt.skip(65530)?;
                    if (pkt.u8_at(4) == null) { return XDP_ABORTED; }
                    if (pkt.u8_at(5) != null) { return XDP_DROP; }
                    if (pkt.skip(u64(0xffffffffffffffff)) == null) { return XDP_TX; }
                    return XDP_PASS;
                }
                """);
        int[] jumbo = new int[70_000];
        assertThat(source.in(world -> world.packet(jumbo)).run("p", 1)).isEqualTo(3);
    }

    @Test
    void wherePacketsAreCopiedACursorReadsThroughTheHelper() {
        Source source = Source.of(HEADERS + """
                prog socket p(ctx: *SkBuff) -> i32 fails -1 {
                    var pkt = ctx.cursor();
                    let a = pkt.take(Small)?;
                    let b = pkt.u8_at(0)?;
                    pkt.skip(1)?;
                    return i32(u32(a.kind) + u32(b) * 10 + pkt.rest() * 100);
                }
                """);
        assertThat(source.in(world -> world.copiedPacket(1, 2, 3, 4, 5, 6, 7)).run("p", 1))
                .isEqualTo(251);
        assertThat(source.in(world -> world.copiedPacket(1, 2, 3, 4)).run("p", 1))
                .isEqualTo(0xffff_ffffL);
        assertThat(source.world.calls).contains("skb_load_bytes");
    }

    @Test
    void mapsFindWhatWasStored() {
        Source source = Source.of("""
                struct Key { port: be16, proto: u8 }
                struct Val { n: u32, m: u64 }
                map policy: hash<Key, Val>(16);
                map hits: percpu_array<u8, u64>(256);
                map small: array<u32, u32>(4);
                fn store(p: u16, n: u32) -> u32 {
                    policy[Key{ port = be16(p), proto = 6 }] = Val{ n = n, m = 5 };
                    let v = policy[Key{ port = be16(p), proto = 6 }] else return 0;
                    v.m += 1;
                    return v.n * 10 + u32(v.m);
                }
                fn insert(p: u16) -> i64 {
                    let k = Key{ port = be16(p), proto = 6 };
                    policy[k] = Val{ n = 1 };
                    if (policy.insert(k, Val{ n = 2 }, .noexist) != -17) { return 1; }
                    if (policy.delete(k) != 0) { return 2; }
                    return policy.delete(k);
                }
                fn count(p: u8) -> u64 { hits[p] += 1; hits[p] += 2; return hits[p]; }
                fn maybe(i: u32) -> u32 { let v = small[i] else return 99; *v += 7; return *v; }
                """);
        assertThat(source.run("store", 80, 4)).isEqualTo(46);
        assertThat(source.run("insert", 80)).isEqualTo(-2);
        assertThat(source.run("count", 200)).isEqualTo(3);
        assertThat(source.run("maybe", 3)).isEqualTo(7);
        assertThat(source.run("maybe", 4)).isEqualTo(99);
    }

    @Test
    void printsBecomeFormatsOfTheKernel() {
        Source source = Source.of("""
                license "GPL";
                fn f(a: u8, b: i32, c: be32, m: *const [6]u8) {
                    print("{} {x}", a, a);
                    print("{} 100% {ip} {mac} {}", b, c, *m, a == 7);
                }
                fn g() {
                    let m: [6]u8 = [1, 2, 0xab, 4, 5, 6];
                    f(17, -5, 192.0.2.1, &m);
                }
                """);
        source.run("g");
        assertThat(source.world.output).hasToString("17 11\n-5 100% 192.0.2.1 01:02:ab:04:05:06 false\n");
    }

    @Test
    void testBlocksDriveTheirWorld() {
        Source source = Source.of(HEADERS + """
                map seen: array<u32, u32>(1);
                prog xdp p(ctx: *XdpCtx) -> XdpAction fails XDP_DROP {
                    var pkt = ctx.cursor();
                    let a = pkt.take(Small)?;
                    seen[0] += u32(a.kind);
                    a.kind = 9;
                    return XDP_PASS;
                }
                test "runs" {
                    var packet1 = packet(Small{ kind = 4 }, Small{});
                    expect(run(p, packet1) == XDP_PASS);
                    expect(run(p, packet1.cut(3)) == XDP_DROP);
                    expect(seen[0] == 4);
                    let h = packet1.at(Small, 0)?;
                    expect(h.kind == 9);
                    expect(h.kind == 8);
                    for (i in 0..3) { expect(run(p, packet1) == XDP_PASS); }
                    expect(seen[0] == 31);
                }
                """);
        source.run("test.0");
        assertThat(source.world.failedChecks).hasSize(1);
        assertThat(source.lowered
                        .checks()
                        .get(source.world.failedChecks.getFirst())
                        .text())
                .isEqualTo("h.kind == 8");
    }

    @Test
    void checksumsAndHashesAreThoseOfTheStandards() {
        // RFC 1071, section 3, sums these bytes to ddf2; the hash is that of the kernel's jhash of the same bytes.
        Source source = Source.of("""
                fn sum() -> u16 {
                    let b: [8]u8 = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
                    return csum::sum(&b);
                }
                fn odd() -> u16 { let b: [3]u8 = [0xff, 0xff, 0x12]; return csum::sum(&b); }
                fn hash() -> u32 {
                    let b: [13]u8 = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
                    return hash::jhash(&b, 7);
                }
                """);
        assertThat(source.run("sum")).isEqualTo(0xddf2);
        assertThat(source.run("odd")).isEqualTo(0x1200);
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
        assertThat(source.run("hash")).isEqualTo(jhash(bytes, 7));
    }

    /** lookup3 as its paper states it, over bytes. */
    private static long jhash(byte[] bytes, int seed) {
        int a = 0xdeadbeef + bytes.length + seed;
        int b = a;
        int c = a;
        int at = 0;
        for (; bytes.length - at > 12; at += 12) {
            a += word(bytes, at);
            b += word(bytes, at + 4);
            c += word(bytes, at + 8);
            a = (a - c) ^ Integer.rotateLeft(c, 4);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 6);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 8);
            b += a;
            a = (a - c) ^ Integer.rotateLeft(c, 16);
            c += b;
            b = (b - a) ^ Integer.rotateLeft(a, 19);
            a += c;
            c = (c - b) ^ Integer.rotateLeft(b, 4);
            b += a;
        }
        a += word(bytes, at);
        b += word(bytes, at + 4);
        c += word(bytes, at + 8);
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
        return Integer.toUnsignedLong(c);
    }

    private static int word(byte[] bytes, int at) {
        int word = 0;
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
            word |= (bytes[at + i] & 0xff) << (8 * i);
        }
        return word;
    }

    @Test
    void bytesOfHeadersWithBitFieldsCanBeSummed() {
        Source source = Source.of("""
                header H { version: u4, ihl: u4, tos: u8, len: be16 }
                fn sum(n: u16) -> u16 {
                    var h = H{ version = 4, ihl = 5, len = be16(n) };
                    return csum::sum(&h);
                }
                """);
        assertThat(source.run("sum", 20)).isEqualTo(0x4514);
    }
}
