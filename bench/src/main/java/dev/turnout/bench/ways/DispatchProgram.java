package dev.turnout.bench.ways;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import java.util.Map;

/**
 * A program that does {@link #STEPS} small operations on two numbers, each chosen by a switch, and returns what comes of them.
 * The number that chooses is read from a table of random ones, so that no analysis knows its range, at a random place.
 *
 * @param cases of the switch, from 0 on; no other number occurs
 * @param predictable whether every run takes the same way, or goes on where the last one ended, so that nothing repeats
 */
record DispatchProgram(Form form, int cases, boolean predictable) {
    /** Operations a run. */
    static final int STEPS = 256;

    /** How the switch is written. */
    enum Form {
        /** One dispatch, in a loop, through a table. */
        TABLE("@jump_table switch", false),
        /** One dispatch, in a loop, by compares. */
        TREE("@tree switch", false),
        /** A labelled switch with one dispatch through a table. */
        SHARED("@jump_table @shared st: switch", true),
        /** A labelled switch in which every case has its own dispatch through a table. */
        REPLICATED("@jump_table st: switch", true);

        private final String words;
        private final boolean labelled;

        Form(String words, boolean labelled) {
            this.words = words;
            this.labelled = labelled;
        }
    }

    /** Constants of the four rounds of operations, so that no two cases are equal. */
    private static final int[] ROUNDS = {1, 9, 21, 37};

    /** One for each case of a round; {@code K} is the round's constant, {@code S} a shift made of it. */
    private static final List<String> OPERATIONS = List.of(
            "x += b + K",
            "x ^= y + K",
            "y = y * (K + K + 3) + b",
            "y ^= x >> S",
            "x = rotl(x, S)",
            "x -= y ^ K",
            "y |= b << S",
            "y &= ~(b + K)",
            "x = x * 5 + K",
            "x += y << S",
            "y -= x + K",
            "x ^= b * (K + K + 1)",
            "y = rotl(y, S + 1)",
            "x = (x >> 3) + y + K",
            "y += x & (65280 + K)",
            "x = ~x + K");

    private static final String NEXT = "s = s * 1664525 + 1013904223; b = s >> 8 & 255;";
    private static final String CHOICE = "ops[s >> 20]";

    private String operation(int number) {
        int constant = ROUNDS[number / OPERATIONS.size()];
        return OPERATIONS
                .get(number % OPERATIONS.size())
                .replace("K", Integer.toString(constant))
                .replace("S", Integer.toString(constant % 11 + 2));
    }

    /** The program's text. */
    String text() {
        StringBuilder arms = new StringBuilder();
        for (int i = 0; i < cases; i++) {
            arms.append("        ")
                    .append(i)
                    .append(" => { ")
                    .append(operation(i))
                    .append("; ");
            arms.append(form.labelled ? NEXT + " continue :st " + CHOICE + "; }\n" : "}\n");
        }
        arms.append("        else => {}\n");
        String body = form.labelled
                ? "    %s\n    %s (%s) limit %d {\n%s    } exhausted {}\n"
                        .formatted(NEXT, form.words, CHOICE, STEPS - 1, arms)
                : "    %s\n    for (i in 0..%d) {\n    %s (%s) {\n%s    }\n    %s\n    }\n"
                        .formatted(NEXT, STEPS, form.words, CHOICE, arms, NEXT);
        return """
                license "GPL";
                fn op(i: u32) -> u8 { return u8((i * 2654435761 >> 12) %% %d); }
                var ops: [4096]u8 = comptime(op);
                var seed: u32 = 1;
                prog socket entry(ctx: *SkBuff) -> i32 {
                    var x: u32 = 1;
                    var y: u32 = 2;
                    var s: u32 = %s;
                    var b: u32 = 0;
                %s%s    return i32(x ^ y);
                }
                """.formatted(cases, predictable ? "1" : "seed", body, predictable ? "" : "    seed = s;\n");
    }

    /**
     * The program, compiled.
     *
     * @throws IllegalStateException if the target does not have what it demands
     */
    BpfProgram compile(TargetProfile target) {
        Compilation compilation = new Compilation(
                new SourceFile("dispatch.turn", text()),
                SourceReader.none(),
                new CompileOptions(target, Map.of(), false, false));
        Diagnostics loading = new Diagnostics();
        return compilation
                .generated()
                .flatMap(generated -> ProgramLoader.load(generated.object(), "entry", loading))
                .orElseThrow(() -> new IllegalStateException(
                        new TerminalRenderer(false).render(compilation.diagnostics()) + text()));
    }
}
