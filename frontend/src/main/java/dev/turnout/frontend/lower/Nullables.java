package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.RingOperation;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Nullable values. What is tested where it is made never becomes a value that may be null: its test is the branch ({@link
 * #unwrap}). Only what is kept for later is made into one ({@link #reify}).
 */
final class Nullables {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Nullables(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** Goes on with what is inside the nullable, or to {@code absent} if there is nothing. */
    Operand unwrap(TypedExpr nullable, Label absent) {
        fn.at(nullable.span());
        return switch (nullable) {
            case Builtin.CursorTake take -> new Operand.Scalar(fn.cursors.take(take, absent));
            case Builtin.CursorSkip skip -> {
                fn.cursors.skip(skip, absent);
                yield Operand.Nothing.NOTHING;
            }
            case Builtin.CursorLoad load -> new Operand.Scalar(fn.cursors.load(load, absent));
            case Builtin.MapLookup lookup -> {
                Value found = fn.maps.lookup(lookup.map(), lookup.key());
                fn.at(lookup.span());
                fn.requirePointer(found, absent);
                yield new Operand.Scalar(found);
            }
            case Builtin.MapPop pop -> fn.maps.pop(pop, absent);
            case RingOperation.Reserve reserve -> new Operand.Scalar(fn.rings.reserve(reserve, absent));
            case TypedExpr.EnumFrom from -> new Operand.Scalar(member(from, absent));
            case TypedExpr.ElementOrNull element -> {
                Operand found = fn.places.elementOr(element, absent);
                Type held = ((Type.Array) element.array().type()).element();
                yield held instanceof Type.Maybe maybe ? test(maybe, found, absent) : found;
            }
            case TypedExpr.SliceElement element -> {
                Value found = fn.slices.elementOr(element, absent);
                if (((Type.Slice) element.slice().type()).element() instanceof Type.Maybe) {
                    fn.requirePointer(found, absent);
                }
                yield new Operand.Scalar(found);
            }
            case TypedExpr.Convert convert
            when convert.conversion() == TypedExpr.Conversion.WRAP -> fn.expressions.lower(convert.operand());
            case TypedExpr.Convert convert
            when convert.conversion() == TypedExpr.Conversion.CONSTANT_VIEW -> unwrap(convert.operand(), absent);
            case TypedExpr.Value value
            when value.value() instanceof Constant.Absent -> {
                code.jump(absent);
                fn.dead();
                yield fn.constants.zero(((Type.Maybe) nullable.type()).of());
            }
            case TestOperation.NextEvent next -> {
                Value found = fn.tests.next(next);
                fn.requirePointer(found, absent);
                yield new Operand.Scalar(found);
            }
            case TestOperation.PacketAt at -> {
                Value found = fn.tests.at(at);
                fn.requirePointer(found, absent);
                yield new Operand.Scalar(found);
            }
            default -> test((Type.Maybe) nullable.type(), fn.expressions.lower(nullable), absent);
        };
    }

    private Operand test(Type.Maybe type, Operand operand, Label absent) {
        switch (operand) {
            case Operand.Nothing _ -> throw new IllegalArgumentException("void is not nullable");
            case Operand.Scalar scalar -> {
                if (type.of() instanceof Type.Void) {
                    fn.require(scalar.value(), absent);
                    return Operand.Nothing.NOTHING;
                }
                fn.requirePointer(scalar.value(), absent);
                return scalar;
            }
            case Operand.Pair pair -> {
                fn.require(pair.present(), absent);
                return new Operand.Scalar(pair.value());
            }
            case Operand.InMemory memory -> {
                fn.require(fn.memory.loadBool(Memory.presence(type, memory.address())), absent);
                return memory;
            }
        }
    }

    /** {@code x == null} or {@code x != null} as a value. */
    Value test(TypedExpr.NullTest test) {
        Label absent = code.newBlock();
        Join join = new Join(code);
        unwrap(test.operand(), absent);
        join.from(code.constant(Int.I1, test.isNull() ? 0 : 1));
        code.switchTo(absent);
        join.from(code.constant(Int.I1, test.isNull() ? 1 : 0));
        return join.meet().getFirst();
    }

    /** Makes a nullable value of an expression that {@link #unwrap} knows as a test. */
    Operand reify(TypedExpr nullable) {
        if (Shape.of(nullable.type()) == Shape.MEMORY) {
            Address slot = fn.slot(nullable.type(), "tmp");
            reifyInto(nullable, slot);
            return new Operand.InMemory(slot);
        }
        Label absent = code.newBlock();
        Join join = new Join(code);
        join.from(fn.expressions.present(unwrap(nullable, absent), nullable.type()));
        code.switchTo(absent);
        join.from(fn.constants.zero(nullable.type()));
        return join.meet(nullable.type());
    }

    void reifyInto(TypedExpr nullable, Address at) {
        Type.Maybe type = (Type.Maybe) nullable.type();
        Label absent = code.newBlock();
        Label join = code.newBlock();
        fn.memory.store(type.of(), at, unwrap(nullable, absent));
        fn.memory.storeScalar(Memory.presence(type, at), code.constant(Int.I1, 1));
        code.jump(join);
        code.switchTo(absent);
        fn.copies.zero(Shape.size(type), at);
        code.jump(join);
        code.switchTo(join);
    }

    Operand orElse(TypedExpr.OrElse orElse) {
        if (Shape.of(orElse.type()) == Shape.MEMORY) {
            Address slot = fn.slot(orElse.type(), "tmp");
            orElseInto(orElse, slot);
            return new Operand.InMemory(slot);
        }
        Label absent = code.newBlock();
        Join join = new Join(code);
        Operand inside = unwrap(orElse.operand(), absent);
        join.from(orElse.type() instanceof Type.Maybe maybe ? fn.expressions.present(inside, maybe) : inside);
        code.switchTo(absent);
        join.from(fn.expressions.lower(orElse.otherwise()));
        return join.meet(orElse.type());
    }

    void orElseInto(TypedExpr.OrElse orElse, Address at) {
        Label absent = code.newBlock();
        Label join = code.newBlock();
        Operand inside = unwrap(orElse.operand(), absent);
        Type of = ((Type.Maybe) orElse.operand().type()).of();
        fn.memory.store(of, at, inside);
        if (orElse.type() instanceof Type.Maybe maybe) {
            fn.memory.storeScalar(Memory.presence(maybe, at), code.constant(Int.I1, 1));
        }
        code.jump(join);
        code.switchTo(absent);
        fn.expressions.into(orElse.otherwise(), at);
        code.jump(join);
        code.switchTo(join);
    }

    /**
     * {@code E.from(n)}. The number is compared in 64 bits, as its own type extends it: so {@code -1} is no member of an
     * unsigned enum and 256 none of one over {@code u8}.
     */
    private Value member(TypedExpr.EnumFrom from, Label absent) {
        EnumType type = (EnumType) from.type().of();
        Value number = fn.expressions.wide(from.operand());
        fn.at(from.span());
        Label found = code.newBlock();
        if (type.isDense()) {
            Value count = code.constant(Int.I64, type.members().size());
            code.branch(code.compare(CompareOp.ULT, number, count), found, absent);
        } else {
            code.terminate(new Terminator.Switch(
                    number, cases(type, found), Target.to(absent), false, Terminator.Demand.AUTO, 0));
        }
        code.switchTo(found);
        return code.resize(number, Shape.integer(type));
    }

    private static List<Terminator.Case> cases(EnumType type, Label found) {
        List<BigInteger> values = new ArrayList<>();
        for (EnumType.Member member : type.members()) {
            values.add(member.value());
        }
        List<Terminator.Case> cases = new ArrayList<>();
        values.stream().map(BigInteger::longValue).sorted(Long::compareUnsigned).forEach(value -> {
            Terminator.Case last = cases.isEmpty() ? null : cases.getLast();
            if (last != null && last.high() + 1 == value) {
                cases.set(cases.size() - 1, new Terminator.Case(last.low(), value, last.to()));
            } else {
                cases.add(new Terminator.Case(value, value, Target.to(found)));
            }
        });
        return cases;
    }
}
