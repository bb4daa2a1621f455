package dev.turnout.frontend.typed;

import org.jspecify.annotations.Nullable;

/**
 * Goes through typed code in the order in which it is evaluated, every part once, whatever ways control takes. Who looks for
 * something overrides the method for its kind and calls {@code super} for what lies inside. Not thread-safe.
 */
public abstract class TypedWalk {
    private Parts parts() {
        return new Parts(this::expression, this::place);
    }

    /** The statements of a block. */
    public void block(TypedBlock block) {
        block.statements().forEach(this::statement);
    }

    private void blockIfAny(@Nullable TypedBlock block) {
        if (block != null) {
            block(block);
        }
    }

    /** A statement with all that is in it. */
    public void statement(TypedStmt statement) {
        switch (statement) {
            case TypedStmt.Define one -> expression(one.value());
            case TypedStmt.DefineOrElse one -> {
                expression(one.nullable());
                block(one.otherwise());
            }
            case TypedStmt.Assign one -> {
                place(one.target());
                expression(one.value());
            }
            case TypedStmt.Update one -> {
                place(one.target());
                expression(one.value());
            }
            case TypedStmt.MapStore one -> {
                parts().map(one.map());
                expression(one.key());
                expression(one.value());
            }
            case TypedStmt.Evaluate one -> expression(one.value());
            case TypedStmt.If one -> {
                condition(one.condition());
                block(one.then());
                block(one.otherwise());
            }
            case TypedStmt.While one -> {
                condition(one.condition());
                block(one.body());
                blockIfAny(one.exhausted());
            }
            case TypedStmt.For one -> {
                expression(one.from());
                expression(one.to());
                block(one.body());
                blockIfAny(one.exhausted());
            }
            case TypedStmt.Switch one -> choice(one.body());
            case TypedStmt.Labelled one -> {
                choice(one.body());
                blockIfAny(one.exhausted());
            }
            case TypedStmt.Redispatch one -> expression(one.value());
            case TypedStmt.StaticBranch one -> {
                block(one.then());
                block(one.otherwise());
            }
            case TypedStmt.StaticSwitch one -> one.arms().forEach(this::arm);
            case TypedStmt.Return one -> expressionIfAny(one.value());
            case TypedStmt.Tail one -> {
                expression(one.context());
                expression(one.index());
                block(one.otherwise());
            }
            case TypedStmt.Defer one -> expression(one.call());
            case TypedStmt.Lock one -> {
                place(one.guard());
                block(one.body());
            }
            case TypedStmt.Break _, TypedStmt.Continue _ -> {}
            case TypedStmt.Block one -> block(one.body());
        }
    }

    private void choice(TypedSwitch choice) {
        expression(choice.operand());
        choice.arms().forEach(this::arm);
    }

    private void arm(TypedSwitch.Arm arm) {
        block(arm.body());
        expressionIfAny(arm.value());
    }

    /** What an {@code if} or a loop decides by. */
    public void condition(Condition condition) {
        switch (condition) {
            case Condition.Test test -> expression(test.value());
            case Condition.Binding binding -> expression(binding.nullable());
        }
    }

    private void expressionIfAny(@Nullable TypedExpr expr) {
        if (expr != null) {
            expression(expr);
        }
    }

    /** An expression with all that is in it. */
    public void expression(TypedExpr expr) {
        parts().of(expr);
        switch (expr) {
            case TypedExpr.Logical one -> expression(one.right());
            case TypedExpr.OrElse one -> expression(one.otherwise());
            case TypedExpr.If one -> {
                condition(one.condition());
                expression(one.then());
                expression(one.otherwise());
            }
            case TypedExpr.SwitchValue one -> choice(one.body());
            case TypedExpr.Core _, Builtin _, RingOperation _, TestOperation _ -> {}
        }
    }

    /** A place with all that finding it evaluates. */
    public void place(Place place) {
        parts().of(place);
    }
}
