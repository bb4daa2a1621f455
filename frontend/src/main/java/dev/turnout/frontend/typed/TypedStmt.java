package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Terminator.Hint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement. */
public sealed interface TypedStmt {
    Span span();

    /** {@code let} or {@code var}; a {@code var x: T;} has its zero as the value. */
    record Define(Symbol.Local local, TypedExpr value, Span span) implements TypedStmt {}

    /** {@code let x = nullable else …}: the block does not reach its end. */
    record DefineOrElse(Symbol.Local local, TypedExpr nullable, TypedBlock otherwise, Span span) implements TypedStmt {}

    /** {@code place = value}: the place is found first, then the value. */
    record Assign(Place target, TypedExpr value, Span span) implements TypedStmt {}

    /**
     * {@code place op= value}: finds the place, evaluates the value, loads, computes in the type that the place reads as,
     * stores (a bit field keeps the low bits).
     */
    record Update(Place target, BinaryOp op, TypedExpr value, Span span) implements TypedStmt {}

    /** {@code m[k] = v}: key, value, store; failure is ignored. */
    record MapStore(MapOperand map, TypedExpr key, TypedExpr value, Span span) implements TypedStmt {}

    /** A call whose result is dropped; or {@code let _ = e;}. */
    record Evaluate(TypedExpr value, Span span) implements TypedStmt {}

    /** {@code otherwise} is empty if there is no {@code else}. */
    record If(Condition condition, Hint hint, TypedBlock then, TypedBlock otherwise, Span span) implements TypedStmt {}

    /** Limits of loops that state none: in tests, and where the bound is evident. */
    long NO_LIMIT = -1;

    /**
     * {@code while}.
     *
     * @param limit most rounds, or {@link #NO_LIMIT}
     * @param exhausted runs if the condition still holds after {@code limit} rounds; null to go on behind the loop
     */
    record While(
            Loop loop,
            Condition condition,
            long limit,
            TypedBlock body,
            @Nullable TypedBlock exhausted,
            Span span) implements TypedStmt {}

    /**
     * {@code for (variable in from..to)}: bounds evaluated once, {@code to} excluded; all three of one integer type.
     *
     * @param limit most rounds, or {@link #NO_LIMIT}: lowering then states the claim that there are at most 65,536
     */
    record For(
            Loop loop,
            Symbol.Local variable,
            TypedExpr from,
            TypedExpr to,
            long limit,
            TypedBlock body,
            @Nullable TypedBlock exhausted,
            Span span)
            implements TypedStmt {}

    /** A switch in statement form. */
    record Switch(TypedSwitch body, Span span) implements TypedStmt {}

    /**
     * A labelled switch. The first {@code limit} counted edges are taken; instead of the next one {@code exhausted} runs.
     *
     * @param label by which the arms name it
     * @param shared whether all computed dispatches are to be one piece of code
     * @param limit most counted edges, or {@link #NO_LIMIT}: there are none, or it stands in a test
     * @param exhausted null to go on behind the statement
     */
    record Labelled(
            Loop label,
            TypedSwitch body,
            boolean shared,
            long limit,
            @Nullable TypedBlock exhausted,
            Span span) implements TypedStmt {}

    /** In {@link Redispatch}: the arm is found out at run time. */
    int COMPUTED = -1;

    /**
     * {@code continue :label value}: leaves the arm and chooses again.
     *
     * @param value of the type of the switch's operand
     * @param arm index of the arm that a constant value chooses, or {@link #COMPUTED}
     * @param counted whether it is a back edge, which the limit counts: to its own arm or one before it, or computed
     */
    record Redispatch(Loop label, TypedExpr value, int arm, boolean counted, Span span) implements TypedStmt {}

    /** {@code static_branch}: the hint is resolved (by the initial value if none was written). */
    record StaticBranch(Symbol.Key key, Hint hint, TypedBlock then, TypedBlock otherwise, boolean patched, Span span)
            implements TypedStmt {}

    /**
     * {@code static_switch}: arms as of a {@link TypedSwitch} in statement form over the key's enum.
     *
     * @param exhaustive whether the arms cover every member
     */
    record StaticSwitch(Symbol.Key key, List<TypedSwitch.Arm> arms, boolean exhaustive, boolean patched, Span span)
            implements TypedStmt {
        public StaticSwitch {
            arms = List.copyOf(arms);
        }
    }

    /** {@code return}; no value in a {@code void} function, and in a {@code ?void} one for "present". */
    record Return(@Nullable TypedExpr value, Span span) implements TypedStmt {}

    /**
     * {@code tail t[i] else { … }}: goes on as the program at an index of a {@code prog_array}; through {@code otherwise} if
     * there is none, and then behind it.
     *
     * @param context what the program is given: the context of this one
     */
    record Tail(Symbol.MapSymbol table, TypedExpr index, TypedExpr context, TypedBlock otherwise, Span span)
            implements TypedStmt {}

    /** {@code defer f(x);}: whenever control leaves the block that this stands in, the call is made; the last one first. */
    record Defer(TypedExpr call, Span span) implements TypedStmt {}

    /** {@code lock (b.guard) { … }}: the place is found once; the lock is released however control leaves the block. */
    record Lock(Place guard, TypedBlock body, Span span) implements TypedStmt {}

    record Break(Loop loop, Span span) implements TypedStmt {}

    record Continue(Loop loop, Span span) implements TypedStmt {}

    record Block(TypedBlock body, Span span) implements TypedStmt {}
}
