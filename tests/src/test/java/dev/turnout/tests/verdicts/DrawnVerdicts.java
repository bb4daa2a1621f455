package dev.turnout.tests.verdicts;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.linux.exec.WrappedCode;
import dev.turnout.tests.random.Deletion;
import dev.turnout.tests.random.Mutation;
import dev.turnout.tests.random.RandomProgram;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Looks for programs about which we and the running kernel differ: {@code COUNT [FROM]} goes through seeds, and prints the first
 * of each kind of difference as a case, with as few instructions as still differ so. The script {@code tests/kernel-verdicts}
 * calls it.
 */
final class DrawnVerdicts {
    /** More of them make the kernel walk up to a million instructions. */
    private static final int MOST_BRANCHES_IN_LOOPS = 2;

    private final Map<String, Integer> kinds = new TreeMap<>();
    private int asked;
    private int accepted;
    private int agreed;

    /** A difference: our side, and the kernel's without its numbers. */
    private record Difference(String ours, String kernel) {
        static Optional<Difference> on(BpfProgram program) {
            Optional<String> kernel = Verdicts.kernel(program);
            if (kernel.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Difference(Verdicts.ours(program), kernel.get()));
        }

        boolean agrees() {
            return ours.equals(Verdicts.ACCEPTED) == kernel.equals(Verdicts.ACCEPTED);
        }

        String kind() {
            return ours + " / "
                    + kernel.replaceAll("-?(0x[0-9a-f]+|[0-9]+)", "N").replaceAll("R(N|[0-9])", "R");
        }
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (!Verdicts.kernelAnswers()) {
            out.println("this user may not load programs into this kernel");
            System.exit(3);
        }
        long from = args.length > 1 ? Long.parseLong(args[1]) : 0;
        long end = from + Long.parseLong(args[0]);
        DrawnVerdicts all = new DrawnVerdicts();
        for (long seed = from; seed < end; seed++) {
            all.look(seed, out);
        }
        out.println("seeds " + from + " to " + (end - 1) + ": asked " + all.asked + ", both say the same of "
                + all.agreed + ", both accept " + all.accepted);
        all.kinds.forEach((kind, count) -> out.println("  " + count + " x " + kind));
    }

    private static Optional<BpfProgram> program(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        BpfProgram drawn = RandomProgram.draw(seed);
        BpfProgram program = random.nextInt(3) == 0 ? Mutation.spoil(drawn, random) : drawn;
        if (branchesInLoops(program) > MOST_BRANCHES_IN_LOOPS) {
            return Optional.empty();
        }
        return Optional.of(program.entry() instanceof BpfProgram.Entry.Memory ? WrappedCode.of(program) : program);
    }

    private void look(long seed, PrintStream out) {
        Optional<BpfProgram> program = program(seed);
        Optional<Difference> difference = program.flatMap(Difference::on);
        if (difference.isEmpty()) {
            return;
        }
        asked++;
        if (difference.get().agrees()) {
            agreed++;
            accepted += difference.get().ours.equals(Verdicts.ACCEPTED) ? 1 : 0;
            return;
        }
        String kind = difference.get().kind();
        if (kinds.merge(kind, 1, Integer::sum) == 1) {
            BpfProgram small = reduced(program.get(), kind);
            Difference left = Difference.on(small).orElseThrow();
            out.println(new KeptCase(
                            "seed " + seed, Reason.OURS_IMPRECISE, left.ours, left.kernel, "?", KeptCase.text(small))
                    .written());
        }
    }

    private static BpfProgram reduced(BpfProgram program, String kind) {
        BpfProgram small = program;
        for (int run = program.code().size() / 2; run >= 1; run /= 2) {
            for (int at = small.code().size() - run; at >= 0; at -= run) {
                BitSet slots = new BitSet();
                for (int slot = at; slot < at + run && slot < small.code().size(); slot++) {
                    if (small.code().begins(slot)) {
                        slots.set(slot);
                    }
                }
                Optional<BpfProgram> attempt = Deletion.of(small, slots);
                if (attempt.isPresent()
                        && Difference.on(attempt.get())
                                .filter(one -> one.kind().equals(kind))
                                .isPresent()) {
                    small = attempt.get();
                }
            }
        }
        return small;
    }

    /** Conditional jumps that lie between the ends of backward jumps; once for each such jump. */
    private static int branchesInLoops(BpfProgram program) {
        Code code = program.code();
        List<Integer> branches = new ArrayList<>();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            if (code.at(slot) instanceof Insn.JumpIf) {
                branches.add(slot);
            }
        }
        int count = 0;
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            int back = slot;
            int target = slot + 1 + code.at(slot).jumpDistance().orElse(0);
            count += (int) branches.stream()
                    .filter(branch -> branch >= target && branch < back)
                    .count();
        }
        return count;
    }
}
