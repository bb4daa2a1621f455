package dev.turnout.frontend.lower;

import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedSwitch;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Labelled switches. {@code continue :st w} is a jump to the arm if {@code w} is a constant. Every other one leaves the
 * number to choose by in one variable and jumps to one block, the <i>dispatch</i>, which does nothing but choose. That block
 * is copied to the ends of the jumps only when registers are known to hold what the arms expect: in SSA form each copy would
 * hand its own values to the arms, and no two could share a table.
 *
 * <p>What goes back is counted down in a variable of its own, from the limit; at zero it goes to {@code exhausted} instead.
 * A count that only falls, and is tested wherever it falls, is what a verifier can find by itself.
 */
final class LabelledSwitches {
    private final FunctionLowering fn;
    private final FunctionBuilder code;
    private final IdentityHashMap<Loop, Open> open = new IdentityHashMap<>();

    /**
     * A switch that is being lowered.
     *
     * @param arms a block an arm
     * @param left how many counted jumps are still allowed; null if nothing is counted
     * @param spent where the next one goes then
     */
    private record Open(
            TypedSwitch body,
            List<Label> arms,
            Dispatch dispatch,
            @Nullable Address left,
            @Nullable Label spent) {}

    /** The block that chooses, made when something first jumps to it. */
    private static final class Dispatch {
        private @Nullable Label block;
        private @Nullable Address selector;
        private @Nullable Int width;
        private Location at = Location.UNKNOWN;
    }

    LabelledSwitches(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    void statement(TypedStmt.Labelled choice) {
        TypedSwitch body = choice.body();
        Label behind = code.newBlock();
        Address left = null;
        Label spent = null;
        if (choice.limit() != TypedStmt.NO_LIMIT) {
            left = Address.of(code.slot(8, 8, "left"));
            fn.memory.storeScalar(left, code.constant(Int.I64, choice.limit()));
            TypedBlock exhausted = choice.exhausted();
            spent = exhausted == null ? behind : fn.detour(() -> fn.statements.block(exhausted, behind));
        }
        Operand operand = fn.expressions.lower(body.operand());
        fn.at(body.span());
        Open made = new Open(body, fn.switches.labels(body), new Dispatch(), left, spent);
        made.dispatch.at = code.at();
        open.put(choice.label(), made);
        fn.loops.open(choice.label(), behind);
        if (body.operand() instanceof TypedExpr.Value) {
            // Folding finds the arm; the dispatch must not exist for this alone.
            fn.switches.choose(body, fn.switches.selector(body, operand), made.arms, Terminator.Copies.FREE);
        } else {
            dispatch(made, fn.switches.selector(body, operand));
        }
        fn.switches.arms(body.arms(), made.arms, behind);
        finish(made, choice.shared() ? Terminator.Copies.ONE : Terminator.Copies.EACH);
        code.switchTo(behind);
    }

    void redispatch(TypedStmt.Redispatch jump) {
        Open choice = open.get(jump.label());
        if (choice == null) {
            throw new IllegalStateException("not in switch " + jump.label().label());
        }
        Value selector = null;
        if (jump.arm() == TypedStmt.COMPUTED) {
            selector = fn.switches.selector(choice.body, fn.expressions.lower(jump.value()));
            fn.at(jump.span());
        }
        fn.pending.run(fn.loops.depth(jump.label()));
        if (jump.counted()) {
            count(choice);
        }
        if (selector == null) {
            code.jump(choice.arms.get(jump.arm()));
        } else {
            dispatch(choice, selector);
        }
    }

    private void count(Open choice) {
        Address left = choice.left;
        Label spent = choice.spent;
        if (left == null || spent == null) {
            return;
        }
        Value now = fn.memory.loadNumber(Int.I64, left, ByteOrder.LITTLE);
        fn.require(code.compare(CompareOp.NE, now, code.constant(Int.I64, 0)), spent);
        fn.memory.storeScalar(left, code.binary(BinaryOp.SUB, now, code.constant(Int.I64, 1)));
    }

    private void dispatch(Open choice, Value selector) {
        Dispatch dispatch = choice.dispatch;
        if (dispatch.block == null) {
            Int width = (Int) selector.type();
            dispatch.block = code.newBlock();
            dispatch.selector = Address.of(code.slot(width.bytes(), 8, "selector"));
            dispatch.width = width;
        }
        fn.memory.storeScalar(java.util.Objects.requireNonNull(dispatch.selector), selector);
        code.jump(dispatch.block);
    }

    /** Behind the arms it is known whether anything dispatches at run time. */
    private void finish(Open choice, Terminator.Copies copies) {
        Dispatch dispatch = choice.dispatch;
        if (dispatch.block != null && dispatch.selector != null && dispatch.width != null) {
            code.switchTo(dispatch.block);
            code.at(dispatch.at);
            Value selector = fn.memory.loadNumber(dispatch.width, dispatch.selector, ByteOrder.LITTLE);
            fn.switches.choose(choice.body, selector, choice.arms, copies);
        }
    }
}
