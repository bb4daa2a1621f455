package dev.turnout.ir.text;

import dev.turnout.ir.model.AtomicOp;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Reads operations and terminators. Names of values are not resolved yet, since a use may stand before its definition:
 * what is read is a draft, completed once all definitions are known.
 */
final class OperationParser {
    private static final Map<String, Object> PLAIN = plain();

    private final TokenReader in;

    OperationParser(TokenReader in) {
        this.in = in;
    }

    /**
     * An operation without its operands.
     *
     * @param type of the result
     * @param make gives the operation for the resolved operands; an {@code IllegalArgumentException} says that their
     *     types do not fit
     */
    record Draft(Type type, List<Token> operands, Function<List<Value>, Operation> make) {}

    record DraftTarget(Token block, List<Token> arguments) {}

    record DraftTerminator(
            List<Token> operands, List<DraftTarget> targets, BiFunction<List<Value>, List<Target>, Terminator> make) {}

    private static Map<String, Object> plain() {
        Map<String, Object> all = new HashMap<>();
        for (UnaryOp op : UnaryOp.values()) {
            all.put(op.word(), op);
        }
        for (BinaryOp op : BinaryOp.values()) {
            all.put(op.word(), op);
        }
        for (CompareOp op : CompareOp.values()) {
            all.put(op.word(), op);
        }
        for (ConvertOp op : ConvertOp.values()) {
            all.put(op.word(), op);
        }
        for (AtomicOp op : AtomicOp.values()) {
            all.put("atomic." + op.word(), op);
        }
        return all;
    }

    Draft operation() {
        Token word = in.word("an operation");
        Object op = PLAIN.get(word.text());
        if (op instanceof UnaryOp unary) {
            Type type = in.type();
            return draft(type, List.of(value()), v -> typed(new Operation.Unary(unary, v.get(0)), type));
        }
        if (op instanceof BinaryOp binary) {
            Type type = in.type();
            return draft(type, values(2), v -> typed(new Operation.Binary(binary, v.get(0), v.get(1)), type));
        }
        if (op instanceof CompareOp compare) {
            Type type = in.type();
            return draft(Type.Int.I1, values(2), v -> {
                expect(v.get(0), type);
                return new Operation.Compare(compare, v.get(0), v.get(1));
            });
        }
        if (op instanceof ConvertOp convert) {
            Type.Int type = in.integer();
            return draft(type, List.of(value()), v -> new Operation.Convert(convert, v.get(0), type));
        }
        if (op instanceof AtomicOp atomic) {
            return atomic(atomic);
        }
        return switch (word.text()) {
            case "const" -> constant();
            case "null" -> {
                Type.Ptr type = in.pointer();
                yield draft(type, List.of(), _ -> new Operation.Null(type));
            }
            case "select" -> {
                Type type = in.type();
                Token condition = value();
                in.mark("?");
                Token a = value();
                in.mark(":");
                yield draft(
                        type,
                        List.of(condition, a, value()),
                        v -> typed(new Operation.Select(v.get(0), v.get(1), v.get(2)), type));
            }
            case "offset" -> {
                Type type = in.type();
                yield draft(type, values(2), v -> typed(new Operation.Offset(v.get(0), v.get(1)), type));
            }
            case "difference" -> draft(Type.Int.I64, values(2), v -> new Operation.Difference(v.get(0), v.get(1)));
            case "slot" -> {
                int size = in.smallNumber("a size in bytes", 0, Integer.MAX_VALUE);
                in.keyword("align");
                int align = in.smallNumber("an alignment", 1, 8);
                String name = in.text("the name of the variable in quotes");
                yield draft(Type.ptr(Region.STACK), List.of(), _ -> new Operation.Slot(size, align, name));
            }
            case "address" -> {
                Region region = in.region();
                String name = in.symbol("a declared name (`@name`)");
                yield draft(Type.ptr(region), List.of(), _ -> new Operation.Address(region, name));
            }
            case "load" -> {
                Type type = in.type();
                Token address = value();
                int offset = offset();
                ByteOrder order = order();
                yield draft(type, List.of(address), v -> new Operation.Load(type, v.get(0), offset, order));
            }
            case "load_context" -> {
                Type type = in.type();
                Token context = value();
                int offset = offset();
                in.keyword("bytes");
                int bytes = in.smallNumber("a number of bytes", 1, 8);
                yield draft(type, List.of(context), v -> new Operation.LoadContext(type, v.get(0), offset, bytes));
            }
            case "store" -> {
                Type type = in.type();
                Token value = value();
                in.keyword("to");
                Token address = value();
                int offset = offset();
                ByteOrder order = order();
                yield draft(Type.Void.VOID, List.of(address, value), v -> {
                    expect(v.get(1), type);
                    return new Operation.Store(v.get(0), offset, v.get(1), order);
                });
            }
            case "call" -> {
                Type type = in.type();
                String name = in.symbol("a function (`@name`)");
                yield draft(type, arguments(), v -> new Operation.Call(name, v, type));
            }
            case "call_pointer" -> {
                Type type = in.type();
                List<Token> all = new ArrayList<>(List.of(value()));
                all.addAll(arguments());
                String family = in.tryWord("family") ? in.text("a family in quotes") : "";
                yield draft(
                        type, all, v -> new Operation.CallPointer(v.getFirst(), v.subList(1, v.size()), type, family));
            }
            case "helper" -> {
                Type type = in.type();
                String name = in.name("the name of a helper");
                List<Token> all = arguments();
                boolean quiet = in.tryWord("quiet");
                yield draft(type, all, v -> new Operation.CallHelper(name, v, type, quiet));
            }
            case "kernel" -> {
                Type type = in.type();
                String name = in.symbol("a function of the kernel (`@name`)");
                yield draft(type, arguments(), v -> new Operation.CallKernel(name, v, type));
            }
            case "host" -> {
                Type type = in.type();
                String name = in.name("the name of a host service");
                yield draft(type, arguments(), v -> new Operation.CallHost(name, v, type));
            }
            case "prove" -> {
                Token index = value();
                in.mark("<");
                long below = in.number("a number");
                in.keyword("site");
                int site = in.smallNumber("a site", 0, Integer.MAX_VALUE);
                yield draft(Type.Void.VOID, List.of(index), v -> new Operation.Prove(v.getFirst(), below, site));
            }
            case "opaque" -> {
                Type type = in.type();
                yield draft(type, List.of(value()), v -> typed(new Operation.Opaque(v.getFirst()), type));
            }
            default -> throw in.error(word, "no operation is called `" + word.text() + "`");
        };
    }

    private Draft constant() {
        Type.Int type = in.integer();
        Token first = in.peek();
        long value = in.number("a number");
        boolean fits =
                type.truncate(value) == value || (type.signed(value) == value && first.kind() == Token.Kind.MARK);
        if (!fits) {
            throw in.error(first, "the number does not fit in " + type);
        }
        return draft(type, List.of(), _ -> new Operation.Const(type, value));
    }

    private Draft atomic(AtomicOp op) {
        Type.Int width = in.integer();
        List<Token> all = new ArrayList<>(List.of(value()));
        int offset = offset();
        for (int i = 0; i < op.operandCount(); i++) {
            in.mark(",");
            all.add(value());
        }
        Type type = op.hasResult() ? width : Type.Void.VOID;
        return draft(type, all, v -> new Operation.Atomic(op, width, v.getFirst(), offset, v.subList(1, v.size())));
    }

    private static Draft draft(Type type, List<Token> operands, Function<List<Value>, Operation> make) {
        return new Draft(type, operands, make);
    }

    private static Operation typed(Operation op, Type type) {
        if (!op.type().equals(type)) {
            throw new IllegalArgumentException("the result is " + op.type() + ", not " + type);
        }
        return op;
    }

    private static void expect(Value value, Type type) {
        if (!value.type().equals(type)) {
            throw new IllegalArgumentException("the operand is " + value.type() + ", not " + type);
        }
    }

    Terminator.Hint hint() {
        return in.tryWord("likely")
                ? Terminator.Hint.LIKELY
                : in.tryWord("unlikely") ? Terminator.Hint.UNLIKELY : Terminator.Hint.NONE;
    }

    boolean atTerminator() {
        return in.peek().kind() == Token.Kind.WORD
                && switch (in.peek().text()) {
                    case "jump",
                            "branch",
                            "switch",
                            "static_branch",
                            "static_switch",
                            "checked",
                            "tail_call",
                            "may_goto",
                            "return",
                            "unreachable" -> !in.peek(1).is(Token.Kind.MARK, "=");
                    default -> false;
                };
    }

    DraftTerminator terminator() {
        String word = in.take().text();
        return switch (word) {
            case "jump" -> new DraftTerminator(List.of(), List.of(target()), (_, to) -> new Terminator.Jump(to.get(0)));
            case "branch" -> {
                Token condition = value();
                List<DraftTarget> ways = ways();
                Terminator.Hint hint = hint();
                yield new DraftTerminator(
                        List.of(condition),
                        ways,
                        (v, to) -> new Terminator.Branch(v.getFirst(), to.get(0), to.get(1), hint));
            }
            case "switch" -> switchByValue();
            case "static_branch" -> {
                String key = in.symbol("a key (`@name`)");
                List<DraftTarget> ways = ways();
                Terminator.Hint hint = hint();
                boolean patched = in.tryWord("patched");
                yield new DraftTerminator(
                        List.of(),
                        ways,
                        (_, to) -> new Terminator.StaticBranch(key, to.get(0), to.get(1), hint, patched));
            }
            case "static_switch" -> {
                String key = in.symbol("a key (`@name`)");
                List<long[]> ranges = new ArrayList<>();
                List<DraftTarget> targets = cases(ranges);
                boolean patched = in.tryWord("patched");
                yield new DraftTerminator(
                        List.of(),
                        targets,
                        (_, to) -> new Terminator.StaticSwitch(key, cases(ranges, to), to.getLast(), patched));
            }
            case "checked" -> {
                Token base = value();
                in.mark("+");
                Token offset = value();
                in.mark(",");
                int bytes = in.smallNumber("a number of bytes", 0, Integer.MAX_VALUE);
                in.mark("<=");
                Token end = value();
                yield new DraftTerminator(
                        List.of(base, offset, end),
                        ways(),
                        (v, to) -> new Terminator.Checked(v.get(0), v.get(1), bytes, v.get(2), to.get(0), to.get(1)));
            }
            case "tail_call" -> {
                List<Token> operands = values(3);
                in.keyword("else");
                yield new DraftTerminator(
                        operands,
                        List.of(target()),
                        (v, to) -> new Terminator.TailCall(v.get(0), v.get(1), v.get(2), to.getFirst()));
            }
            case "may_goto" -> {
                DraftTarget next = target();
                in.keyword("else");
                yield new DraftTerminator(
                        List.of(), List.of(next, target()), (_, to) -> new Terminator.MayGoto(to.get(0), to.get(1)));
            }
            case "return" -> {
                // What could follow on this line is a value; a location mark or the next line is not.
                boolean none = in.peek().kind() != Token.Kind.WORD
                        || in.peek().line() != in.peek(-1).line();
                yield new DraftTerminator(
                        none ? List.of() : List.of(value()), List.of(), (v, _) -> new Terminator.Return(v));
            }
            default -> new DraftTerminator(List.of(), List.of(), (_, _) -> new Terminator.Unreachable());
        };
    }

    private DraftTerminator switchByValue() {
        Token value = value();
        List<long[]> ranges = new ArrayList<>();
        List<DraftTarget> targets = cases(ranges);
        boolean exhaustive = in.tryWord("exhaustive");
        Terminator.Demand demand = Terminator.Demand.AUTO;
        if (in.tryWord("demand")) {
            Token word = in.word("`jump_table` or `tree`");
            demand = switch (word.text().toUpperCase(Locale.ROOT)) {
                case "JUMP_TABLE" -> Terminator.Demand.JUMP_TABLE;
                case "TREE" -> Terminator.Demand.TREE;
                default -> throw in.error(word, "a demand is `jump_table` or `tree`");
            };
        }
        Terminator.Demand demanded = demand;
        int most = in.tryWord("max") ? in.smallNumber("a number of entries", 0, Integer.MAX_VALUE) : 0;
        Terminator.Copies copies = in.tryWord("copies") ? copies(in.word("`each` or `one`")) : Terminator.Copies.FREE;
        return new DraftTerminator(
                List.of(value),
                targets,
                (v, to) -> new Terminator.Switch(
                        v.getFirst(), cases(ranges, to), to.getLast(), exhaustive, demanded, most, copies));
    }

    private Terminator.Copies copies(Token word) {
        return switch (word.text()) {
            case "each" -> Terminator.Copies.EACH;
            case "one" -> Terminator.Copies.ONE;
            default -> throw in.error(word, "copies are `each` or `one`");
        };
    }

    /** Reads {@code [1 => b1, 2..=3 => b2] else b3}; the ranges go to {@code ranges}, the last target is the else. */
    private List<DraftTarget> cases(List<long[]> ranges) {
        List<DraftTarget> targets = new ArrayList<>();
        in.mark("[");
        while (!in.tryMark("]")) {
            Token at = in.peek();
            long low = in.number("a case");
            long high = in.tryMark("..=") ? in.number("the last value of a case") : low;
            if (Long.compareUnsigned(low, high) > 0) {
                throw in.error(at, "the first value of a case is above the last one");
            }
            if (!ranges.isEmpty() && Long.compareUnsigned(ranges.getLast()[1], low) >= 0) {
                throw in.error(at, "cases must be sorted and must not overlap");
            }
            ranges.add(new long[] {low, high});
            in.mark("=>");
            targets.add(target());
            if (!in.atMark("]")) {
                in.mark(",");
            }
        }
        in.keyword("else");
        targets.add(target());
        return targets;
    }

    private static List<Terminator.Case> cases(List<long[]> ranges, List<Target> targets) {
        List<Terminator.Case> cases = new ArrayList<>(ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            cases.add(new Terminator.Case(ranges.get(i)[0], ranges.get(i)[1], targets.get(i)));
        }
        return cases;
    }

    private List<DraftTarget> ways() {
        in.mark("?");
        DraftTarget yes = target();
        in.mark(":");
        return List.of(yes, target());
    }

    private DraftTarget target() {
        Token block = in.word("a block");
        return new DraftTarget(block, in.atMark("(") ? arguments() : List.of());
    }

    private Token value() {
        return in.word("a value");
    }

    private List<Token> values(int count) {
        List<Token> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                in.mark(",");
            }
            all.add(value());
        }
        return all;
    }

    private List<Token> arguments() {
        List<Token> all = new ArrayList<>();
        in.mark("(");
        while (!in.tryMark(")")) {
            all.add(value());
            if (!in.atMark(")")) {
                in.mark(",");
            }
        }
        return all;
    }

    private int offset() {
        boolean plus = in.tryMark("+");
        boolean minus = !plus && in.tryMark("-");
        if (!plus && !minus) {
            return 0;
        }
        int offset = in.smallNumber("an offset in bytes", 0, 0x8000);
        return minus ? -offset : offset;
    }

    private ByteOrder order() {
        return in.tryWord("big") ? ByteOrder.BIG : ByteOrder.LITTLE;
    }
}
