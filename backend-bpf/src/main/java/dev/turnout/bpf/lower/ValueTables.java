package dev.turnout.bpf.lower;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Switches whose arms only choose between constants: the constants become a table in read-only data, which the value indexes
 * after one bounds check. Entries are as wide as the largest constant needs; holes hold what all other values give.
 *
 * <pre>
 * b0(v0: i32):                            b0(v0: i32):
 *     v1 = const i32 70                       i = zext i64 v0
 *     v2 = const i32 30                       n = const i64 3
 *     v3 = const i32 10                       in = ule i64 i, n
 *     v4 = const i32 0                        branch in ? load : b1(v4)
 *     switch v0 [0 =&gt; b1(v1),             load:
 *         1 =&gt; b1(v2),                        t = address global @BPF.VT.f.0
 *         3 =&gt; b1(v3)] else b1(v4)     =&gt;     p = offset ptr&lt;global&gt; t, i
 * b1(v5: i32):                                e = load i8 p
 *     return v5                               w = zext i32 e
 *                                             jump b1(w)
 * </pre>
 *
 * <p>Which switches: see the language reference. A demand, whatever it is, is one for another form. Where no other value
 * occurs, or a few more entries hold all that can, there is no check; the table is then padded to a power of two and the index
 * masked, since what the source knows the machine's verifier need not see.
 */
final class ValueTables {
    /** With more numbers an arm, as many loads cost more than a jump. */
    private static final int MOST_COLUMNS = 4;

    /** So many tables ask one behind the other; what is left is a tree. */
    private static final int MOST_TABLES = 3;

    private final Function function;
    private final Definitions definitions;
    private final TargetLowering.Listener listener;
    private final Draft draft;
    private final List<Global> tables = new ArrayList<>();
    private @Nullable IntervalAnalysis ranges;

    private ValueTables(Function function, TargetLowering.Listener listener) {
        this.function = function;
        this.definitions = Definitions.of(function);
        this.listener = listener;
        this.draft = new Draft(function);
    }

    static Lowered run(Function function, TargetLowering.Listener listener) {
        ValueTables pass = new ValueTables(function, listener);
        for (Block block : function.blocks()) {
            if (block.terminator() instanceof Terminator.Switch choice
                    && choice.demand() == Terminator.Demand.AUTO
                    && choice.copies() == Terminator.Copies.FREE
                    && !choice.cases().isEmpty()) {
                ConstantArms arms = ConstantArms.of(function, pass.definitions, choice);
                if (arms != null) {
                    pass.lower(block, choice, arms);
                }
            }
        }
        return new Lowered(pass.draft.build(), pass.tables, List.of());
    }

    private void lower(Block block, Terminator.Switch choice, ConstantArms arms) {
        List<Segment> segments = Segment.of(choice);
        if (outcomes(choice, arms) < TargetProfile.MIN_TABLE_TARGETS
                || arms.types().size() > MOST_COLUMNS) {
            return;
        }
        List<Long> otherwise = arms.numbers(choice.otherwise());
        List<Window> windows = windows(segments, choice, otherwise != null || choice.exhaustive());
        if (windows.isEmpty()) {
            return;
        }
        List<Segment> rest = windows.getLast().rest();
        CompareTree tree = new CompareTree(draft, choice.value(), choice.otherwise(), block.at());
        Target next = tree.build(rest);
        Draw draw = new Draw(choice.value(), arms, otherwise, block.at());
        boolean alone = windows.size() == 1 && rest.isEmpty();
        Window all = alone ? withoutTest(choice, windows.getFirst(), otherwise != null, block) : null;
        if (all != null) {
            windows = List.of(all);
            next = unchecked(draw, all);
        } else {
            for (int i = windows.size() - 1; i >= 0; i--) {
                next = checked(draw, windows.get(i), next);
            }
        }
        draft.setTerminator(block.label().index(), new Terminator.Jump(next));
        listener.became(function.name(), block.at(), "switch", form(windows, tree), "every arm gives a constant");
    }

    /** The window with an entry for every value that there can be, if that is not much more; else null. */
    private @Nullable Window withoutTest(
            Terminator.Switch choice, Window window, boolean holesHaveNumbers, Block block) {
        if (choice.exhaustive()) {
            return window.withEntries(powerOfTwo(window.entries() - 1L));
        }
        long highest = ranges().at(choice.value(), block.label()).high();
        if (!holesHaveNumbers || window.base() != 0 || highest < 0 || highest >= 2L * window.entries()) {
            return null;
        }
        return window.withEntries(powerOfTwo(highest));
    }

    /** The least power of two above a number. */
    private static int powerOfTwo(long number) {
        return number == 0 ? 1 : 2 * Integer.highestOneBit((int) number);
    }

    private IntervalAnalysis ranges() {
        if (ranges == null) {
            ranges = IntervalAnalysis.of(function);
        }
        return ranges;
    }

    /** How many different things can come of it. */
    private static int outcomes(Terminator.Switch choice, ConstantArms arms) {
        Set<List<Long>> different = new HashSet<>();
        for (Terminator.Case one : choice.cases()) {
            List<Long> numbers = arms.numbers(one.to());
            if (numbers != null) {
                different.add(numbers);
            }
        }
        if (choice.exhaustive()) {
            return different.size();
        }
        List<Long> otherwise = arms.numbers(choice.otherwise());
        return otherwise == null || different.add(otherwise) ? different.size() + 1 : different.size();
    }

    private static List<Window> windows(List<Segment> segments, Terminator.Switch choice, boolean holesHaveNumbers) {
        List<Window> all = new ArrayList<>();
        List<Segment> left = segments;
        while (all.size() < MOST_TABLES && !left.isEmpty()) {
            Window window = Window.densest(
                    left,
                    (Type.Int) choice.value().type(),
                    TargetProfile.MIN_TABLE_TARGETS - 1,
                    holesHaveNumbers ? TargetProfile.MIN_TABLE_DENSITY : 100,
                    TargetProfile.MAX_TABLE_ENTRIES);
            if (window == null) {
                break;
            }
            all.add(
                    holesHaveNumbers
                            ? window.fromZero(TargetProfile.MIN_TABLE_DENSITY, TargetProfile.MAX_TABLE_ENTRIES)
                            : window);
            left = window.rest();
        }
        return all;
    }

    /**
     * One switch that is being drawn as tables.
     *
     * @param holes what entries without a case give; null if no value meets one
     */
    private record Draw(
            Value value, ConstantArms arms, @Nullable List<Long> holes, Location at) {}

    private Target checked(Draw draw, Window window, Target outside) {
        List<Inst> insts = new ArrayList<>();
        Value index = index(draw, window, insts);
        Target load = load(draw, window, index, new ArrayList<>());
        // Compared in all its bits: Linux before 7.2 learns nothing about a swapped number from its lower half.
        Value last = draft.emit(insts, new Operation.Const(Type.Int.I64, window.entries() - 1L), draw.at);
        Value within = draft.emit(insts, new Operation.Compare(CompareOp.ULE, index, last), draw.at);
        Terminator test = new Terminator.Branch(within, load, outside, Terminator.Hint.LIKELY);
        return Target.to(draft.add(List.of(), insts, test, draw.at));
    }

    /** A table with a power of two of entries, which the index cannot leave. */
    private Target unchecked(Draw draw, Window window) {
        List<Inst> insts = new ArrayList<>();
        Value index = index(draw, window, insts);
        long highest = window.entries() - 1L;
        if (Long.compareUnsigned(((Type.Int) draw.value.type()).mask(), highest) > 0
                && !isMasked(draw.value, window.base(), highest)) {
            Value mask = draft.emit(insts, new Operation.Const(Type.Int.I64, highest), draw.at);
            index = draft.emit(insts, new Operation.Binary(BinaryOp.AND, index, mask), draw.at);
        }
        return load(draw, window, index, insts);
    }

    /** Whether the number comes out of a mask that is as narrow. */
    private boolean isMasked(Value value, long base, long highest) {
        if (base != 0 || !(definitions.op(value) instanceof Operation.Binary binary) || binary.op() != BinaryOp.AND) {
            return false;
        }
        Operation.Const mask = definitions.constant(binary.b());
        return mask != null && Long.compareUnsigned(mask.value(), highest) <= 0;
    }

    /** The entry's number, as an i64. */
    private Value index(Draw draw, Window window, List<Inst> insts) {
        Value index = draw.value;
        if (window.base() != 0) {
            Value base = draft.emit(insts, new Operation.Const((Type.Int) index.type(), window.base()), draw.at);
            index = draft.emit(insts, new Operation.Binary(BinaryOp.SUB, index, base), draw.at);
        }
        return index.type().equals(Type.Int.I64)
                ? index
                : draft.emit(insts, new Operation.Convert(ConvertOp.ZEXT, index, Type.Int.I64), draw.at);
    }

    /** A block that ends what {@code insts} begins: it loads the numbers at the index and goes on with them. */
    private Target load(Draw draw, Window window, Value index, List<Inst> insts) {
        List<Type.Int> types = draw.arms.types();
        List<Value> loaded = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            loaded.add(number(index, column(draw, window, i), types.get(i), insts, draw.at));
        }
        Terminator end = draw.arms.end(loaded, draft, insts, draw.at);
        return Target.to(draft.add(List.of(), insts, end, draw.at));
    }

    private static long[] column(Draw draw, Window window, int column) {
        long[] numbers = new long[window.entries()];
        if (draw.holes != null) {
            Arrays.fill(numbers, draw.holes.get(column));
        }
        long at = 0;
        long before = window.base();
        for (Segment segment : window.inside()) {
            List<Long> own = draw.arms.numbers(segment.to());
            at += ((Type.Int) draw.value.type()).truncate(segment.low() - before);
            before = segment.low();
            for (int i = 0; i < segment.count(); i++) {
                numbers[(int) at + i] = own == null ? 0 : own.get(column);
            }
        }
        return numbers;
    }

    /** The number of type {@code type} at an index of a new table. */
    private Value number(Value index, long[] numbers, Type.Int type, List<Inst> insts, Location at) {
        Type.Int entry = type;
        for (int bits = 8; bits < type.bits(); bits *= 2) {
            Type.Int narrow = new Type.Int(bits);
            if (Arrays.stream(numbers).allMatch(one -> narrow.truncate(one) == one)) {
                entry = narrow;
                break;
            }
        }
        Global table = table(numbers, entry.bytes());
        Value address = draft.emit(insts, new Operation.Address(Region.GLOBAL, table.name()), at);
        Value offset = index;
        if (entry.bytes() > 1) {
            Value shift = draft.emit(
                    insts, new Operation.Const(Type.Int.I64, Integer.numberOfTrailingZeros(entry.bytes())), at);
            offset = draft.emit(insts, new Operation.Binary(BinaryOp.SHL, index, shift), at);
        }
        Value place = draft.emit(insts, new Operation.Offset(address, offset), at);
        Value number = draft.emit(insts, new Operation.Load(entry, place, 0, ByteOrder.LITTLE), at);
        return entry.equals(type) ? number : draft.emit(insts, new Operation.Convert(ConvertOp.ZEXT, number, type), at);
    }

    private Global table(long[] numbers, int width) {
        byte[] bytes = new byte[numbers.length * width];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (numbers[i / width] >>> (8 * (i % width)));
        }
        DebugType entry = new DebugType.Integer("u" + 8 * width, 8 * width, DebugType.Encoding.UNSIGNED);
        Global table = new Global(
                DataSection.VALUE_TABLE_PREFIX + function.name() + "." + tables.size(),
                Global.Section.RODATA,
                ByteString.copyOf(bytes),
                width,
                new DebugType.Array(entry, numbers.length));
        tables.add(table);
        return table;
    }

    private static String form(List<Window> windows, CompareTree tree) {
        StringBuilder form =
                new StringBuilder("value table, " + windows.getFirst().entries() + " entries");
        for (Window next : windows.subList(1, windows.size())) {
            form.append(", then one of ").append(next.entries()).append(" entries");
        }
        int outliers = windows.getLast().rest().size();
        return outliers == 0
                ? form.toString()
                : form.append(tree.forOutliers(outliers)).toString();
    }
}
