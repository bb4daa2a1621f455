package dev.turnout.bench.keys;

/**
 * A loop over a packet with four features in it that are switched off: the body of {@code flags_body.h} in the corpus.
 *
 * @param switched what decides
 * @param steps how often the body's work is done a word: 1 makes a loop of eight instructions, 8 one of more than fifty
 */
record FlagsProgram(Switched switched, int steps) {
    /** Words of the packet. */
    static final int WORDS = 352;

    enum Switched {
        /** Nothing: the features are not there. */
        NOTHING(""),
        KEYS("key %s = false;\n"),
        VARIABLES("var %s: u32 = 0;\n");

        private final String declaration;

        Switched(String declaration) {
            this.declaration = declaration;
        }

        String declare(String name) {
            return declaration.formatted(name);
        }

        String when(String name, String action) {
            return switch (this) {
                case NOTHING -> "";
                case KEYS -> "static_branch unlikely (" + name + ") { " + action + " }\n";
                case VARIABLES -> "if unlikely (" + name + " != 0) { " + action + " }\n";
            };
        }
    }

    String text() {
        String more = """
                a = rotl(a, 5) + v; b = b * 5 ^ a >> 7; c = (c ^ b) + (v >> 9); a ^= c << 3; b += rotl(c, 11);
                """.repeat(steps - 1);
        return """
                license "GPL";
                header Words { words: [%d]be32 }
                var result: u32 = 0;
                """.formatted(WORDS)
                + switched.declare("trace") + switched.declare("stats") + switched.declare("drop")
                + switched.declare("mirror")
                + """
                prog xdp entry(ctx: *XdpCtx) -> XdpAction fails XDP_DROP {
                    var pkt = ctx.cursor();
                    let p = pkt.take(Words)?;
                    var a: u32 = 0; var b: u32 = 0; var c: u32 = 0; var d: u32 = 0;
                    for (i in 0..%d) {
                        let v = bswap(p.words[i].host());
                """.formatted(WORDS)
                + switched.when("trace", "d += v;")
                + "a += v;\n"
                + switched.when("stats", "d ^= a;")
                + "b ^= v >> 3;\n"
                + switched.when("drop", "a ^= 0x5a5a;")
                + "c += v & 0xff;\n"
                + more
                + switched.when("mirror", "d += c;")
                + """
                    }
                    result = a + b * 3 + c * 5 + d * 7;
                    return XDP_PASS;
                }
                """;
    }
}
