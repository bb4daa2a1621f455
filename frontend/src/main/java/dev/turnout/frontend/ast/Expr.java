package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import java.math.BigInteger;
import java.util.List;

/** An expression. */
public sealed interface Expr extends Ast {
    /**
     * A number, units applied: {@code 0xff}, {@code 64K}, {@code 5ms} (in nanoseconds).
     *
     * @param value exact, not negative
     */
    record Int(BigInteger value, Span span) implements Expr {
        public Int {
            if (value.signum() < 0) {
                throw new IllegalArgumentException("a literal has no sign");
            }
        }
    }

    /**
     * {@code 192.0.2.1}.
     *
     * @param value the address as a number in the usual order: the first part is the most significant byte
     */
    record Address(int value, Span span) implements Expr {}

    /**
     * {@code "text"}, escapes resolved.
     *
     * @param bytes one character, 0 to 255, for each byte; what was written outside ASCII is its UTF-8
     */
    record Str(String bytes, Span span) implements Expr {}

    /**
     * {@code 'a'}.
     *
     * @param value 0 to 255
     */
    record Char(int value, Span span) implements Expr {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value, Span span) implements Expr {}

    /** {@code null}. */
    record Null(Span span) implements Expr {}

    /** A name of a value, a function, or (as an argument, before a dot or brackets) a type. */
    record Ref(Path path) implements Expr {
        @Override
        public Span span() {
            return path.span();
        }
    }

    /** {@code .drop}: a member of the enum that is wanted here. */
    record Member(Name name, Span span) implements Expr {}

    /** {@code Job{ bytes = 3, rule = r }}; fields left out are zero. */
    record StructLiteral(Path type, List<FieldInit> fields, Span span) implements Expr {
        public StructLiteral {
            fields = List.copyOf(fields);
        }
    }

    /** {@code name = value} in a struct literal. */
    record FieldInit(Name name, Expr value, Span span) implements Ast {}

    /** {@code [a, b, c]}. */
    record ArrayLiteral(List<Expr> elements, Span span) implements Expr {
        public ArrayLiteral {
            elements = List.copyOf(elements);
        }
    }

    /** {@code [value; count]}. */
    record Repeat(Expr value, Expr count, Span span) implements Expr {}

    /**
     * {@code (s.f)} before arguments: what the field holds is called. Parentheses that only group leave no trace.
     *
     * @param inner a field
     */
    record Parens(Expr inner, Span span) implements Expr {}

    /** {@code target.name}. */
    record Field(Expr target, Name name, Span span) implements Expr {}

    /** {@code callee(arguments)}; with a {@link Field} as callee it may be a method call. */
    record Call(Expr callee, List<Expr> arguments, Span span) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code target[index]}. */
    record Index(Expr target, Expr index, Span span) implements Expr {}

    /** {@code value?}: unwraps, or leaves the function. */
    record Try(Expr value, Span span) implements Expr {}

    /** {@code -x}, {@code *p}, {@code &x}. */
    record Unary(UnaryOp op, Expr operand, Span span) implements Expr {}

    /**
     * {@code a + b}, {@code a && b}, {@code a orelse b}.
     *
     * @param opSpan the operator alone
     */
    record Binary(BinaryOp op, Expr left, Expr right, Span opSpan, Span span) implements Expr {}

    /** {@code if (c) a else b}. */
    record If(Condition condition, Expr then, Expr otherwise, Span span) implements Expr {}

    /** A switch in value form. */
    record Switch(List<Attribute> attributes, Expr operand, List<Arm> arms, Span span) implements Expr {
        public Switch {
            attributes = List.copyOf(attributes);
            arms = List.copyOf(arms);
        }
    }

    /** One arm of a switch in value form. */
    record Arm(Cases cases, Result result, Span span) implements Ast {}

    /** What an arm in value form comes to. */
    sealed interface Result {
        /** The value of the switch. */
        record Yields(Expr value) implements Result {}

        /** A {@link Stmt.Jump}, or a {@link Stmt.Block} whose end cannot be reached. */
        record Leaves(Stmt way) implements Result {}
    }

    /** Something that is no expression, and has been reported. */
    record Invalid(Span span) implements Expr {}
}
