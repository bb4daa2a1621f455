package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Condition;
import dev.turnout.frontend.typed.RingOperation;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Terminator.Hint;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;

/** Expressions: as operands, into a place, and as conditions that go one way or the other. */
final class Expressions {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Expressions(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** The value of a scalar. */
    Value value(TypedExpr expr) {
        return lower(expr).value();
    }

    /** The value of an expression. */
    Operand lower(TypedExpr expr) {
        fn.at(expr.span());
        return switch (expr) {
            case TypedExpr.Core core -> lowerCore(core);
            case Builtin builtin -> lowerBuiltin(builtin);
            case RingOperation operation -> fn.rings.lower(operation);
            case TestOperation operation -> fn.tests.lower(operation);
        };
    }

    private Operand lowerCore(TypedExpr.Core expr) {
        return switch (expr) {
            case TypedExpr.Value value -> fn.constants.of(value.value(), value.type());
            case TypedExpr.Load load -> fn.places.read(load.place());
            case TypedExpr.AddressOf address
            when address.type().kernel() -> new Operand.Scalar(fn.kernel.number(address.place()));
            case TypedExpr.AddressOf address ->
                new Operand.Scalar(fn.memory.pointer(fn.places.address(address.place())));
            case TypedExpr.FunctionValue function -> new Operand.Scalar(fn.calls.reference(function.function()));
            case TypedExpr.Unary unary -> new Operand.Scalar(code.unary(unary.op(), value(unary.operand())));
            case TypedExpr.Binary binary -> {
                Value left = value(binary.left());
                Value right = value(binary.right());
                fn.at(binary.span());
                yield new Operand.Scalar(code.binary(binary.op(), left, right));
            }
            case TypedExpr.Compare compare -> new Operand.Scalar(compare(compare));
            case TypedExpr.NullTest test -> new Operand.Scalar(fn.nullables.test(test));
            case TypedExpr.Not not -> {
                Value operand = value(not.operand());
                yield new Operand.Scalar(code.compare(CompareOp.EQ, operand, code.constant(Int.I1, 0)));
            }
            case TypedExpr.Logical logical -> new Operand.Scalar(truth(logical));
            case TypedExpr.Convert convert -> convert(convert);
            case TypedExpr.Call call -> fn.calls.call(call);
            case TypedExpr.IndirectCall call -> fn.calls.callThrough(call);
            case TypedExpr.If choice -> choose(choice);
            case TypedExpr.SwitchValue value -> fn.switches.value(value);
            case TypedExpr.StructValue _, TypedExpr.ArrayValue _, TypedExpr.ArrayRepeat _ -> temporary(expr);
            case TypedExpr.Try attempt ->
                fn.nullables.unwrap(attempt.operand(), fn.exit(attempt.leave(), attempt.span()));
            case TypedExpr.OrElse orElse -> fn.nullables.orElse(orElse);
            case TypedExpr.EnumFrom _, TypedExpr.ElementOrNull _, TypedExpr.SliceElement _ -> fn.nullables.reify(expr);
            case TypedExpr.SliceOf _ -> temporary(expr);
            case TypedExpr.SliceLength length ->
                new Operand.Scalar(fn.slices.parts(length.slice()).length());
        };
    }

    private Operand lowerBuiltin(Builtin expr) {
        return switch (expr) {
            case Builtin.ContextCursor _ -> temporary(expr);
            case Builtin.ContextLoad load -> new Operand.Scalar(fn.cursors.copyOut(load));
            case Builtin.SystemCallArgument argument -> new Operand.Scalar(fn.cursors.systemCallArgument(argument));
            case Builtin.CursorTake _,
                    Builtin.CursorSkip _,
                    Builtin.CursorLoad _,
                    Builtin.MapLookup _,
                    Builtin.MapPop _ -> fn.nullables.reify(expr);
            case Builtin.ContextCall call -> new Operand.Scalar(fn.calls.ofContext(call));
            case Builtin.CursorRest rest -> new Operand.Scalar(fn.cursors.rest(rest));
            case Builtin.MapInsert insert -> new Operand.Scalar(fn.maps.insert(insert));
            case Builtin.MapDelete delete -> new Operand.Scalar(fn.maps.delete(delete));
            case Builtin.MapPush push -> new Operand.Scalar(fn.maps.push(push));
            case Builtin.MapHas has -> new Operand.Scalar(fn.maps.has(has));
            case Builtin.MapEach each -> new Operand.Scalar(MapWalks.walk(fn, each));
            case Builtin.RedirectMap redirect -> new Operand.Scalar(fn.maps.redirect(redirect));
            case Builtin.NumberCall call -> new Operand.Scalar(fn.numbers.lower(call));
            case Builtin.Atomic atomic -> fn.numbers.atomic(atomic);
            case Builtin.HelperCall call -> fn.calls.helper(call);
            case Builtin.KernelCall call -> fn.calls.kernel(call);
            case Builtin.CurrentComm _ -> temporary(expr);
            case Builtin.Print print -> fn.prints.print(print);
            case Builtin.JenkinsHash hash -> new Operand.Scalar(fn.checksums.jenkins(hash));
            case Builtin.ChecksumSum sum -> new Operand.Scalar(fn.checksums.sum(sum));
        };
    }

    /** A value that lives in memory, in memory of its own. */
    private Operand temporary(TypedExpr expr) {
        Address slot = fn.slot(expr.type(), "tmp");
        into(expr, slot);
        return new Operand.InMemory(slot);
    }

    /**
     * Computes a value into a place. The place is fresh, or nothing in the expression can see it: parts are stored before
     * later parts are computed.
     */
    void into(TypedExpr expr, Address at) {
        if (Shape.of(expr.type()) != Shape.MEMORY) {
            fn.memory.store(expr.type(), at, lower(expr));
            return;
        }
        fn.at(expr.span());
        switch (expr) {
            case TypedExpr.Value value -> fn.constants.store(value.value(), value.type(), at);
            case TypedExpr.StructValue struct -> new StructImage(fn, struct).store(at);
            case TypedExpr.ArrayValue array -> {
                int step = Shape.size(array.type().element());
                for (int i = 0; i < array.elements().size(); i++) {
                    into(array.elements().get(i), at.plus((long) i * step));
                }
            }
            case TypedExpr.ArrayRepeat repeat -> repeat(repeat, at);
            case TypedExpr.Call call -> fn.calls.callInto(call, at);
            case TypedExpr.IndirectCall call -> fn.calls.callThroughInto(call, at);
            case TypedExpr.If choice -> {
                Label otherwise = code.newBlock();
                Label join = code.newBlock();
                condition(choice.condition(), otherwise, Hint.NONE);
                into(choice.then(), at);
                code.jump(join);
                code.switchTo(otherwise);
                into(choice.otherwise(), at);
                code.jump(join);
                code.switchTo(join);
            }
            case TypedExpr.SwitchValue value -> fn.switches.into(value, at);
            case TypedExpr.Convert(TypedExpr.Conversion conversion, TypedExpr operand, Type type, var _)
            when conversion == TypedExpr.Conversion.WRAP -> {
                into(operand, at);
                fn.memory.storeScalar(Memory.presence((Type.Maybe) type, at), code.constant(Int.I1, 1));
            }
            case TypedExpr.OrElse orElse -> fn.nullables.orElseInto(orElse, at);
            case TypedExpr.EnumFrom _, TypedExpr.ElementOrNull _, Builtin.MapPop _ -> fn.nullables.reifyInto(expr, at);
            case TypedExpr.SliceOf slice -> fn.slices.store(fn.slices.parts(slice), at);
            case Builtin.ContextCursor cursor -> fn.cursors.open(cursor, at);
            case Builtin.CurrentComm _ -> fn.calls.currentComm(at);
            default -> fn.copies.copy(expr.type(), lower(expr).address(), at);
        }
    }

    private void repeat(TypedExpr.ArrayRepeat repeat, Address at) {
        Type element = repeat.type().element();
        int step = Shape.size(element);
        if (repeat.type().count() == 0) {
            lower(repeat.element());
            return;
        }
        into(repeat.element(), at);
        Operand first = fn.memory.load(element, at);
        for (int i = 1; i < repeat.type().count(); i++) {
            fn.memory.store(element, at.plus((long) i * step), first);
        }
    }

    // Numbers.

    private Operand convert(TypedExpr.Convert convert) {
        if (convert.conversion() == TypedExpr.Conversion.WRAP) {
            return wrap(convert);
        }
        Value operand = value(convert.operand());
        fn.at(convert.span());
        return new Operand.Scalar(
                switch (convert.conversion()) {
                    case TRUNCATE, ZERO_EXTEND, SAME_BITS -> code.resize(operand, Shape.integer(convert.type()));
                    case SIGN_EXTEND -> code.resize(operand, Shape.integer(convert.type()), ConvertOp.SEXT);
                    case TO_NETWORK, TO_HOST -> code.unary(UnaryOp.BSWAP, operand);
                    case WRAP, CONSTANT_VIEW -> operand;
                });
    }

    /** {@code T} as {@code ?T}. */
    private Operand wrap(TypedExpr.Convert convert) {
        if (Shape.of(convert.type()) == Shape.MEMORY) {
            return temporary(convert);
        }
        return present(lower(convert.operand()), convert.type());
    }

    /** The nullable that holds this. */
    Operand present(Operand inside, Type nullable) {
        return switch (Shape.of(nullable)) {
            case SCALAR -> inside instanceof Operand.Nothing ? new Operand.Scalar(code.constant(Int.I1, 1)) : inside;
            case PAIR -> new Operand.Pair(inside.value(), code.constant(Int.I1, 1));
            case NOTHING, MEMORY -> throw new IllegalArgumentException(nullable + " is not held in values");
        };
    }

    private Value compare(TypedExpr.Compare compare) {
        Type type = compare.left().type();
        if (Shape.of(type) == Shape.MEMORY) {
            return fn.numbers.equalBytes(compare);
        }
        Value left = value(compare.left());
        Value right = value(compare.right());
        fn.at(compare.span());
        boolean ordered = compare.op() != CompareOp.EQ && compare.op() != CompareOp.NE;
        if (ordered && type instanceof Type.BigEndian) {
            left = code.unary(UnaryOp.BSWAP, left);
            right = code.unary(UnaryOp.BSWAP, right);
        }
        return code.compare(compare.op(), left, right);
    }

    // Ways.

    private Operand choose(TypedExpr.If choice) {
        if (Shape.of(choice.type()) == Shape.MEMORY) {
            return temporary(choice);
        }
        Label otherwise = code.newBlock();
        Join join = new Join(code);
        condition(choice.condition(), otherwise, Hint.NONE);
        join.from(lower(choice.then()));
        code.switchTo(otherwise);
        join.from(lower(choice.otherwise()));
        return join.meet(choice.type());
    }

    /** {@code &&} and {@code ||} as a value. */
    private Value truth(TypedExpr.Logical logical) {
        Label otherwise = code.newBlock();
        Join join = new Join(code);
        if (logical.and()) {
            branch(logical.left(), otherwise);
            join.from(value(logical.right()));
            code.switchTo(otherwise);
            join.from(code.constant(Int.I1, 0));
        } else {
            branch(logical.left(), otherwise);
            join.from(code.constant(Int.I1, 1));
            code.switchTo(otherwise);
            join.from(value(logical.right()));
        }
        return join.meet().getFirst();
    }

    /** Goes on where the condition holds, with its local made; else to {@code otherwise}. */
    void condition(Condition condition, Label otherwise, Hint hint) {
        switch (condition) {
            case Condition.Test(TypedExpr value) -> {
                Label then = code.newBlock();
                branch(value, then, otherwise, hint);
                code.switchTo(then);
            }
            case Condition.Binding binding ->
                fn.define(binding.local(), fn.nullables.unwrap(binding.nullable(), otherwise));
        }
    }

    private void branch(TypedExpr condition, Label otherwise) {
        Label then = code.newBlock();
        branch(condition, then, otherwise, Hint.NONE);
        code.switchTo(then);
    }

    /** Ends the block: to {@code yes} if the condition holds, to {@code no} if not. */
    void branch(TypedExpr condition, Label yes, Label no, Hint hint) {
        switch (condition) {
            case TypedExpr.Not not -> branch(not.operand(), no, yes, opposite(hint));
            case TypedExpr.Logical logical -> {
                Label middle = code.newBlock();
                if (logical.and()) {
                    branch(logical.left(), middle, no, hint);
                } else {
                    branch(logical.left(), yes, middle, hint);
                }
                code.switchTo(middle);
                branch(logical.right(), yes, no, hint);
            }
            case TypedExpr.NullTest test -> {
                fn.nullables.unwrap(test.operand(), test.isNull() ? yes : no);
                code.jump(test.isNull() ? no : yes);
            }
            default -> {
                Value value = value(condition);
                fn.at(condition.span());
                code.branch(value, yes, no, hint);
            }
        }
    }

    private static Hint opposite(Hint hint) {
        return switch (hint) {
            case NONE -> Hint.NONE;
            case LIKELY -> Hint.UNLIKELY;
            case UNLIKELY -> Hint.LIKELY;
        };
    }

    /** An index or count as an i64: zeros come in, or the sign of a signed type. */
    Value wide(TypedExpr number) {
        return wide(value(number), number.type());
    }

    Value wide(Value value, Type type) {
        return code.resize(value, Int.I64, Shape.signed(type) ? ConvertOp.SEXT : ConvertOp.ZEXT);
    }

    /** {@code a * b} with constants folded away where that is plain. */
    Value times(Value a, long b) {
        if (b == 1) {
            return a;
        }
        return Long.bitCount(b) == 1
                ? code.binary(BinaryOp.SHL, a, code.constant(Int.I64, Long.numberOfTrailingZeros(b)))
                : code.binary(BinaryOp.MUL, a, code.constant(Int.I64, b));
    }

    /** Calls a helper whose arguments are in the form that it takes; numbers are i64. */
    Value helper(String name, dev.turnout.ir.model.Type type, Value... arguments) {
        return code.emit(Calls.callOf(name, java.util.List.of(arguments), type));
    }
}
