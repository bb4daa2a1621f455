package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator.Hint;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Loops, with what bounds them: a round counter where a limit is stated, a claim about the number of rounds where a {@code
 * for} states none.
 */
final class Loops {
    /** Rounds up to which a bound is evident. */
    static final long MOST_ROUNDS = 65_536;

    private final FunctionLowering fn;
    private final FunctionBuilder code;
    private final IdentityHashMap<Loop, Ends> open = new IdentityHashMap<>();

    /** Where {@code break} and {@code continue} go. */
    private record Ends(Label behind, Label next, int depth) {}

    Loops(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** Says where {@code break} leaves a labelled switch; nothing continues it without a value. */
    void open(Loop labelled, Label behind) {
        open.put(labelled, new Ends(behind, behind, fn.pending.depth()));
    }

    Label behind(Loop loop) {
        return ends(loop).behind;
    }

    Label next(Loop loop) {
        return ends(loop).next;
    }

    /** What is pending where the loop stands, and stays so when it is left. */
    int depth(Loop loop) {
        return ends(loop).depth;
    }

    private Ends ends(Loop loop) {
        Ends ends = open.get(loop);
        if (ends == null) {
            throw new IllegalStateException("not in loop " + loop.label());
        }
        return ends;
    }

    /** The condition first, then the limit: a loop whose condition fails in time is not exhausted. */
    void lower(TypedStmt.While loop) {
        Label head = code.newBlock();
        Label behind = code.newBlock();
        Address rounds = loop.limit() == TypedStmt.NO_LIMIT ? null : counter();
        code.jump(head);
        code.switchTo(head);
        fn.at(loop.span());
        fn.expressions.condition(loop.condition(), behind, Hint.NONE);
        if (rounds != null) {
            fn.at(loop.span());
            Value done = load(rounds, Int.I64);
            limit(done, loop.limit(), loop.exhausted(), behind);
            fn.memory.storeScalar(rounds, code.binary(BinaryOp.ADD, done, code.constant(Int.I64, 1)));
        }
        open.put(loop.loop(), new Ends(behind, head, fn.pending.depth()));
        fn.statements.block(loop.body(), head);
        code.switchTo(behind);
    }

    private Address counter() {
        Address rounds = Address.of(code.slot(8, 8, "rounds"));
        fn.memory.storeScalar(rounds, code.constant(Int.I64, 0));
        return rounds;
    }

    /** Goes on while fewer than {@code limit} rounds are done; else what is to be done then, and behind the loop. */
    private void limit(Value done, long limit, @Nullable TypedBlock exhausted, Label behind) {
        Label spent = exhausted == null ? behind : fn.detour(() -> fn.statements.block(exhausted, behind));
        fn.require(code.compare(CompareOp.ULT, done, code.constant((Int) done.type(), limit)), spent);
    }

    void lower(TypedStmt.For loop) {
        Type type = loop.variable().type();
        Int width = Shape.integer(type);
        boolean signed = Shape.signed(type);
        Value from = fn.expressions.value(loop.from());
        Value to = fn.expressions.value(loop.to());
        fn.at(loop.span());
        boolean limited = loop.limit() != TypedStmt.NO_LIMIT;
        if (!limited && !fn.test && !hasAtMost(MOST_ROUNDS, loop)) {
            claimRounds(loop, from, to);
        }
        // Counted in at least 32 bits: a machine without narrower arithmetic would have to cut the counter in every
        // round,
        // and whoever has to show that the loop ends would have to see through that.
        // Signed ones in 64: below zero the steps of 32 bits are not those of the register that holds them.
        Int counted = signed ? Int.I64 : width.bits() < 32 ? Int.I32 : width;
        ConvertOp widening = signed ? ConvertOp.SEXT : ConvertOp.ZEXT;
        Value first = code.resize(from, counted, widening);
        Value last = code.resize(to, counted, widening);
        Address counter =
                Address.of(code.slot(counted.bytes(), 8, loop.variable().name()));
        fn.memory.storeScalar(counter, first);
        Label head = code.newBlock();
        Label next = code.newBlock();
        Label behind = code.newBlock();
        code.jump(head);
        code.switchTo(head);
        Value now = load(counter, counted);
        fn.require(code.compare(signed ? CompareOp.SLT : CompareOp.ULT, now, last), behind);
        // The rounds done are the way that the variable has come: no counter of its own. A width that cannot count to
        // the
        // limit cannot reach it either.
        if (limited && !hasAtMost(loop.limit(), loop) && (width.bits() == 64 || loop.limit() <= width.mask())) {
            limit(code.binary(BinaryOp.SUB, now, first), loop.limit(), loop.exhausted(), behind);
        }
        fn.define(loop.variable(), new Operand.Scalar(code.resize(now, width)));
        open.put(loop.loop(), new Ends(behind, next, fn.pending.depth()));
        fn.statements.block(loop.body(), next);
        code.switchTo(next);
        fn.at(loop.span());
        fn.memory.storeScalar(counter, code.binary(BinaryOp.ADD, load(counter, counted), code.constant(counted, 1)));
        code.jump(head);
        code.switchTo(behind);
    }

    private Value load(Address counter, Int width) {
        return fn.memory.loadNumber(width, counter, ByteOrder.LITTLE);
    }

    /** Whether constant bounds already say that there are at most so many rounds. */
    private static boolean hasAtMost(long limit, TypedStmt.For loop) {
        if (loop.from() instanceof TypedExpr.Value(Constant.Number from, Type type, var _)
                && loop.to() instanceof TypedExpr.Value(Constant.Number to, Type _, var _)) {
            Int width = Shape.integer(type);
            boolean none = (Shape.signed(type) ? CompareOp.SGE : CompareOp.UGE).test(width, from.bits(), to.bits());
            return none || Long.compareUnsigned(width.truncate(to.bits() - from.bits()), limit) <= 0;
        }
        return false;
    }

    /**
     * States that there are few rounds, in a form that intervals can decide. Unsigned: {@code to - from} if {@code from} is
     * a constant and not above {@code to}; else it is enough that {@code to} is small. Signed: the difference in 64 bits,
     * where it cannot wrap, if it is positive.
     */
    private void claimRounds(TypedStmt.For loop, Value from, Value to) {
        Type type = loop.variable().type();
        int site = fn.object.site(ProofSite.Kind.ROUNDS, loop.to().span(), MOST_ROUNDS);
        Value rounds;
        if (Shape.signed(type)) {
            Value difference =
                    code.binary(BinaryOp.SUB, fn.expressions.wide(to, type), fn.expressions.wide(from, type));
            Value zero = code.constant(Int.I64, 0);
            Value positive = code.compare(CompareOp.SGT, difference, zero);
            rounds = code.emit(new Operation.Select(positive, difference, zero));
        } else if (loop.from() instanceof TypedExpr.Value) {
            Value above = code.compare(CompareOp.UGT, to, from);
            Value last = code.emit(new Operation.Select(above, to, from));
            rounds = code.binary(BinaryOp.SUB, code.resize(last, Int.I64), code.resize(from, Int.I64));
        } else {
            rounds = code.resize(to, Int.I64);
        }
        code.emit(new Operation.Prove(rounds, MOST_ROUNDS + 1, site));
    }
}
