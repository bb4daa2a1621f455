package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Attribute;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedSwitch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A labelled switch around the current statement: what {@code continue :label value} needs to know of it, and what it needs
 * to know of these. Which of them go back is decided by the order of the arms in the text, so that it can be seen there.
 */
final class SwitchLabel {
    private final Body body;
    private final Loop label;
    private final Type type;
    private final @Nullable Attribute direct;
    private List<List<TypedSwitch.Range>> ranges = List.of();
    private int otherwise = -1;
    private int arm;
    private @Nullable Span firstCounted;

    /**
     * Made before the arms are read.
     *
     * @param type of the operand
     * @param direct {@code @direct}, if every jump here is to be a plain one
     */
    SwitchLabel(Body body, Loop label, Type type, @Nullable Attribute direct) {
        this.body = body;
        this.label = label;
        this.type = type;
        this.direct = direct;
    }

    Loop label() {
        return label;
    }

    /** What the arms take; {@code otherwise} is the index of the {@code else}, or -1. */
    void arms(List<List<TypedSwitch.Range>> taken, int elseArm) {
        ranges = taken;
        otherwise = elseArm;
    }

    /** From here on statements of this arm are checked. */
    void enter(int index) {
        arm = index;
    }

    /** The first {@code continue} that the limit counts; null if there is none. */
    @Nullable
    Span firstCounted() {
        return firstCounted;
    }

    Statements.Flow redispatch(Stmt.Continue written, Expr operand) {
        TypedExpr value = body.value(operand, type, "what `continue :" + label.label() + "` chooses by");
        if (value.type().poisoned()) {
            return body.statements().abandon();
        }
        int target = value instanceof TypedExpr.Value constant ? armOf(constant.value()) : TypedStmt.COMPUTED;
        boolean counted = target == TypedStmt.COMPUTED || target <= arm;
        if (counted && firstCounted == null) {
            firstCounted = written.span();
        }
        if (target == TypedStmt.COMPUTED && direct != null && !(value instanceof TypedExpr.Value)) {
            body.report(at(operand.span(), DiagnosticCode.E0418, "this is known at run time only")
                    .labelled("not a constant, so that control cannot go to an arm directly")
                    .withLabel(direct.span(), "demands that every `continue` is a plain jump")
                    .withHelp("name the arm, deciding with `if` or `switch` before; or leave out `@direct`"));
        }
        return Statements.Flow.leaves(new TypedStmt.Redispatch(label, value, target, counted, written.span()));
    }

    /** The arm that takes a constant; without one the missing case is reported elsewhere, and counting it does no harm. */
    private int armOf(Constant constant) {
        long bits = bits(constant);
        for (int i = 0; i < ranges.size(); i++) {
            for (TypedSwitch.Range range : ranges.get(i)) {
                if (range.contains(bits)) {
                    return i;
                }
            }
        }
        return otherwise;
    }

    private static long bits(Constant constant) {
        return switch (constant) {
            case Constant.Number number -> number.bits();
            case Constant.Bytes text -> {
                long bits = 0;
                for (int i = text.bytes().size() - 1; i >= 0; i--) {
                    bits = bits << 8 | (text.bytes().at(i) & 0xff);
                }
                yield bits;
            }
            case Constant.Elements elements -> {
                long bits = 0;
                for (int i = elements.values().size() - 1; i >= 0; i--) {
                    bits = bits << 8 | bits(elements.values().get(i));
                }
                yield bits;
            }
            case Constant.Repeat repeat -> {
                long bits = 0;
                for (long i = 0; i < repeat.count(); i++) {
                    bits = bits << 8 | bits(repeat.value());
                }
                yield bits;
            }
            case Constant.Absent _, Constant.Present _, Constant.Fields _ ->
                throw new IllegalArgumentException("no switch decides by " + constant);
        };
    }
}
