package dev.turnout.bpf.lower;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.stdlib.target.TargetProfile.Feature;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each switch that is no value table its form: jump tables over the dense parts of its cases with a compare tree for the
 * others, or a compare tree. The rules are those of the language reference, section on {@code switch}; a switch that is left
 * is a table.
 */
final class LowerSwitches {
    /** So many tables ask one behind the other; what is left is a tree, which finds its way in fewer steps. */
    private static final int MOST_TABLES = 3;

    private final Function function;
    private final TargetProfile target;
    private final boolean strict;
    private final TargetLowering.Listener listener;
    private final Draft draft;
    private final Definitions definitions;

    private LowerSwitches(Function function, TargetProfile target, boolean strict, TargetLowering.Listener listener) {
        this.function = function;
        this.target = target;
        this.strict = strict;
        this.listener = listener;
        this.draft = new Draft(function);
        this.definitions = Definitions.of(function);
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

    private void lower(Block block, Terminator.Switch choice) {
        List<Segment> segments = Segment.of(choice);
        if (segments.isEmpty()) {
            draft.setTerminator(block.label().index(), new Terminator.Jump(choice.otherwise()));
            return;
        }
        Type.Int type = (Type.Int) choice.value().type();
        boolean hasTables = target.has(Feature.JUMP_TABLE);
        int limit = choice.maxEntries() > 0 ? choice.maxEntries() : TargetProfile.MAX_TABLE_ENTRIES;
        if (choice.demand() == Terminator.Demand.JUMP_TABLE) {
            Window all = hasTables ? Window.ofAll(segments, type, limit) : null;
            if (all != null) {
                tables(block, choice, List.of(all), "demanded");
                return;
            }
            refuse(block, choice, segments, limit);
        }
        Window window = couldBeTable(choice, segments) ? dense(segments, type, limit) : null;
        if (window == null) {
            tree(block, choice, segments, whyNoTable(choice, segments, limit));
        } else if (hasTables) {
            tables(block, choice, chain(window, type, limit), "");
        } else {
            if (strict) {
                refuse(block, choice, segments, limit);
            }
            tree(block, choice, segments, target.word() + " has no jump tables");
        }
    }

    /** Whether the rule allows a table, whatever the density. */
    private static boolean couldBeTable(Terminator.Switch choice, List<Segment> segments) {
        return choice.demand() == Terminator.Demand.AUTO
                && Segment.targets(segments, choice) >= TargetProfile.MIN_TABLE_TARGETS
                && segments.size() >= TargetProfile.MIN_TABLE_CASES;
    }

    private static @Nullable Window dense(List<Segment> segments, Type.Int type, int limit) {
        Window window =
                Window.densest(segments, type, TargetProfile.MIN_TABLE_CASES, TargetProfile.MIN_TABLE_DENSITY, limit);
        return window == null ? null : window.fromZero(TargetProfile.MIN_TABLE_DENSITY, limit);
    }

    /** The window, and others among the segments that it leaves: a value that misses one table asks the next. */
    private static List<Window> chain(Window first, Type.Int type, int limit) {
        List<Window> all = new ArrayList<>();
        for (Window next = first; next != null; next = dense(next.rest(), type, limit)) {
            all.add(next);
            if (all.size() == MOST_TABLES) {
                break;
            }
        }
        return all;
    }

    private String whyNoTable(Terminator.Switch choice, List<Segment> segments, int limit) {
        if (choice.demand() == Terminator.Demand.TREE) {
            return "demanded";
        }
        long span = Window.leastSpan(segments, (Type.Int) choice.value().type());
        boolean fits = span > 0 && span <= limit;
        String cost = !target.has(Feature.JUMP_TABLE)
                ? ""
                : fits
                        ? "; `@jump_table` would cost " + span + (span == 1 ? " entry" : " entries")
                        : "; `@jump_table` would need " + Figures.count(span) + " entries, the limit is " + limit;
        int targets = Segment.targets(segments, choice);
        if (targets < TargetProfile.MIN_TABLE_TARGETS) {
            return targets + " targets" + cost;
        }
        if (segments.size() < TargetProfile.MIN_TABLE_CASES) {
            return segments.size() + " cases, a table needs " + TargetProfile.MIN_TABLE_CASES + cost;
        }
        return Figures.share(Window.values(segments), span) + " of the entries would be used, the least is "
                + TargetProfile.MIN_TABLE_DENSITY + " %" + cost;
    }

    private void refuse(Block block, Terminator.Switch choice, List<Segment> segments, int limit) {
        String note;
        String help;
        if (!target.has(Feature.JUMP_TABLE)) {
            note = "`" + target.word() + "` has no jump tables; the substitute is a compare tree";
            help = "build for `linux-6.19` or `vm`, or use `@tree`";
        } else {
            long span = Window.leastSpan(segments, (Type.Int) choice.value().type());
            note = choice.cases().size() + " cases span "
                    + Figures.hex(segments.getFirst().low()) + ".."
                    + Figures.hex(segments.getLast().high()) + ": " + Figures.count(span) + " entries ("
                    + Figures.size(span) + "), " + Figures.share(Window.values(segments), span)
                    + " used; the limit is " + limit;
            help = "use `@tree`, or switch on a small enum computed first";
        }
        listener.refused(block.at(), DiagnosticCode.E0412, "this switch cannot be a jump table", note, help);
    }

    private void tables(Block block, Terminator.Switch choice, List<Window> windows, String why) {
        List<Segment> rest = windows.getLast().rest();
        CompareTree tree = new CompareTree(draft, choice.value(), choice.otherwise(), block.at());
        Target outside = tree.build(rest);
        for (int i = windows.size() - 1; i > 0; i--) {
            List<Inst> insts = new ArrayList<>();
            Terminator.Switch table = table(choice, windows.get(i), outside, false, insts, block);
            outside = Target.to(draft.add(List.of(), insts, table, block.at()));
        }
        List<Inst> insts = new ArrayList<>(block.insts());
        boolean exhaustive = choice.exhaustive() && windows.size() == 1 && rest.isEmpty();
        Terminator.Switch table = table(choice, windows.getFirst(), outside, exhaustive, insts, block);
        draft.set(block.label().index(), insts, table);
        listener.became(
                function.name(),
                block.at(),
                "switch",
                form(windows, tree) + dispatches(choice, target == TargetProfile.VM),
                why.isEmpty() ? used(windows) : why);
    }

    /** How many dispatches a labelled switch gets: Linux would walk the ways of each with the states of all others. */
    private static String dispatches(Terminator.Switch choice, boolean copied) {
        return switch (choice.copies()) {
            case FREE -> "";
            case EACH -> copied ? ", at each `continue`" : ", in one place";
            case ONE -> ", in one place";
        };
    }

    private static String form(List<Window> windows, CompareTree tree) {
        Window first = windows.getFirst();
        StringBuilder form = new StringBuilder("jump table, " + first.entries() + " entries, ")
                .append(Segment.targets(first.inside()))
                .append(" targets");
        for (Window next : windows.subList(1, windows.size())) {
            form.append(", then one of ").append(next.entries()).append(" entries");
        }
        int outliers = windows.getLast().rest().size();
        if (outliers > 0) {
            form.append(tree.forOutliers(outliers));
        }
        return form.toString();
    }

    private static String used(List<Window> windows) {
        long values = 0;
        long entries = 0;
        for (Window window : windows) {
            values += window.values();
            entries += window.entries();
        }
        return Figures.share(values, entries) + " of the entries are used";
    }

    /** A switch that is one table; {@code insts} gets what it needs before it. */
    private Terminator.Switch table(
            Terminator.Switch choice,
            Window window,
            Target outside,
            boolean exhaustive,
            List<Inst> insts,
            Block block) {
        Value index = choice.value();
        long shift = 0;
        if (window.wraps()) {
            // Where entry 0 is not the lowest of the unsigned numbers, cases count from it.
            shift = window.base();
            Value base = draft.emit(insts, new Operation.Const((Type.Int) index.type(), shift), block.at());
            index = draft.emit(insts, new Operation.Binary(BinaryOp.SUB, index, base), block.at());
        }
        Type.Int type = (Type.Int) index.type();
        List<Terminator.Case> cases = new ArrayList<>(window.inside().size());
        long next = window.wraps() ? 0 : window.base();
        for (Segment segment : window.inside()) {
            long low = type.truncate(segment.low() - shift);
            if (next != low) {
                // Holes go where other values go, not through the tree.
                cases.add(new Terminator.Case(next, low - 1, choice.otherwise()));
            }
            long high = type.truncate(segment.high() - shift);
            cases.add(new Terminator.Case(low, high, segment.to()));
            next = high + 1;
        }
        return new Terminator.Switch(
                index, cases, outside, exhaustive, Terminator.Demand.JUMP_TABLE, choice.maxEntries(), choice.copies());
    }

    private void tree(Block block, Terminator.Switch choice, List<Segment> segments, String why) {
        boolean last = choice.exhaustive() && segments.size() <= 64;
        List<Segment> asked = last ? withoutHardest(segments) : segments;
        MemoryOrder bytes = MemoryOrder.of(choice.value(), asked, definitions);
        CompareTree tree = new CompareTree(
                draft,
                bytes == null ? choice.value() : bytes.value(),
                last ? hardest(segments).to() : choice.otherwise(),
                block.at());
        Target first = tree.build(bytes == null ? asked : bytes.segments());
        draft.setTerminator(block.label().index(), new Terminator.Jump(first));
        listener.became(
                function.name(),
                block.at(),
                "switch",
                (tree.depth() <= 2 ? "compares" : "tree") + ", " + Window.values(segments) + " values, "
                        + Segment.targets(segments, choice) + " targets, depth " + tree.depth()
                        + (tree.hasBitTest() ? ", with a bit test" : "")
                        + dispatches(choice, false),
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
