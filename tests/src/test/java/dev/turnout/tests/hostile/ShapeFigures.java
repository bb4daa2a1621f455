package dev.turnout.tests.hostile;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What verdicts on hostile shapes cost, for people: {@code [SHAPE SIZE]}, or all that documents speak of. Times are of this
 * thread on a processor: of the first verdict, and of the best of three behind it. {@code tests/hostile-shapes} calls it.
 */
final class ShapeFigures {
    private static final int AGAIN = 3;
    private static final double NANOS_A_MILLI = 1e6;

    private record Sized(Shape shape, int size) {}

    private static final List<Sized> ALL = List.of(
            new Sized(Shape.SWITCHES, 64),
            new Sized(Shape.DISPATCH, 64),
            new Sized(Shape.SQUARE, 1000),
            new Sized(Shape.BRANCHES, 4000),
            new Sized(Shape.DIAMONDS, 4000),
            new Sized(Shape.STRAIGHT, 990_000),
            new Sized(Shape.BRANCHES, 300_000),
            new Sized(Shape.NEST, 8),
            new Sized(Shape.LOOPS, 2000),
            new Sized(Shape.LADDER, 20_000),
            new Sized(Shape.TANGLE, 2000),
            new Sized(Shape.CALLS, 32),
            new Sized(Shape.DISPATCH, 4096));

    private ShapeFigures() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<Sized> wanted =
                args.length == 2 ? List.of(new Sized(Shape.valueOf(args[0]), Integer.parseInt(args[1]))) : ALL;
        out.println("shape size insns | first ms, best of three ms | verdict, steps | heap in use MiB");
        for (Sized one : wanted) {
            BpfProgram program = one.shape.program(one.size);
            long first = time(program);
            long best = Long.MAX_VALUE;
            for (int i = 0; i < AGAIN; i++) {
                best = Math.min(best, time(program));
            }
            Verdict verdict = Verifier.verify(program, Options.exec());
            Runtime machine = Runtime.getRuntime();
            out.println(String.format(
                    Locale.ROOT,
                    "%s %d %d | %.0f, %.0f | %s, %d | %d",
                    one.shape,
                    one.size,
                    program.code().insns().size(),
                    first / NANOS_A_MILLI,
                    best / NANOS_A_MILLI,
                    words(verdict),
                    verdict.steps(),
                    (machine.totalMemory() - machine.freeMemory()) >> 20));
        }
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Verified _ -> "accepted";
            case Verdict.Rejected rejected ->
                rejected.violations().getFirst().code().name();
        };
    }

    private static long time(BpfProgram program) {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long start = clock.getCurrentThreadCpuTime();
        Verifier.verify(program, Options.exec());
        return clock.getCurrentThreadCpuTime() - start;
    }
}
