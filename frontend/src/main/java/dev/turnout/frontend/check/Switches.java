package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Cases;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedSwitch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code switch} as statement and as value, and {@code static_switch}. */
final class Switches {
    private final Body body;

    Switches(Body body) {
        this.body = body;
    }

    private TypedExpr operand(Expr written) {
        TypedExpr operand = body.expressions().natural(written);
        Type type = operand.type();
        if (type.poisoned()) {
            return operand;
        }
        boolean bytes = type instanceof Type.Array array
                && array.element().equals(Type.Int.U8)
                && array.count() >= 1
                && array.count() <= 8;
        if (bytes
                || type instanceof Type.Int
                || type instanceof Type.BigEndian
                || type instanceof Type.Bool
                || type instanceof EnumType) {
            return operand;
        }
        if (type instanceof Type.Maybe maybe) {
            body.report(at(written.span(), DiagnosticCode.E0306, "this may be null, and a `switch` needs a value")
                    .labelled("this is " + Words.a(maybe))
                    .withHelp("unwrap it first: with `?`, `orelse`, `if (let x = …)`"));
        } else {
            Diagnostic diagnostic = at(
                            written.span(), DiagnosticCode.E0320, "a `switch` cannot decide by " + Words.a(type))
                    .withNote("it decides by integers, `be` numbers, `bool`, enums, and `[N]u8` of at most 8 bytes");
            body.report(
                    type instanceof Type.Ref
                            ? diagnostic.withHelp("write `*` before it for the value that it refers to")
                            : diagnostic);
        }
        return Coercions.poison(written.span());
    }

    Statements.Flow statement(Stmt.Switch written, Loops loops) {
        Name label = written.label();
        var form = Attributes.switchForm(body.compilation(), body.module(), written.attributes(), label != null);
        TypedExpr operand = operand(written.operand());
        if (label != null) {
            return labelled(written, new Loop(label.text()), form, operand, loops);
        }
        Expr limit = written.limit();
        if (limit != null) {
            body.report(at(limit.span(), DiagnosticCode.E0343, "a `switch` without a label goes back nowhere")
                    .withNote("a `limit` counts the times that `continue :label value` goes back")
                    .withHelp("give it a label, `st: switch (…) limit n`, or leave the limit out"));
        }
        Stmt.Block exhausted = written.exhausted();
        if (exhausted != null) {
            body.statements().block(exhausted);
            if (limit == null) {
                body.report(exhausted.span(), DiagnosticCode.E0325, "`exhausted` never runs: this states no `limit`");
            }
        }
        Arms arms = arms(written.arms(), operand.type(), written.operand().span(), null);
        TypedSwitch typed =
                new TypedSwitch(operand, arms.list, arms.exhaustive, form.demand(), form.maxEntries(), written.span());
        return new Statements.Flow(
                operand.type().poisoned() ? null : new TypedStmt.Switch(typed, written.span()), arms.goesOn);
    }

    private Statements.Flow labelled(
            Stmt.Switch written, Loop label, Attributes.SwitchForm form, TypedExpr operand, Loops loops) {
        Expr limitWritten = written.limit();
        long limit = loops.limit(limitWritten, "a `switch`");
        SwitchLabel choice = new SwitchLabel(body, label, operand.type(), form.direct());
        loops.open(choice);
        Arms arms = arms(written.arms(), operand.type(), written.operand().span(), choice);
        boolean broken = loops.close();
        Stmt.Block exhaustedWritten = written.exhausted();
        TypedBlock exhausted =
                exhaustedWritten == null ? null : body.statements().block(exhaustedWritten);
        checkLimit(written, choice.firstCounted(), operand.type().poisoned());
        boolean runsOut = limitWritten != null && (exhausted == null || exhausted.endReachable());
        TypedSwitch typed =
                new TypedSwitch(operand, arms.list, arms.exhaustive, form.demand(), form.maxEntries(), written.span());
        return new Statements.Flow(
                operand.type().poisoned()
                        ? null
                        : new TypedStmt.Labelled(label, typed, form.shared(), limit, exhausted, written.span()),
                arms.goesOn || broken || runsOut);
    }

    /** A limit is there exactly if there is something to count; tests need none. */
    private void checkLimit(Stmt.Switch written, @Nullable Span counted, boolean broken) {
        Expr limit = written.limit();
        Stmt.Block exhausted = written.exhausted();
        if (limit == null && counted != null && !body.isTest()) {
            body.report(at(counted, DiagnosticCode.E0325, "this goes back, and the `switch` states no `limit`")
                    .withLabel(written.operand().span(), "of this `switch`")
                    .withNote("a program must end: what goes to its own arm, to one before it, or to one that is found"
                            + " at run time is counted")
                    .withHelp("write `switch (…) limit 100 { … } exhausted { … }`"));
        } else if (limit == null && exhausted != null) {
            body.report(exhausted.span(), DiagnosticCode.E0325, "`exhausted` never runs: this states no `limit`");
        } else if (limit != null
                && counted == null
                && !broken
                && !body.compilation().hasErrors()) {
            body.report(at(limit.span(), DiagnosticCode.E0343, "nothing here goes back, so that nothing is counted")
                    .withNote("only a `continue` to its own arm, to one before it, or to one that is found at run time"
                            + " is")
                    .withHelp("leave the limit out"));
        }
    }

    Statements.Flow keyed(Stmt.StaticSwitch written, Symbol.Key key) {
        boolean patched = Attributes.patched(body.compilation(), written.attributes());
        if (key.type() instanceof Type.Bool) {
            body.report(at(
                            written.key().span(),
                            DiagnosticCode.E0337,
                            "`static_switch` takes a key of an enum, and `" + key.name() + "` is a `bool`")
                    .withHelp("write `static_branch (" + key.name() + ") { … } else { … }`"));
        }
        Arms arms = arms(written.arms(), key.type(), written.key().span(), null);
        for (TypedSwitch.Arm arm : arms.list) {
            if (arm.fallsThrough()) {
                body.report(
                        arm.span(),
                        DiagnosticCode.E0323,
                        "a `static_switch` has no `fallthrough`: its arms are one jump away");
            }
        }
        return new Statements.Flow(
                new TypedStmt.StaticSwitch(key, arms.list, arms.exhaustive, patched, written.span()), arms.goesOn);
    }

    private record Arms(List<TypedSwitch.Arm> list, boolean exhaustive, boolean goesOn) {}

    /** The arms; all patterns first, since {@code continue} may name an arm further down. */
    private Arms arms(List<Stmt.Arm> written, Type type, Span operandSpan, @Nullable SwitchLabel choice) {
        Patterns patterns = new Patterns(body, type);
        List<List<TypedSwitch.Range>> ranges = new ArrayList<>();
        int otherwise = -1;
        for (int i = 0; i < written.size(); i++) {
            ranges.add(patterns.add(written.get(i).cases()));
            otherwise = written.get(i).cases() instanceof Cases.Else ? i : otherwise;
        }
        if (choice != null) {
            choice.arms(ranges, otherwise);
        }
        List<TypedSwitch.Arm> list = new ArrayList<>();
        boolean goesOn = false;
        for (int i = 0; i < written.size(); i++) {
            Stmt.Arm arm = written.get(i);
            if (choice != null) {
                choice.enter(i);
            }
            boolean last = i == written.size() - 1;
            Stmt.Block inner = fallsThrough(arm.body(), last);
            TypedBlock block = inner == null
                    ? body.statements().asBlock(arm.body())
                    : body.statements().block(inner);
            boolean falls = inner != null && block.endReachable();
            goesOn |= block.endReachable() && !falls;
            list.add(new TypedSwitch.Arm(
                    ranges.get(i), arm.cases() instanceof Cases.Else, block, null, falls, arm.span()));
        }
        boolean exhaustive = patterns.finish(operandSpan);
        return new Arms(list, exhaustive, goesOn || (written.isEmpty() && !exhaustive));
    }

    /** The block of an arm without the {@code fallthrough} at its end; null if it has none (or none that is right). */
    private Stmt.@Nullable Block fallsThrough(Stmt arm, boolean last) {
        if (!(arm instanceof Stmt.Block block)
                || block.statements().isEmpty()
                || !(block.statements().getLast() instanceof Stmt.Fallthrough jump)) {
            return null;
        }
        if (last) {
            body.report(jump.span(), DiagnosticCode.E0323, "`fallthrough` in the last arm has nowhere to go");
        }
        return new Stmt.Block(block.statements().subList(0, block.statements().size() - 1), block.span());
    }

    Operand value(Expr.Switch written, @Nullable Type expected) {
        var form = Attributes.switchForm(body.compilation(), body.module(), written.attributes(), false);
        TypedExpr operand = operand(written.operand());
        Patterns patterns = new Patterns(body, operand.type());
        List<List<TypedSwitch.Range>> ranges = new ArrayList<>();
        List<@Nullable Operand> yields = new ArrayList<>();
        List<TypedBlock> bodies = new ArrayList<>();
        List<Operand> given = new ArrayList<>();
        for (Expr.Arm arm : written.arms()) {
            ranges.add(patterns.add(arm.cases()));
            switch (arm.result()) {
                case Expr.Result.Yields result -> {
                    Type hint = expected;
                    for (Operand one : given) {
                        hint = hint == null ? Coercions.typeOf(one) : hint;
                    }
                    Operand value = body.expressions().check(result.value(), hint);
                    yields.add(value);
                    given.add(value);
                    bodies.add(Statements.empty(arm.span()));
                }
                case Expr.Result.Leaves way -> {
                    yields.add(null);
                    TypedBlock block = body.statements().asBlock(way.way());
                    if (block.endReachable() && !body.compilation().hasErrors()) {
                        body.report(
                                at(way.way().span(), DiagnosticCode.E0330, "this arm has no value and does not leave")
                                        .withNote("every arm of a `switch` that is a value has a value or leaves")
                                        .withHelp("write `=> value,` or end the block with `return`"));
                    }
                    bodies.add(block);
                }
            }
        }
        boolean exhaustive = patterns.finish(written.operand().span());
        Type type = type(given, expected, written.span());
        if (type == null || type.poisoned() || operand.type().poisoned()) {
            return new Operand.Poison(written.span());
        }
        List<TypedSwitch.Arm> arms = new ArrayList<>();
        boolean good = true;
        for (int i = 0; i < written.arms().size(); i++) {
            Expr.Arm arm = written.arms().get(i);
            Operand one = yields.get(i);
            TypedExpr value = one == null ? null : body.coercions().to(one, type, "the value of an arm");
            good &= value == null || !value.type().poisoned();
            arms.add(new TypedSwitch.Arm(
                    ranges.get(i), arm.cases() instanceof Cases.Else, bodies.get(i), value, false, arm.span()));
        }
        if (!good) {
            return new Operand.Poison(written.span());
        }
        TypedSwitch typed =
                new TypedSwitch(operand, arms, exhaustive, form.demand(), form.maxEntries(), written.span());
        return new Operand.Value(new TypedExpr.SwitchValue(typed, type, written.span()));
    }

    private @Nullable Type type(List<Operand> given, @Nullable Type expected, Span span) {
        if (given.isEmpty()) {
            if (expected == null) {
                body.report(span, DiagnosticCode.E0334, "no arm of this `switch` has a value");
            }
            return expected;
        }
        Operators operators = body.expressions().operators();
        Type type = operators.common(given, expected);
        if (type == null) {
            for (int i = 1; i < given.size(); i++) {
                if (operators.common(given.subList(0, i + 1), expected) == null) {
                    operators.reportNoCommonType(
                            given.get(i).span(), given.getFirst(), given.get(i), "the arms of this `switch`");
                    return null;
                }
            }
            body.coercions().natural(given.getFirst());
        }
        return type;
    }
}
