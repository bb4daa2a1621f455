package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedSwitch;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Switches: one construct of the IR each, whose form (table, tree, compares) is the back end's business. */
final class Switches {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Switches(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    void statement(TypedSwitch body) {
        Label behind = code.newBlock();
        List<Label> arms = dispatch(body);
        boolean reached = arms(body.arms(), arms, behind);
        fn.statements.continueAt(behind, reached);
    }

    /** The arms of a statement, in source order, so that falling through is plain flow. */
    boolean arms(List<TypedSwitch.Arm> arms, List<Label> labels, Label behind) {
        boolean reached = false;
        for (int i = 0; i < arms.size(); i++) {
            TypedSwitch.Arm arm = arms.get(i);
            code.switchTo(labels.get(i));
            fn.at(arm.span());
            Label next = arm.fallsThrough() ? labels.get(i + 1) : behind;
            fn.statements.block(arm.body());
            if (code.isOpen()) {
                reached |= !arm.fallsThrough();
                code.jump(next);
            }
        }
        return reached;
    }

    Operand value(TypedExpr.SwitchValue expr) {
        if (Shape.of(expr.type()) == Shape.MEMORY) {
            Address slot = fn.slot(expr.type(), "tmp");
            into(expr, slot);
            return new Operand.InMemory(slot);
        }
        List<TypedSwitch.Arm> arms = expr.body().arms();
        List<Label> labels = dispatch(expr.body());
        Join join = new Join(code);
        for (int i = 0; i < arms.size(); i++) {
            TypedExpr value = enter(arms.get(i), labels.get(i));
            if (value != null) {
                join.from(fn.expressions.lower(value));
            }
        }
        return join.meet(expr.type());
    }

    void into(TypedExpr.SwitchValue expr, Address at) {
        List<TypedSwitch.Arm> arms = expr.body().arms();
        List<Label> labels = dispatch(expr.body());
        Label join = code.newBlock();
        for (int i = 0; i < arms.size(); i++) {
            TypedExpr value = enter(arms.get(i), labels.get(i));
            if (value != null) {
                fn.expressions.into(value, at);
                code.jump(join);
            }
        }
        code.switchTo(join);
    }

    /** Lowers what an arm does before it has its value; gives the value's expression if control gets there. */
    private @Nullable TypedExpr enter(TypedSwitch.Arm arm, Label label) {
        code.switchTo(label);
        fn.at(arm.span());
        fn.statements.block(arm.body());
        TypedExpr value = arm.value();
        if (value == null && code.isOpen()) {
            code.terminate(new Terminator.Unreachable());
        }
        return code.isOpen() ? value : null;
    }

    /** Evaluates the operand and ends the block; gives a label an arm. */
    private List<Label> dispatch(TypedSwitch body) {
        Operand operand = fn.expressions.lower(body.operand());
        fn.at(body.span());
        List<Label> labels = labels(body);
        if (body.operand().type() instanceof Type.Bool && body.demand() == Terminator.Demand.AUTO) {
            List<Piece> pieces = pieces(body.arms(), labels);
            Label otherwise = otherwise(body.arms(), labels);
            code.branch(operand.value(), at(pieces, 1, otherwise), at(pieces, 0, otherwise));
        } else {
            choose(body, selector(body, operand), labels, Terminator.Copies.FREE);
        }
        return labels;
    }

    /** A block an arm. */
    List<Label> labels(TypedSwitch body) {
        List<Label> labels = new ArrayList<>(body.arms().size());
        for (int i = 0; i < body.arms().size(); i++) {
            labels.add(code.newBlock());
        }
        return labels;
    }

    /**
     * The number by which the machine chooses, for a value of the operand's type. Of numbers in network order it is the one
     * that they mean: code generation swaps the constants back where it compares with single ones.
     */
    Value selector(TypedSwitch body, Operand operand) {
        Type type = body.operand().type();
        Value value = operand instanceof Operand.InMemory(Address at) ? tag(at, Shape.size(type)) : operand.value();
        if (type instanceof Type.Bool) {
            return code.resize(value, Int.I8);
        }
        return type instanceof Type.BigEndian ? code.unary(UnaryOp.BSWAP, value) : value;
    }

    /** Ends the block with the choice by a {@link #selector}. */
    void choose(TypedSwitch body, Value selector, List<Label> labels, Terminator.Copies copies) {
        code.terminate(new Terminator.Switch(
                selector,
                cases(pieces(body.arms(), labels)),
                Target.to(otherwise(body.arms(), labels)),
                body.exhaustive(),
                body.demand(),
                body.maxEntries(),
                copies));
    }

    /** Values and where they go. */
    private record Piece(long low, long high, Label to) {}

    private static List<Piece> pieces(List<TypedSwitch.Arm> arms, List<Label> labels) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < arms.size(); i++) {
            for (TypedSwitch.Range range : arms.get(i).ranges()) {
                pieces.add(new Piece(range.low(), range.high(), labels.get(i)));
            }
        }
        return pieces;
    }

    private Label otherwise(List<TypedSwitch.Arm> arms, List<Label> labels) {
        for (int i = 0; i < arms.size(); i++) {
            if (arms.get(i).isElse()) {
                return labels.get(i);
            }
        }
        return fn.detour(() -> code.terminate(new Terminator.Unreachable()));
    }

    private static Label at(List<Piece> pieces, long value, Label otherwise) {
        for (Piece piece : pieces) {
            if (piece.low <= value && value <= piece.high) {
                return piece.to;
            }
        }
        return otherwise;
    }

    /** Sorted, neighbours with one target made one. */
    private static List<Terminator.Case> cases(List<Piece> pieces) {
        List<Piece> sorted = new ArrayList<>(pieces);
        sorted.sort(Comparator.comparing(Piece::low, Long::compareUnsigned));
        List<Terminator.Case> cases = new ArrayList<>(sorted.size());
        for (Piece piece : sorted) {
            Terminator.Case last = cases.isEmpty() ? null : cases.getLast();
            if (last != null && last.to().block().equals(piece.to) && last.high() + 1 == piece.low) {
                cases.set(cases.size() - 1, new Terminator.Case(last.low(), piece.high, last.to()));
            } else {
                cases.add(new Terminator.Case(piece.low, piece.high, Target.to(piece.to)));
            }
        }
        return cases;
    }

    /** The number that up to eight bytes form, the first one lowest. */
    private Value tag(Address at, int size) {
        Int width = new Int(size <= 1 ? 8 : size == 2 ? 16 : size <= 4 ? 32 : 64);
        if (width.bytes() == size) {
            return fn.memory.loadNumber(width, at, ByteOrder.LITTLE);
        }
        Value all = code.constant(width, 0);
        for (int done = 0; done < size; ) {
            int step = at.plus(done).widest(size - done);
            Value piece = code.resize(fn.memory.loadNumber(new Int(step * 8), at.plus(done), ByteOrder.LITTLE), width);
            Value placed = done == 0 ? piece : code.binary(BinaryOp.SHL, piece, code.constant(width, done * 8L));
            all = code.binary(BinaryOp.OR, all, placed);
            done += step;
        }
        return all;
    }

    /**
     * {@code static_switch}: cases are members of the key's enum, those that {@code else} takes among them. A patch site has
     * a record for each value, and a value without one would not jump at all.
     */
    void staticSwitch(TypedStmt.StaticSwitch choice) {
        List<Label> labels = new ArrayList<>(choice.arms().size());
        for (int i = 0; i < choice.arms().size(); i++) {
            labels.add(code.newBlock());
        }
        Label behind = code.newBlock();
        Label otherwise = otherwise(choice.arms(), labels);
        List<Piece> pieces = pieces(choice.arms(), labels);
        List<Piece> members = new ArrayList<>();
        for (EnumType.Member member : ((EnumType) choice.key().type()).members()) {
            long value =
                    Shape.integer(choice.key().type()).truncate(member.value().longValue());
            members.add(new Piece(value, value, at(pieces, value, otherwise)));
        }
        Location here = code.at();
        code.terminate(
                new Terminator.StaticSwitch(
                        choice.key().linkName(), cases(members), Target.to(otherwise), choice.patched()),
                here);
        fn.statements.continueAt(behind, arms(choice.arms(), labels, behind));
    }
}
