package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Condition;
import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loops and what leaves them. Which {@code for} ends by itself is proven on SSA; here only what must be written is. */
final class Loops {
    /** A loop or labelled switch around the current statement. */
    private static final class Frame {
        private final Loop loop;
        private final @Nullable SwitchLabel choice;
        private boolean broken;

        private Frame(Loop loop, @Nullable SwitchLabel choice) {
            this.loop = loop;
            this.choice = choice;
        }

        private Frame(Loop loop) {
            this(loop, null);
        }
    }

    private final Body body;
    private final List<Frame> open = new ArrayList<>();

    Loops(Body body) {
        this.body = body;
    }

    private static Loop loop(@Nullable Name label) {
        return new Loop(label == null ? null : label.text());
    }

    /** Makes a labelled switch one of the things that jumps can name. */
    void open(SwitchLabel choice) {
        open.add(new Frame(choice.label(), choice));
    }

    /** Ends what {@link #open} began; whether some {@code break} left it. */
    boolean close() {
        return open.removeLast().broken;
    }

    long limit(@Nullable Expr written, String of) {
        if (written == null) {
            return TypedStmt.NO_LIMIT;
        }
        BigInteger number = body.constantNumber(written, "the limit of " + of);
        if (number == null) {
            return 0;
        }
        if (number.signum() < 0 || number.bitLength() > 32) {
            body.report(
                    written.span(), DiagnosticCode.E0302, "the limit of " + of + " is 0 to 4294967295, not " + number);
            return 0;
        }
        return number.longValue();
    }

    private @Nullable TypedBlock exhausted(Stmt.@Nullable Block written, @Nullable Expr limit) {
        if (written == null) {
            return null;
        }
        TypedBlock block = body.statements().block(written);
        if (limit == null) {
            body.report(at(written.span(), DiagnosticCode.E0325, "`exhausted` never runs: this loop states no `limit`")
                    .withHelp("write `limit n` before the body"));
        }
        return block;
    }

    Statements.Flow whileLoop(Stmt.While written) {
        Attributes.none(body.compilation(), written.attributes(), "a `while`");
        Expr limitWritten = written.limit();
        if (limitWritten == null && !body.isTest()) {
            body.report(at(
                            new Span(
                                    written.span().file(),
                                    written.span().start(),
                                    written.condition().span().end()),
                            DiagnosticCode.E0325,
                            "a `while` states how often it runs at most")
                    .withNote("a program must end, and nothing else bounds this loop")
                    .withHelp("write `while (…) limit 100 { … }`; `exhausted { … }` behind it runs when the limit is"
                            + " reached"));
        }
        long limit = limit(limitWritten, "a loop");
        Frame frame = new Frame(loop(written.label()));
        body.scope().open();
        Condition condition = body.expressions().condition(written.condition());
        open.add(frame);
        TypedBlock inner = body.statements().block(written.body());
        open.removeLast();
        body.scope().close();
        TypedBlock exhausted = exhausted(written.exhausted(), limitWritten);
        boolean runsOut = limit != TypedStmt.NO_LIMIT && (exhausted == null || exhausted.endReachable());
        boolean goesOn = !isTrue(condition) || frame.broken || runsOut;
        return new Statements.Flow(
                new TypedStmt.While(frame.loop, condition, limit, inner, exhausted, written.span()), goesOn);
    }

    private static boolean isTrue(Condition condition) {
        return condition instanceof Condition.Test test
                && test.value() instanceof TypedExpr.Value value
                && value.value() instanceof Constant.Number number
                && number.bits() != 0;
    }

    Statements.Flow forLoop(Stmt.For written) {
        Attributes.none(body.compilation(), written.attributes(), "a `for`");
        Operand from = body.expressions().check(written.from(), null);
        Operand to = body.expressions().check(written.to(), Coercions.typeOf(from));
        Type type = body.expressions().operators().common(from, to, null);
        if (type == null) {
            body.expressions()
                    .operators()
                    .reportNoCommonType(
                            written.from().span().to(written.to().span()), from, to, "the bounds of this `for`");
            type = Type.Poison.POISON;
        }
        TypedExpr first = body.coercions().to(from, type, "the lower bound");
        TypedExpr last = body.coercions().to(to, type, "the upper bound");
        if (!(type instanceof Type.Int) && !type.poisoned()) {
            Diagnostic diagnostic = at(
                    written.from().span().to(written.to().span()),
                    DiagnosticCode.E0301,
                    "the bounds of a `for` are integers, not `" + type + "`");
            body.report(
                    type instanceof Type.BigEndian ? diagnostic.withHelp("write `.host()` behind them") : diagnostic);
            type = Type.Poison.POISON;
        }
        long limit = limit(written.limit(), "a loop");
        Frame frame = new Frame(loop(written.label()));
        body.scope().open();
        Symbol.Local variable = body.expressions().nulls().define(written.name(), type, Symbol.LocalKind.LOOP);
        open.add(frame);
        TypedBlock inner = body.statements().block(written.body());
        open.removeLast();
        body.scope().close();
        TypedBlock exhausted = exhausted(written.exhausted(), written.limit());
        if (type.poisoned() || first.type().poisoned() || last.type().poisoned()) {
            return Statements.Flow.NOTHING;
        }
        return Statements.Flow.on(
                new TypedStmt.For(frame.loop, variable, first, last, limit, inner, exhausted, written.span()));
    }

    Statements.Flow leave(Stmt.Break written) {
        Frame frame = find(written.label(), "break", written.span());
        if (frame == null) {
            return body.statements().abandon();
        }
        frame.broken = true;
        return Statements.Flow.leaves(new TypedStmt.Break(frame.loop, written.span()));
    }

    Statements.Flow next(Stmt.Continue written) {
        Expr operand = written.operand();
        Frame frame = find(written.label(), "continue", written.span());
        if (frame == null) {
            return body.statements().abandon();
        }
        SwitchLabel choice = frame.choice;
        if (choice != null && operand != null) {
            return choice.redispatch(written, operand);
        }
        if (choice == null && operand == null) {
            return Statements.Flow.leaves(new TypedStmt.Continue(frame.loop, written.span()));
        }
        String name = "`" + frame.loop.label() + "`";
        body.report(
                operand == null
                        ? at(written.span(), DiagnosticCode.E0339, name + " is a `switch`, and chooses by a value")
                                .withHelp("write `continue :" + frame.loop.label() + " value`; `break :"
                                        + frame.loop.label() + "` leaves it")
                        : at(operand.span(), DiagnosticCode.E0339, name + " is a loop, and takes no value")
                                .withHelp("write `continue :" + frame.loop.label() + ";`"));
        return body.statements().abandon();
    }

    private @Nullable Frame find(@Nullable Name label, String word, Span span) {
        if (label == null) {
            for (int i = open.size() - 1; i >= 0; i--) {
                if (open.get(i).choice == null) {
                    return open.get(i);
                }
            }
            Diagnostic diagnostic = at(span, DiagnosticCode.E0324, "`" + word + "` outside a loop");
            body.report(
                    diagnostic.withNote("it means the innermost loop, never a `switch`, whose arms end by themselves"));
            return null;
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            if (label.text().equals(open.get(i).loop.label())) {
                return open.get(i);
            }
        }
        List<String> labels = new ArrayList<>();
        for (Frame frame : open) {
            String known = frame.loop.label();
            if (known != null) {
                labels.add(known);
            }
        }
        body.report(Compilation.suggest(
                at(
                        label.span(),
                        DiagnosticCode.E0214,
                        "no loop or `switch` around this is called `" + label.text() + "`"),
                label.text(),
                labels));
        return null;
    }
}
