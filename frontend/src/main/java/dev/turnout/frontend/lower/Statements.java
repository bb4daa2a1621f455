package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Terminator.Hint;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;

/** Statements. After one that does not come to its end the builder has no open block, and the rest is passed over. */
final class Statements {
    private static final dev.turnout.ir.model.Type NOTHING = dev.turnout.ir.model.Type.Void.VOID;

    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Statements(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    void block(TypedBlock block) {
        int depth = fn.pending.depth();
        for (TypedStmt statement : block.statements()) {
            if (!code.isOpen()) {
                break;
            }
            lower(statement);
        }
        if (code.isOpen()) {
            fn.pending.run(depth);
        }
        fn.pending.forget(depth);
    }

    /** The block, and on to {@code next} from its end; says whether it has one. */
    boolean block(TypedBlock block, Label next) {
        block(block);
        boolean open = code.isOpen();
        if (open) {
            code.jump(next);
        }
        return open;
    }

    private void lower(TypedStmt statement) {
        fn.at(statement.span());
        switch (statement) {
            case TypedStmt.Define define -> {
                if (Shape.of(define.local().type()) == Shape.MEMORY) {
                    // Computed before the name is bound, into memory that the value cannot see.
                    fn.expressions.into(define.value(), fn.reserve(define.local()));
                } else {
                    fn.define(define.local(), fn.expressions.lower(define.value()));
                }
            }
            case TypedStmt.DefineOrElse define -> {
                Label absent = code.newBlock();
                Label present = code.newBlock();
                fn.define(define.local(), fn.nullables.unwrap(define.nullable(), absent));
                code.jump(present);
                code.switchTo(absent);
                block(define.otherwise(), present);
                code.switchTo(present);
            }
            case TypedStmt.Assign assign -> assign(assign);
            case TypedStmt.Update update -> {
                Places.Located target = fn.places.locate(update.target());
                Value operand = fn.expressions.value(update.value());
                fn.at(update.span());
                Value before = fn.places.read(target).value();
                fn.places.write(target, new Operand.Scalar(code.binary(update.op(), before, operand)));
            }
            case TypedStmt.MapStore store -> fn.maps.store(store);
            case TypedStmt.Evaluate evaluate -> drop(evaluate.value());
            case TypedStmt.If choice -> choose(choice);
            case TypedStmt.While loop -> fn.loops.lower(loop);
            case TypedStmt.For loop -> fn.loops.lower(loop);
            case TypedStmt.Switch choice -> fn.switches.statement(choice.body());
            case TypedStmt.Labelled choice -> fn.labelled.statement(choice);
            case TypedStmt.Redispatch jump -> fn.labelled.redispatch(jump);
            case TypedStmt.StaticBranch branch -> staticBranch(branch);
            case TypedStmt.StaticSwitch choice -> fn.switches.staticSwitch(choice);
            case TypedStmt.Return leave -> fn.returns(leave.value());
            case TypedStmt.Tail tail -> tail(tail);
            case TypedStmt.Defer defer -> fn.pending.add(() -> fn.expressions.lower(defer.call()));
            case TypedStmt.Lock lock -> lock(lock);
            case TypedStmt.Break leave -> {
                fn.pending.run(fn.loops.depth(leave.loop()));
                code.jump(fn.loops.behind(leave.loop()));
            }
            case TypedStmt.Continue next -> {
                fn.pending.run(fn.loops.depth(next.loop()));
                code.jump(fn.loops.next(next.loop()));
            }
            case TypedStmt.Block inner -> block(inner.body());
        }
    }

    /**
     * A value that lives in memory is computed beside its target first, where the computation may read the target: {@code s
     * = S{ a = s.b, b = s.a };}.
     */
    private void assign(TypedStmt.Assign assign) {
        Places.Located target = fn.places.locate(assign.target());
        TypedExpr value = assign.value();
        if (Shape.of(value.type()) == Shape.MEMORY && target instanceof Places.Located.Cell(Address at, Type type)) {
            if (value instanceof TypedExpr.Value || value instanceof TypedExpr.Load) {
                fn.expressions.into(value, at);
            } else {
                Address slot = fn.slot(type, "tmp");
                fn.expressions.into(value, slot);
                fn.copies.copy(type, slot, at);
            }
            return;
        }
        Operand operand = fn.expressions.lower(value);
        fn.at(assign.span());
        fn.places.write(target, operand);
    }

    private void drop(TypedExpr value) {
        if (value.type() instanceof Type.Maybe && Shape.of(value.type()) != Shape.MEMORY) {
            // A dropped nullable is a test whose outcome nobody asks for: no null need be made.
            Label next = code.newBlock();
            fn.nullables.unwrap(value, next);
            code.jump(next);
            code.switchTo(next);
        } else {
            fn.expressions.lower(value);
        }
    }

    private void choose(TypedStmt.If choice) {
        Label otherwise = code.newBlock();
        Label next = code.newBlock();
        fn.expressions.condition(choice.condition(), otherwise, choice.hint());
        boolean reached = block(choice.then(), next);
        code.switchTo(otherwise);
        reached |= block(choice.otherwise(), next);
        continueAt(next, reached);
    }

    /** Goes on at a block, unless nothing comes to it. */
    void continueAt(Label next, boolean reached) {
        if (reached) {
            code.switchTo(next);
        }
    }

    /** The lock is found once: what the block does cannot move it. */
    private void lock(TypedStmt.Lock lock) {
        Value guard = fn.memory.pointer(fn.places.address(lock.guard()));
        fn.at(lock.span());
        Location at = code.at();
        fn.expressions.helper("spin_lock", NOTHING, guard);
        int depth = fn.pending.depth();
        fn.pending.add(() -> {
            code.at(at);
            fn.expressions.helper("spin_unlock", NOTHING, guard);
        });
        boolean outer = fn.underLock(true);
        block(lock.body());
        fn.underLock(outer);
        if (code.isOpen()) {
            fn.pending.run(depth);
        }
        fn.pending.forget(depth);
    }

    /** Where the program goes on as another one, nothing here does: what stands behind is reached from the miss alone. */
    private void tail(TypedStmt.Tail tail) {
        Value context = fn.expressions.value(tail.context());
        Value index = code.resize(fn.expressions.value(tail.index()), Int.I32);
        fn.at(tail.span());
        Label miss = code.newBlock();
        code.terminate(new Terminator.TailCall(context, fn.maps.map(tail.table()), index, Target.to(miss)));
        code.switchTo(miss);
        block(tail.otherwise());
    }

    private void staticBranch(TypedStmt.StaticBranch branch) {
        Label on = code.newBlock();
        Label off = code.newBlock();
        Label next = code.newBlock();
        Hint hint = branch.hint();
        code.terminate(new Terminator.StaticBranch(
                branch.key().linkName(), Target.to(on), Target.to(off), hint, branch.patched()));
        code.switchTo(on);
        boolean reached = block(branch.then(), next);
        code.switchTo(off);
        reached |= block(branch.otherwise(), next);
        continueAt(next, reached);
    }
}
