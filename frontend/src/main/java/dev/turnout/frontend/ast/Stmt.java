package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement. */
public sealed interface Stmt extends Ast {
    /** {@code { … }}: a scope. */
    record Block(List<Stmt> statements, Span span) implements Otherwise {
        public Block {
            statements = List.copyOf(statements);
        }
    }

    /**
     * {@code let x: T = e else return;}
     *
     * @param otherwise what runs, and must leave, when the value is null; a jump without braces is a block of one
     */
    record Let(
            List<Attribute> attributes,
            Name name,
            @Nullable TypeExpr type,
            Expr value,
            @Nullable Block otherwise,
            Span span)
            implements Stmt {
        public Let {
            attributes = List.copyOf(attributes);
        }
    }

    /**
     * {@code var x: T = e;} A type or a value, or both, are there.
     *
     * @param value absent: zero
     * @param otherwise as in {@link Let}; only with a value
     */
    record Var(
            List<Attribute> attributes,
            Name name,
            @Nullable TypeExpr type,
            @Nullable Expr value,
            @Nullable Block otherwise,
            Span span)
            implements Stmt {
        public Var {
            attributes = List.copyOf(attributes);
        }
    }

    /** {@code if likely (c) { … } else …} */
    record If(
            Hint hint,
            Condition condition,
            Block then,
            @Nullable Otherwise otherwise,
            Span span) implements Otherwise {}

    /** What may stand behind the {@code else} of an {@code if}: another one, or a block. */
    sealed interface Otherwise extends Stmt {}

    /**
     * {@code label: switch (v) limit 8 { … } exhausted { … }}
     *
     * @param label the target of {@code continue :label} and {@code break :label}
     * @param limit how many back edges are taken
     * @param exhausted what runs instead of the next one
     */
    record Switch(
            List<Attribute> attributes,
            @Nullable Name label,
            Expr operand,
            @Nullable Expr limit,
            List<Arm> arms,
            @Nullable Block exhausted,
            Span span)
            implements Stmt {
        public Switch {
            attributes = List.copyOf(attributes);
            arms = List.copyOf(arms);
        }
    }

    /**
     * One arm of a switch in statement form.
     *
     * @param body {@link Block}, {@link Jump}, {@link Expression}, {@link Assign} or {@link Switch}
     */
    record Arm(Cases cases, Stmt body, Span span) implements Ast {}

    /**
     * {@code while (c) limit 8 { … } exhausted { … }}
     *
     * @param limit how many times the body runs at most
     * @param exhausted what runs if the condition still holds then
     */
    record While(
            List<Attribute> attributes,
            @Nullable Name label,
            Condition condition,
            @Nullable Expr limit,
            Block body,
            @Nullable Block exhausted,
            Span span)
            implements Stmt {
        public While {
            attributes = List.copyOf(attributes);
        }
    }

    /**
     * {@code for (i in from..to) limit 8 { … } exhausted { … }}
     *
     * @param to excluded
     * @param limit how many times the body runs at most
     * @param exhausted what runs if values are left then
     */
    record For(
            List<Attribute> attributes,
            @Nullable Name label,
            Name name,
            Expr from,
            Expr to,
            @Nullable Expr limit,
            Block body,
            @Nullable Block exhausted,
            Span span)
            implements Stmt {
        public For {
            attributes = List.copyOf(attributes);
        }
    }

    /** {@code static_branch unlikely (key) { … } else { … }} */
    record StaticBranch(
            List<Attribute> attributes,
            Hint hint,
            Path key,
            Block then,
            @Nullable Block otherwise,
            Span span) implements Stmt {
        public StaticBranch {
            attributes = List.copyOf(attributes);
        }
    }

    /** {@code static_switch (key) { .a => …, }} */
    record StaticSwitch(List<Attribute> attributes, Path key, List<Arm> arms, Span span) implements Stmt {
        public StaticSwitch {
            attributes = List.copyOf(attributes);
            arms = List.copyOf(arms);
        }
    }

    /** {@code lock (b.guard) { … }} */
    record Lock(Expr lock, Block body, Span span) implements Stmt {}

    /** {@code tail t[i] else { … }}: control comes back only through the block. */
    record Tail(Expr target, Block otherwise, Span span) implements Stmt {}

    /** {@code defer f(x);} */
    record Defer(Expr call, Span span) implements Stmt {}

    /** {@code place += value;} */
    record Assign(Expr place, AssignOp op, Expr value, Span span) implements Stmt {}

    /** {@code f(x);} Whether the expression may stand alone is for the checker. */
    record Expression(Expr value, Span span) implements Stmt {}

    /** A statement that control does not pass. */
    sealed interface Jump extends Stmt {}

    /** {@code return e;} */
    record Return(@Nullable Expr value, Span span) implements Jump {}

    /** {@code break :label;} Without a label the innermost loop is meant. */
    record Break(@Nullable Name label, Span span) implements Jump {}

    /**
     * {@code continue :label operand;}
     *
     * @param label absent: the innermost loop
     * @param operand what a labelled switch dispatches on again; only with a label
     */
    record Continue(@Nullable Name label, @Nullable Expr operand, Span span) implements Jump {}

    /** {@code fallthrough;} to the next arm of the source. */
    record Fallthrough(Span span) implements Jump {}
}
