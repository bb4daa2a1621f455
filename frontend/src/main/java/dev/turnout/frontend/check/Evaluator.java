package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Condition;
import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedFunction;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedSwitch;
import dev.turnout.ir.model.BinaryOp;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs typed code while compiling, for constants that call functions. Walks the typed tree, which keeps it independent of
 * lowering; a number is a {@code Long} without bits above its width, a struct or array an {@code Object[]} that is copied
 * where the language copies, {@code null} inside a nullable is {@code Mark.ABSENT}. Arithmetic is that of the IR's rows.
 *
 * <p>What it cannot know (maps, globals, {@code config}, helpers) ends the evaluation with a reason; so do too many steps,
 * since nothing else bounds a {@code for} here.
 */
final class Evaluator {
    /** Statements and calls, some 100 ns each: a table of 65,536 values of 70 steps each fits. */
    private static final int MOST_STEPS = 5_000_000;

    private static final int DEEPEST_CALL = 64;
    private static final int DEEPEST_NESTING = 1000;
    private static final int LARGEST_ARRAY = 1 << 20;

    /** Values that no type has. */
    private enum Mark {
        ABSENT,
        NOTHING
    }

    /** What an evaluation came to. */
    sealed interface Outcome {
        record Known(Constant value) implements Outcome {}

        /** {@code span} is what stands in the way. */
        record Unknown(Span span, String reason) implements Outcome {}
    }

    /** A place: slot {@code index} of {@code in}. */
    private static final class Slot {
        private final Object[] in;
        private final int index;

        private Slot(Object[] in, int index) {
            this.in = in;
            this.index = index;
        }
    }

    /** Leaves the evaluation. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Span span;
        private final transient String reason;

        private Stop(Span span, String reason) {
            super(null, null, false, false);
            this.span = span;
            this.reason = reason;
        }
    }

    /** Leaves statements and expressions alike. */
    private static final class Jump extends RuntimeException {
        private static final long serialVersionUID = 1;
        /** The loop that is left or continued; null for a return. */
        private final transient @Nullable Loop loop;

        private final boolean again;
        private final transient Object value;

        private Jump(@Nullable Loop loop, boolean again, Object value) {
            super(null, null, false, false);
            this.loop = loop;
            this.again = again;
            this.value = value;
        }
    }

    private final Compilation compilation;
    private Map<Symbol.Local, Object[]> frame = new HashMap<>();
    private int steps;
    private int depth;
    private int nested;

    private Evaluator(Compilation compilation) {
        this.compilation = compilation;
    }

    static Outcome evaluate(Compilation compilation, TypedExpr expr) {
        try {
            Evaluator evaluator = new Evaluator(compilation);
            return new Outcome.Known(constant(expr.type(), evaluator.value(expr)));
        } catch (Stop stop) {
            return new Outcome.Unknown(stop.span, stop.reason);
        } catch (Jump _) {
            return new Outcome.Unknown(expr.span(), "this leaves instead of giving a value");
        }
    }

    private void step(Span span) {
        if (++steps > MOST_STEPS) {
            throw new Stop(span, "more than " + MOST_STEPS + " steps did not finish it");
        }
    }

    // ---- constants and values ----

    private Object value(Type type, Constant constant, Span span) {
        return switch (constant) {
            case Constant.Number number -> number.bits();
            case Constant.Absent _ -> Mark.ABSENT;
            case Constant.Present present -> value(((Type.Maybe) type).of(), present.value(), span);
            case Constant.Bytes bytes -> {
                Object[] all = new Object[bytes.bytes().size()];
                for (int i = 0; i < all.length; i++) {
                    all[i] = (long) (bytes.bytes().at(i) & 0xff);
                }
                yield all;
            }
            case Constant.Elements elements -> {
                Type element = ((Type.Array) type).element();
                Object[] all = new Object[elements.values().size()];
                for (int i = 0; i < all.length; i++) {
                    all[i] = value(element, elements.values().get(i), span);
                }
                yield all;
            }
            case Constant.Repeat repeat -> {
                Type element = ((Type.Array) type).element();
                Object[] all = array(repeat.count(), span);
                for (int i = 0; i < all.length; i++) {
                    all[i] = value(element, repeat.value(), span);
                }
                yield all;
            }
            case Constant.Fields fields -> {
                StructType struct = (StructType) type;
                Object[] all = new Object[fields.values().size()];
                for (Field field : struct.fields()) {
                    all[field.index()] = value(field.read(), fields.values().get(field.index()), span);
                }
                yield all;
            }
        };
    }

    private static Object[] array(long count, Span span) {
        if (count > LARGEST_ARRAY) {
            throw new Stop(span, "an array of more than " + LARGEST_ARRAY + " elements is too large to compute");
        }
        return new Object[(int) count];
    }

    private static Constant constant(Type type, Object value) {
        return switch (type) {
            case Type.Maybe maybe ->
                value == Mark.ABSENT ? new Constant.Absent() : new Constant.Present(constant(maybe.of(), value));
            case Type.Array array -> {
                List<Constant> all = new ArrayList<>();
                for (Object one : (Object[]) value) {
                    all.add(constant(array.element(), one));
                }
                yield new Constant.Elements(all);
            }
            case StructType struct -> {
                List<Constant> all = new ArrayList<>();
                for (Field field : struct.fields()) {
                    all.add(constant(field.read(), ((Object[]) value)[field.index()]));
                }
                yield new Constant.Fields(all);
            }
            default -> new Constant.Number((Long) value);
        };
    }

    private static Object copy(Object value) {
        if (!(value instanceof Object[] parts)) {
            return value;
        }
        Object[] all = new Object[parts.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = copy(parts[i]);
        }
        return all;
    }

    private static dev.turnout.ir.model.Type.Int machine(Type type) {
        return new dev.turnout.ir.model.Type.Int(
                type instanceof Type.Bool ? 1 : Numbers.carrier(type).bits());
    }

    // ---- expressions ----

    private long number(TypedExpr expr) {
        return (Long) value(expr);
    }

    private boolean holds(TypedExpr expr) {
        return number(expr) != 0;
    }

    private Object value(TypedExpr expr) {
        if (++nested > DEEPEST_NESTING) {
            throw new Stop(expr.span(), "the calls and expressions on the way are nested too deeply");
        }
        try {
            return compute(expr);
        } finally {
            nested--;
        }
    }

    private Object compute(TypedExpr expr) {
        return switch (expr) {
            case TypedExpr.Value one -> value(one.type(), one.value(), one.span());
            case TypedExpr.Load load -> {
                Slot slot = slot(load.place());
                yield copy(slot.in[slot.index]);
            }
            case TypedExpr.AddressOf address -> slot(address.place());
            case TypedExpr.Unary one -> one.op().apply(machine(one.type()), number(one.operand()));
            case TypedExpr.Binary one -> {
                long left = number(one.left());
                yield one.op().apply(machine(one.type()), left, number(one.right()));
            }
            case TypedExpr.Compare one -> compare(one) ? 1L : 0L;
            case TypedExpr.NullTest one -> (value(one.operand()) == Mark.ABSENT) == one.isNull() ? 1L : 0L;
            case TypedExpr.Not one -> holds(one.operand()) ? 0L : 1L;
            case TypedExpr.Logical one ->
                (one.and() ? holds(one.left()) && holds(one.right()) : (holds(one.left()) || holds(one.right())))
                        ? 1L
                        : 0L;
            case TypedExpr.Convert one -> {
                Object operand = value(one.operand());
                yield switch (one.conversion()) {
                    case WRAP, CONSTANT_VIEW -> operand;
                    case TRUNCATE, ZERO_EXTEND, SIGN_EXTEND, SAME_BITS, TO_NETWORK, TO_HOST ->
                        Folding.convert(one.conversion(), one.operand().type(), (Long) operand, one.type());
                };
            }
            case TypedExpr.Call call -> call(call);
            case TypedExpr.If one -> test(one.condition()) ? value(one.then()) : value(one.otherwise());
            case TypedExpr.SwitchValue one -> {
                TypedSwitch.Arm arm = one.body().arms().get(arm(one.body().operand(), one.body()));
                run(arm.body());
                TypedExpr result = arm.value();
                if (result == null) {
                    throw new IllegalStateException("an arm that has no value was passed");
                }
                yield value(result);
            }
            case TypedExpr.StructValue one -> {
                Object[] all = new Object[one.fields().size()];
                for (int index : one.order()) {
                    all[index] = value(one.fields().get(index));
                }
                yield all;
            }
            case TypedExpr.ArrayValue one -> {
                Object[] all = new Object[one.elements().size()];
                for (int i = 0; i < all.length; i++) {
                    all[i] = value(one.elements().get(i));
                }
                yield all;
            }
            case TypedExpr.ArrayRepeat one -> {
                Object[] all = array(one.type().count(), one.span());
                Object element = value(one.element());
                for (int i = 0; i < all.length; i++) {
                    all[i] = copy(element);
                }
                yield all;
            }
            case TypedExpr.Try one -> {
                Object operand = value(one.operand());
                if (operand != Mark.ABSENT) {
                    yield operand;
                }
                if (one.leave() instanceof TypedExpr.Leave.Returns back) {
                    TypedExpr result = back.value();
                    throw new Jump(null, false, result == null ? Mark.NOTHING : value(result));
                }
                throw new Stop(one.span(), "this fails the test");
            }
            case TypedExpr.OrElse one -> {
                Object operand = value(one.operand());
                yield operand != Mark.ABSENT ? operand : value(one.otherwise());
            }
            case TypedExpr.EnumFrom one -> {
                long bits = number(one.operand());
                EnumType type = (EnumType) one.type().of();
                BigInteger meaning = Numbers.meaning(one.operand().type(), bits);
                boolean member = type.member(meaning).isPresent();
                yield member ? (Object) Numbers.constant(type, meaning).bits() : Mark.ABSENT;
            }
            case TypedExpr.ElementOrNull one -> {
                Slot array = slot(one.array());
                Object[] elements = (Object[]) array.in[array.index];
                BigInteger at = Numbers.meaning(one.index().type(), number(one.index()));
                yield at.signum() >= 0 && at.compareTo(BigInteger.valueOf(elements.length)) < 0
                        ? copy(elements[at.intValue()])
                        : Mark.ABSENT;
            }
            case Builtin.NumberCall one -> {
                long[] operands = new long[one.arguments().size()];
                for (int i = 0; i < operands.length; i++) {
                    operands[i] = number(one.arguments().get(i));
                }
                yield Intrinsics.compute(
                        one.operation(), (Type.Int) one.arguments().getFirst().type(), operands);
            }
            case TypedExpr.FunctionValue _, TypedExpr.IndirectCall _ ->
                throw new Stop(expr.span(), "function values are not known while compiling");
            default -> throw new Stop(expr.span(), "this happens at run time only");
        };
    }

    private boolean compare(TypedExpr.Compare one) {
        Object left = value(one.left());
        Object right = value(one.right());
        if (left instanceof Object[] a) {
            return java.util.Arrays.deepEquals(a, (Object[]) right) == (one.op() == dev.turnout.ir.model.CompareOp.EQ);
        }
        return one.op().test(machine(one.left().type()), (Long) left, (Long) right);
    }

    private Object call(TypedExpr.Call call) {
        step(call.span());
        TypedFunction function = compilation.bodies().of(call.function());
        if (compilation.hasErrors()) {
            // The body may be broken, which has been reported: what follows would rest on nothing.
            throw new Stop(call.span(), "there are errors in what this calls");
        }
        if (function == null || depth >= DEEPEST_CALL) {
            throw new Stop(call.span(), "this calls itself");
        }
        Map<Symbol.Local, Object[]> inner = new HashMap<>();
        for (int i = 0; i < call.arguments().size(); i++) {
            inner.put(
                    call.function().parameters().get(i),
                    new Object[] {value(call.arguments().get(i))});
        }
        Map<Symbol.Local, Object[]> outer = frame;
        frame = inner;
        depth++;
        try {
            run(function.body());
            return Mark.NOTHING;
        } catch (Jump jump) {
            if (jump.loop != null) {
                throw jump;
            }
            return jump.value;
        } finally {
            depth--;
            frame = outer;
        }
    }

    // ---- places ----

    private Slot slot(Place place) {
        return switch (place) {
            case Place.Variable variable -> {
                Object[] cell = frame.get(variable.local());
                if (cell == null) {
                    throw new Stop(variable.span(), "`" + variable.local().name() + "` is not known while compiling");
                }
                yield new Slot(cell, 0);
            }
            case Place.ConstantData data ->
                new Slot(new Object[] {value(data.type(), data.constant().value(), data.span())}, 0);
            case Place.TableRows rows -> throw new Stop(rows.span(), "function values are not known while compiling");
            case Place.Deref deref -> (Slot) value(deref.reference());
            case Place.FieldOf field -> {
                Slot base = slot(field.base());
                yield new Slot((Object[]) base.in[base.index], field.field().index());
            }
            case Place.Element element -> {
                Slot base = slot(element.base());
                Object[] elements = (Object[]) base.in[base.index];
                BigInteger at = Numbers.meaning(element.index().type(), number(element.index()));
                if (at.signum() < 0 || at.compareTo(BigInteger.valueOf(elements.length)) >= 0) {
                    throw new Stop(
                            element.span(), "the index is " + at + ", and there are " + elements.length + " elements");
                }
                yield new Slot(elements, at.intValue());
            }
            case Place.Temporary temporary -> new Slot(new Object[] {value(temporary.value())}, 0);
            case Place.GlobalVariable global ->
                throw new Stop(global.span(), "`" + global.global().name() + "` is a variable");
            case Place.Configuration config ->
                throw new Stop(config.span(), "`" + config.config().name() + "` is set at load time");
            case Place.MapSlot slot -> throw new Stop(slot.span(), whatMap(slot.map()));
            case Place.ContextSlot slot -> throw new Stop(slot.span(), "a context is there at run time only");
        };
    }

    private static String whatMap(MapOperand map) {
        return switch (map) {
            case Symbol.MapSymbol one -> "`" + one.name() + "` is a map";
            case MapOperand.Inner _ -> "this is a map";
        };
    }

    private static Object cut(Place place, Object value) {
        if (place instanceof Place.FieldOf field && field.field().isBitField()) {
            int bits = field.field().bitSize();
            return (Long) value & (bits == 64 ? -1L : (1L << bits) - 1);
        }
        return value;
    }

    // ---- statements ----

    private boolean test(Condition condition) {
        return switch (condition) {
            case Condition.Test test -> holds(test.value());
            case Condition.Binding binding -> {
                Object value = value(binding.nullable());
                frame.put(binding.local(), new Object[] {value});
                yield value != Mark.ABSENT;
            }
        };
    }

    private void run(TypedBlock block) {
        for (TypedStmt statement : block.statements()) {
            run(statement);
        }
    }

    private void run(TypedStmt statement) {
        step(statement.span());
        switch (statement) {
            case TypedStmt.Define one -> frame.put(one.local(), new Object[] {value(one.value())});
            case TypedStmt.DefineOrElse one -> {
                Object value = value(one.nullable());
                if (value == Mark.ABSENT) {
                    run(one.otherwise());
                }
                frame.put(one.local(), new Object[] {value});
            }
            case TypedStmt.Assign one -> {
                Slot slot = slot(one.target());
                slot.in[slot.index] = cut(one.target(), value(one.value()));
            }
            case TypedStmt.Update one -> {
                Slot slot = slot(one.target());
                long operand = number(one.value());
                BinaryOp op = one.op();
                long result = op.apply(machine(one.value().type()), (Long) slot.in[slot.index], operand);
                slot.in[slot.index] = cut(one.target(), result);
            }
            case TypedStmt.Evaluate one -> value(one.value());
            case TypedStmt.If one -> run(test(one.condition()) ? one.then() : one.otherwise());
            case TypedStmt.While one -> runWhile(one);
            case TypedStmt.For one -> runFor(one);
            case TypedStmt.Switch one -> runArms(one.body(), arm(one.body().operand(), one.body()));
            case TypedStmt.Labelled one -> runLabelled(one);
            case TypedStmt.Redispatch one -> throw new Jump(one.label(), true, redispatch(one));
            case TypedStmt.Return one -> {
                TypedExpr result = one.value();
                throw new Jump(null, false, result == null ? Mark.NOTHING : value(result));
            }
            case TypedStmt.Break one -> throw new Jump(one.loop(), false, Mark.NOTHING);
            case TypedStmt.Continue one -> throw new Jump(one.loop(), true, Mark.NOTHING);
            case TypedStmt.Block one -> run(one.body());
            case TypedStmt.Defer one -> throw new Stop(one.span(), "`defer` is for what happens at run time");
            case TypedStmt.Lock one -> throw new Stop(one.span(), "a lock is there at run time only");
            case TypedStmt.Tail one -> throw new Stop(one.span(), "it goes on as another program");
            case TypedStmt.MapStore one -> throw new Stop(one.span(), whatMap(one.map()));
            case TypedStmt.StaticBranch one ->
                throw new Stop(one.span(), "`" + one.key().name() + "` is a key");
            case TypedStmt.StaticSwitch one ->
                throw new Stop(one.span(), "`" + one.key().name() + "` is a key");
        }
    }

    /** Runs a round; whether the loop goes on. */
    private boolean round(Loop loop, TypedBlock body) {
        try {
            run(body);
        } catch (Jump jump) {
            if (jump.loop != loop) {
                throw jump;
            }
            return jump.again;
        }
        return true;
    }

    private void runWhile(TypedStmt.While loop) {
        long rounds = 0;
        while (test(loop.condition())) {
            step(loop.span());
            if (rounds++ == loop.limit()) {
                exhausted(loop.exhausted());
                return;
            }
            if (!round(loop.loop(), loop.body())) {
                return;
            }
        }
    }

    private void exhausted(@Nullable TypedBlock block) {
        if (block != null) {
            run(block);
        }
    }

    private void runFor(TypedStmt.For loop) {
        Type type = loop.variable().type();
        BigInteger at = Numbers.meaning(type, number(loop.from()));
        BigInteger end = Numbers.meaning(type, number(loop.to()));
        long rounds = 0;
        while (at.compareTo(end) < 0) {
            step(loop.span());
            if (rounds++ == loop.limit()) {
                exhausted(loop.exhausted());
                return;
            }
            frame.put(loop.variable(), new Object[] {Numbers.constant(type, at).bits()});
            if (!round(loop.loop(), loop.body())) {
                return;
            }
            at = at.add(BigInteger.ONE);
        }
    }

    /** Index of the arm that a value of the operand's type chooses. */
    private int arm(TypedExpr chooser, TypedSwitch body) {
        int arm = body.armOf(bits(value(chooser)));
        if (arm < 0) {
            throw new IllegalStateException("a switch without `else` that covers nothing");
        }
        return arm;
    }

    /** A value as the ranges of arms see it: bytes are the number that a little-endian load gives. */
    private static long bits(Object value) {
        if (!(value instanceof Object[] bytes)) {
            return (Long) value;
        }
        long bits = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            bits = (bits << 8) | (Long) bytes[i];
        }
        return bits;
    }

    private void runArms(TypedSwitch body, int first) {
        int at = first;
        TypedSwitch.Arm arm;
        do {
            arm = body.arms().get(at++);
            run(arm.body());
        } while (arm.fallsThrough());
    }

    /** What a jump to a labelled switch carries: the value is computed in the arm that is left. */
    private record Again(long bits, boolean counted) {}

    private Again redispatch(TypedStmt.Redispatch jump) {
        return new Again(bits(value(jump.value())), jump.counted());
    }

    private void runLabelled(TypedStmt.Labelled labelled) {
        TypedSwitch body = labelled.body();
        int arm = arm(body.operand(), body);
        long counted = 0;
        while (true) {
            step(labelled.span());
            try {
                runArms(body, arm);
                return;
            } catch (Jump jump) {
                if (jump.loop != labelled.label()) {
                    throw jump;
                }
                if (!(jump.value instanceof Again again)) {
                    return;
                }
                if (again.counted && counted++ == labelled.limit()) {
                    exhausted(labelled.exhausted());
                    return;
                }
                arm = body.armOf(again.bits);
            }
        }
    }
}
