package dev.turnout.bpf.lower;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.stdlib.target.TargetProfile.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives each switch its form: a jump table over the dense part of its cases with a compare tree for the others, or a compare
 * tree. The rules are those of the language reference, section on {@code switch}; a switch that is left is a table.
 */
final class LowerSwitches {
    private final Function function;
    private final TargetProfile target;
    private final boolean strict;
    private final TargetLowering.Listener listener;
    private final Draft draft;

    private LowerSwitches(Function function, TargetProfile target, boolean strict, TargetLowering.Listener listener) {
        this.function = function;
        this.target = target;
        this.strict = strict;
        this.listener = listener;
        this.draft = new Draft(function);
    }

    static Function run(Function function, TargetProfile target, boolean strict, TargetLowering.Listener listener) {
        LowerSwitches lowering = new LowerSwitches(function, target, strict, listener);
        for (Block block : function.blocks()) {
            if (block.terminator() instanceof Terminator.Switch choice) {
                lowering.lower(block, choice);
            }
        }
        return lowering.draft.build();
    }

    /** The part of the segments that becomes a table: from (included) to (excluded). */
    private record Window(int from, int to, long values) {}

    private void lower(Block block, Terminator.Switch choice) {
        Target otherwise = choice.otherwise();
        List<Segment> segments = Segment.of(choice.cases(), otherwise);
        if (segments.isEmpty()) {
            draft.setTerminator(block.label().index(), new Terminator.Jump(otherwise));
            return;
        }
        int limit = choice.maxEntries() > 0 ? choice.maxEntries() : TargetProfile.MAX_TABLE_ENTRIES;
        boolean demanded = choice.demand() == Terminator.Demand.JUMP_TABLE;
        long span = segments.getLast().high() - segments.getFirst().low() + 1;
        boolean spanFits = span > 0 && span <= limit;
        if (demanded && !(target.has(Feature.JUMP_TABLE) && spanFits)) {
            refuse(block, choice, segments, span, limit);
        }
        if (demanded && target.has(Feature.JUMP_TABLE) && spanFits) {
            table(block, choice, segments, new Window(0, segments.size(), values(segments)), "demanded");
            return;
        }
        String why = reason(choice, segments);
        if (why.isEmpty()) {
            Window window = densest(segments, limit);
            if (window != null) {
                table(block, choice, segments, window, "");
                return;
            }
            why = share(values(segments), span) + " of " + count(span) + " entries would be used, the least is "
                    + TargetProfile.MIN_TABLE_DENSITY + " %";
        }
        if (strict && !target.has(Feature.JUMP_TABLE) && densest(segments, limit) != null) {
            refuse(block, choice, segments, span, limit);
        }
        tree(block, choice, segments, why);
    }

    /** Why this can be no table whatever its density; empty if it can. */
    private String reason(Terminator.Switch choice, List<Segment> segments) {
        if (choice.demand() == Terminator.Demand.TREE) {
            return "demanded";
        }
        if (!target.has(Feature.JUMP_TABLE)) {
            return target.word() + " has no jump tables";
        }
        int targets = Segment.targets(segments) + 1;
        if (targets < 4) {
            return targets + " targets";
        }
        if (segments.size() < TargetProfile.MIN_TABLE_CASES) {
            return segments.size() + " cases, a table needs " + TargetProfile.MIN_TABLE_CASES;
        }
        return "";
    }

    private void refuse(Block block, Terminator.Switch choice, List<Segment> segments, long span, int limit) {
        String note;
        String help;
        if (!target.has(Feature.JUMP_TABLE)) {
            note = "`" + target.word() + "` has no jump tables; the substitute is a compare tree";
            help = "build for `linux-6.19` or `vm`, or use `@tree`";
        } else {
            long values = values(segments);
            note = choice.cases().size() + " cases span "
                    + hex(segments.getFirst().low()) + ".."
                    + hex(segments.getLast().high()) + ": " + count(span) + " entries (" + size(span) + "), "
                    + share(values, span) + " used; the limit is " + limit;
            help = "use `@tree`, or switch on a small enum computed first";
        }
        listener.refused(block.at(), DiagnosticCode.E0412, "this switch cannot be a jump table", note, help);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String count(long span) {
        return span == 0 ? "2^64" : Long.toUnsignedString(span);
    }

    private static String size(long span) {
        if (span <= 0 || span > Long.MAX_VALUE / 8) {
            return "more than memory";
        }
        long bytes = span * 8;
        return bytes < 1024 ? bytes + " bytes" : bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }

    /** A share in percent with two digits behind the point where it is small. */
    private static String share(long values, long span) {
        double percent = span <= 0 ? 0 : 100.0 * values / span;
        long hundredths = Math.round(percent * 100);
        if (percent >= 10 || hundredths == 0) {
            return Math.round(percent) + " %";
        }
        return hundredths / 100 + "." + hundredths / 10 % 10 + hundredths % 10 + " %";
    }

    private static long values(List<Segment> segments) {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.count();
        }
        return sum;
    }

    /** The window with most values among those that are dense enough and not too long; null if none is. */
    private static @org.jspecify.annotations.Nullable Window densest(List<Segment> segments, int limit) {
        Window best = null;
        for (int from = 0; from < segments.size(); from++) {
            long low = segments.get(from).low();
            long values = 0;
            for (int to = from; to < segments.size(); to++) {
                Segment last = segments.get(to);
                long span = last.high() - low + 1;
                if (span <= 0 || span > limit) {
                    break;
                }
                values += last.count();
                if (to - from + 1 >= TargetProfile.MIN_TABLE_CASES
                        && values * 100 >= span * TargetProfile.MIN_TABLE_DENSITY
                        && (best == null || values > best.values)) {
                    best = new Window(from, to + 1, values);
                }
            }
        }
        return best;
    }

    private void table(Block block, Terminator.Switch choice, List<Segment> segments, Window window, String why) {
        List<Segment> dense = segments.subList(window.from, window.to);
        List<Segment> rest = new ArrayList<>(segments.subList(0, window.from));
        rest.addAll(segments.subList(window.to, segments.size()));
        CompareTree tree = new CompareTree(draft, choice.value(), choice.otherwise(), block.at());
        Target outside = tree.build(rest);
        List<Terminator.Case> cases = new ArrayList<>(dense.size());
        for (Segment segment : dense) {
            cases.add(new Terminator.Case(segment.low(), segment.high(), segment.to()));
        }
        // Holes go where other values go, not through the tree: fill them in.
        List<Terminator.Case> filled = outside.equals(choice.otherwise()) ? cases : fill(cases, choice.otherwise());
        boolean exhaustive = choice.exhaustive() && rest.isEmpty() && fullFromZero(choice, dense);
        draft.setTerminator(
                block.label().index(),
                new Terminator.Switch(
                        choice.value(),
                        filled,
                        outside,
                        exhaustive,
                        Terminator.Demand.JUMP_TABLE,
                        choice.maxEntries(),
                        choice.copies()));
        long entries = dense.getLast().high() - dense.getFirst().low() + 1;
        String form = "jump table, " + entries + " entries, " + Segment.targets(dense) + " targets"
                + (rest.isEmpty() ? "" : ", and a tree of depth " + tree.depth() + " for " + rest.size() + " outliers");
        listener.became(
                function.name(),
                block.at(),
                "switch",
                form,
                why.isEmpty() ? share(window.values, entries) + " of the entries are used" : why);
    }

    /** A table that is padded to a power of two must not give a value outside of the cases to one of them. */
    private static boolean fullFromZero(Terminator.Switch choice, List<Segment> dense) {
        return ((Type.Int) choice.value().type()).bits() <= 64
                && dense.getFirst().low() >= 0;
    }

    private static List<Terminator.Case> fill(List<Terminator.Case> cases, Target otherwise) {
        List<Terminator.Case> filled = new ArrayList<>();
        for (Terminator.Case one : cases) {
            if (!filled.isEmpty() && filled.getLast().high() + 1 != one.low()) {
                filled.add(new Terminator.Case(filled.getLast().high() + 1, one.low() - 1, otherwise));
            }
            filled.add(one);
        }
        return filled;
    }

    private void tree(Block block, Terminator.Switch choice, List<Segment> segments, String why) {
        // Cases that go where other values go were left out: they must not go to the target that needs no test.
        boolean last = choice.exhaustive()
                && segments.size() <= 64
                && choice.cases().stream().noneMatch(one -> one.to().equals(choice.otherwise()));
        List<Segment> all = last ? withoutHardest(segments) : segments;
        CompareTree tree =
                new CompareTree(draft, choice.value(), last ? hardest(segments).to() : choice.otherwise(), block.at());
        draft.setTerminator(block.label().index(), new Terminator.Jump(tree.build(all)));
        listener.became(
                function.name(),
                block.at(),
                "switch",
                (tree.depth() <= 2 ? "compares" : "tree") + ", " + values(segments) + " values, "
                        + (Segment.targets(segments) + 1) + " targets, depth " + tree.depth()
                        + (tree.hasBitTest() ? ", with a bit test" : ""),
                why);
    }

    /** The target with most segments: where no other value occurs, it needs no test. */
    private static Segment hardest(List<Segment> segments) {
        Segment best = segments.getFirst();
        int most = 0;
        for (Segment one : segments) {
            int count = 0;
            for (Segment other : segments) {
                count += other.to().equals(one.to()) ? 1 : 0;
            }
            if (count > most) {
                best = one;
                most = count;
            }
        }
        return best;
    }

    private static List<Segment> withoutHardest(List<Segment> segments) {
        Target to = hardest(segments).to();
        List<Segment> rest = new ArrayList<>();
        for (Segment one : segments) {
            if (!one.to().equals(to)) {
                rest.add(one);
            }
        }
        return rest;
    }
}
