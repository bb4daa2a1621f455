package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Argument;
import dev.turnout.frontend.ast.Attribute;
import dev.turnout.frontend.ast.BinaryOp;
import dev.turnout.frontend.ast.Cases;
import dev.turnout.frontend.ast.Condition;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.ast.Pattern;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.ast.UnaryOp;
import dev.turnout.grammar.TurnoutParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Expressions, and what is made of them: conditions, cases, attributes. */
final class ExprBuilder {
    private final Places places;
    private final Diagnostics diagnostics;
    private final Literals literals;
    private final StmtBuilder stmts;

    ExprBuilder(Places places, Diagnostics diagnostics) {
        this.places = places;
        this.diagnostics = diagnostics;
        this.literals = new Literals(diagnostics);
        this.stmts = new StmtBuilder(places, diagnostics, this);
    }

    StmtBuilder stmts() {
        return stmts;
    }

    /** An expression that may be absent. */
    @Nullable
    Expr optional(TurnoutParser.@Nullable ExprContext expr) {
        return expr == null ? null : expr(expr, places.of(expr));
    }

    /** An expression that must be there; {@code near} is the place if it is not. */
    Expr expr(TurnoutParser.@Nullable ExprContext expr, Span near) {
        if (expr == null || expr.exception != null) {
            return invalid(expr, near);
        }
        return expr.choice() != null ? choice(expr.choice()) : binary(expr.binary(), near);
    }

    private Expr invalid(@Nullable ParserRuleContext rule, Span near) {
        return new Expr.Invalid(rule == null ? near : places.of(rule));
    }

    // ---- Whole expressions. ----

    Expr choice(TurnoutParser.ChoiceContext choice) {
        Span span = places.of(choice);
        return switch (choice) {
            case TurnoutParser.IfEContext branch
            when branch.exception == null ->
                new Expr.If(cond(branch.cond(), span), expr(branch.expr(0), span), expr(branch.expr(1), span), span);
            case TurnoutParser.SwitchEContext choose
            when choose.exception == null ->
                new Expr.Switch(attributes(choose.attr()), expr(choose.expr(), span), valueArms(choose.arms()), span);
            default -> new Expr.Invalid(span);
        };
    }

    Condition cond(TurnoutParser.@Nullable CondContext cond, Span near) {
        if (cond == null || cond.exception != null) {
            return new Condition.Test(invalid(cond, near));
        }
        Span span = places.of(cond);
        Expr value = expr(cond.expr(), span);
        Name name = places.name(cond.id());
        return name == null ? new Condition.Test(value) : new Condition.Present(name, value, span);
    }

    private List<Expr.Arm> valueArms(TurnoutParser.@Nullable ArmsContext arms) {
        List<Expr.Arm> built = new ArrayList<>();
        for (TurnoutParser.ArmContext arm : StmtBuilder.flat(arms)) {
            Span span = StmtBuilder.armSpan(places, arm);
            Expr.Result result = arm.block() != null
                    ? new Expr.Result.Leaves(stmts.block(arm.block(), span))
                    : valueBody(arm.armBody(), span);
            built.add(new Expr.Arm(cases(arm.cases(), span), result, span));
        }
        return built;
    }

    private Expr.Result valueBody(TurnoutParser.@Nullable ArmBodyContext body, Span near) {
        if (body == null || body.exception != null) {
            return new Expr.Result.Yields(invalid(body, near));
        }
        if (body.jump() != null) {
            Stmt jump = stmts.jump(body.jump());
            return jump == null ? new Expr.Result.Yields(invalid(body, near)) : new Expr.Result.Leaves(jump);
        }
        if (body.choice() != null) {
            return new Expr.Result.Yields(choice(body.choice()));
        }
        TurnoutParser.SimpleContext simple = body.simple();
        if (simple == null) {
            return new Expr.Result.Yields(invalid(body, near));
        }
        if (simple.assignOp() != null) {
            diagnostics.report(Diagnostic.at(
                            places.of(simple),
                            DiagnosticCode.E0112,
                            "an arm of a `switch` that is a value cannot be an assignment")
                    .withHelp("write the new value alone, and assign the whole: `x = switch (...) { ... };`"));
            return new Expr.Result.Yields(new Expr.Invalid(places.of(simple)));
        }
        return new Expr.Result.Yields(binary(simple.binary(), near));
    }

    Cases cases(TurnoutParser.@Nullable CasesContext cases, Span near) {
        Span span = cases == null ? near : places.of(cases);
        if (cases != null && cases.ELSE() != null) {
            return new Cases.Else(span);
        }
        List<Pattern> patterns = new ArrayList<>();
        if (cases != null) {
            for (TurnoutParser.PatternContext pattern : cases.pattern()) {
                Span place = places.of(pattern);
                if (place.end() - place.start() == 1 && place.text().equals("_")) {
                    diagnostics.report(Diagnostic.at(place, DiagnosticCode.E0101, "`_` is no pattern")
                            .withHelp("the arm for everything else is written `else => ...`"));
                }
                patterns.add(
                        pattern.RANGE_EQ() == null
                                ? new Pattern.One(binary(pattern.binary(0), place))
                                : new Pattern.Range(
                                        binary(pattern.binary(0), place), binary(pattern.binary(1), place), place));
            }
        }
        if (patterns.isEmpty()) {
            patterns.add(new Pattern.One(new Expr.Invalid(span)));
        }
        return new Cases.Of(patterns, span);
    }

    List<Attribute> attributes(List<TurnoutParser.AttrContext> attrs) {
        if (attrs.isEmpty()) {
            return List.of();
        }
        List<Attribute> built = new ArrayList<>(attrs.size());
        for (TurnoutParser.AttrContext attr : attrs) {
            Name name = places.name(attr.id());
            if (name != null) {
                List<Argument> arguments = new ArrayList<>();
                for (TurnoutParser.AttrArgContext argument : attr.attrArg()) {
                    Span span = places.of(argument);
                    arguments.add(new Argument(places.name(argument.id()), expr(argument.expr(), span), span));
                }
                built.add(new Attribute(name, arguments, places.of(attr)));
            }
        }
        return built;
    }

    // ---- Operators. ----

    Expr binary(TurnoutParser.@Nullable BinaryContext binary, Span near) {
        if (binary == null || binary.exception != null) {
            return invalid(binary, near);
        }
        List<TurnoutParser.OperandContext> operands = binary.operand();
        List<TurnoutParser.BinaryOpContext> ops = binary.binaryOp();
        if (operands.size() != ops.size() + 1) {
            return invalid(binary, near);
        }
        return ops.isEmpty() ? operand(operands.getFirst()) : new Climb(operands, ops).expr(0);
    }

    /** Precedence climbing over a flat row of operands and operators; it recurses once a level of precedence. */
    private final class Climb {
        private final List<TurnoutParser.OperandContext> operands;
        private final List<TurnoutParser.BinaryOpContext> ops;
        private int at;

        Climb(List<TurnoutParser.OperandContext> operands, List<TurnoutParser.BinaryOpContext> ops) {
            this.operands = operands;
            this.ops = ops;
        }

        /** The longest expression from here whose operators all bind tighter than {@code floor}. */
        Expr expr(int floor) {
            Expr left = operand(operands.get(at));
            @Nullable Span compared = null;
            while (at < ops.size()) {
                TurnoutParser.BinaryOpContext sign = ops.get(at);
                BinaryOp op = binaryOp(sign);
                if (op.precedence() <= floor) {
                    return left;
                }
                Span opSpan = places.of(sign);
                if (compared != null && op.isComparison()) {
                    reportChain(compared, opSpan, op);
                }
                compared = op.isComparison() ? opSpan : null;
                at++;
                Expr right = expr(op.precedence());
                left = new Expr.Binary(op, left, right, opSpan, left.span().to(right.span()));
            }
            return left;
        }
    }

    private void reportChain(Span first, Span second, BinaryOp op) {
        diagnostics.report(Diagnostic.at(second, DiagnosticCode.E0109, "comparisons do not chain")
                .withLabel(first, "this comparison already gives a `bool`")
                .withHelp(
                        op == BinaryOp.EQ || op == BinaryOp.NE
                                ? "join two comparisons with `&&`, or put parentheses around the first"
                                : "join two comparisons with `&&`: `a < b && b < c`"));
    }

    private BinaryOp binaryOp(TurnoutParser.BinaryOpContext sign) {
        return switch (sign.getStart().getType()) {
            case TurnoutParser.STAR -> BinaryOp.MUL;
            case TurnoutParser.SLASH -> BinaryOp.DIV;
            case TurnoutParser.PERCENT -> BinaryOp.REM;
            case TurnoutParser.PLUS -> BinaryOp.ADD;
            case TurnoutParser.MINUS -> BinaryOp.SUB;
            case TurnoutParser.SHL -> BinaryOp.SHL;
            case TurnoutParser.AMP -> BinaryOp.AND;
            case TurnoutParser.CARET -> BinaryOp.XOR;
            case TurnoutParser.PIPE -> BinaryOp.OR;
            case TurnoutParser.EQ -> BinaryOp.EQ;
            case TurnoutParser.NE -> BinaryOp.NE;
            case TurnoutParser.LT -> BinaryOp.LT;
            case TurnoutParser.LE -> BinaryOp.LE;
            case TurnoutParser.GT -> sign.GT().size() == 2 ? shiftRight(sign) : BinaryOp.GT;
            case TurnoutParser.GE -> BinaryOp.GE;
            case TurnoutParser.AND_AND -> BinaryOp.LOGICAL_AND;
            case TurnoutParser.OR_OR -> BinaryOp.LOGICAL_OR;
            case TurnoutParser.ORELSE -> BinaryOp.ORELSE;
            default -> throw new AssertionError("operator without a meaning: " + sign.getText());
        };
    }

    private BinaryOp shiftRight(TurnoutParser.BinaryOpContext sign) {
        Span span = places.of(sign);
        if (span.end() - span.start() != 2) {
            diagnostics.report(Diagnostic.at(span, DiagnosticCode.E0110, "the two `>` of a shift stand apart")
                    .withHelp("write `>>`"));
        }
        return BinaryOp.SHR;
    }

    private Expr operand(TurnoutParser.OperandContext operand) {
        if (operand.exception != null || operand.primary() == null) {
            return invalid(operand, places.of(operand));
        }
        Expr built = primary(operand.primary());
        if (built instanceof Expr.Field
                && operand.primary() instanceof TurnoutParser.ParenPContext
                && !operand.suffix().isEmpty()
                && operand.suffix().getFirst() instanceof TurnoutParser.CallXContext) {
            built = new Expr.Parens(built, places.of(operand.primary()));
        }
        for (TurnoutParser.SuffixContext suffix : operand.suffix()) {
            built = suffixed(built, suffix);
        }
        List<TurnoutParser.PrefixOpContext> prefixes = operand.prefixOp();
        for (int i = prefixes.size() - 1; i >= 0; i--) {
            TurnoutParser.PrefixOpContext prefix = prefixes.get(i);
            built = new Expr.Unary(unaryOp(prefix), built, places.of(prefix).to(built.span()));
        }
        return built;
    }

    private static UnaryOp unaryOp(TurnoutParser.PrefixOpContext prefix) {
        return switch (prefix.getStart().getType()) {
            case TurnoutParser.MINUS -> UnaryOp.NEG;
            case TurnoutParser.BANG -> UnaryOp.NOT;
            case TurnoutParser.TILDE -> UnaryOp.COMPLEMENT;
            case TurnoutParser.STAR -> UnaryOp.DEREF;
            case TurnoutParser.AMP -> UnaryOp.ADDRESS;
            default -> throw new AssertionError("operator without a meaning: " + prefix.getText());
        };
    }

    private Expr suffixed(Expr target, TurnoutParser.SuffixContext suffix) {
        Span span = target.span().to(places.of(suffix));
        if (suffix.exception != null) {
            return new Expr.Invalid(span);
        }
        return switch (suffix) {
            case TurnoutParser.FieldXContext field -> {
                Name name = places.name(field.id());
                yield name == null ? new Expr.Invalid(span) : new Expr.Field(target, name, span);
            }
            case TurnoutParser.CallXContext call ->
                new Expr.Call(
                        target,
                        call.args() == null ? List.of() : exprs(call.args().expr()),
                        span);
            case TurnoutParser.IndexXContext index -> new Expr.Index(target, expr(index.expr(), span), span);
            case TurnoutParser.TryXContext _ -> new Expr.Try(target, span);
            default -> new Expr.Invalid(span);
        };
    }

    private List<Expr> exprs(List<TurnoutParser.ExprContext> exprs) {
        List<Expr> built = new ArrayList<>(exprs.size());
        for (TurnoutParser.ExprContext expr : exprs) {
            built.add(expr(expr, places.of(expr)));
        }
        return built;
    }

    // ---- Operands. ----

    private Expr primary(TurnoutParser.PrimaryContext primary) {
        Span span = places.of(primary);
        if (primary.exception != null) {
            return new Expr.Invalid(span);
        }
        return switch (primary) {
            case TurnoutParser.LiteralPContext literal -> literal(literal.literal(), span);
            case TurnoutParser.MemberPContext member -> {
                Name name = places.name(member.id());
                yield name == null ? new Expr.Invalid(span) : new Expr.Member(name, span);
            }
            case TurnoutParser.PathPContext named -> {
                Path path = places.path(named.path());
                yield path == null
                        ? new Expr.Invalid(span)
                        : named.structBody() == null
                                ? new Expr.Ref(path)
                                : new Expr.StructLiteral(path, inits(named.structBody()), span);
            }
            case TurnoutParser.ArrayPContext array ->
                array.SEMI() == null
                        ? new Expr.ArrayLiteral(exprs(array.expr()), span)
                        : new Expr.Repeat(expr(array.expr(0), span), expr(array.expr(1), span), span);
            case TurnoutParser.ParenPContext paren -> expr(paren.expr(), span);
            default -> new Expr.Invalid(span);
        };
    }

    private List<Expr.FieldInit> inits(TurnoutParser.StructBodyContext body) {
        List<Expr.FieldInit> built = new ArrayList<>(body.fieldInit().size());
        for (TurnoutParser.FieldInitContext init : body.fieldInit()) {
            Name name = places.name(init.id());
            if (name != null) {
                Span span = places.of(init);
                built.add(new Expr.FieldInit(name, expr(init.expr(), span), span));
            }
        }
        return built;
    }

    Expr atom(TurnoutParser.@Nullable AtomContext atom, Span near) {
        if (atom == null || atom.exception != null) {
            return invalid(atom, near);
        }
        if (atom.literal() != null) {
            return literal(atom.literal(), places.of(atom));
        }
        Path path = places.path(atom.path());
        return path == null ? invalid(atom, near) : new Expr.Ref(path);
    }

    /** {@code -x} where the grammar has a sign before a constant. */
    Expr negated(TerminalNode sign, Expr value) {
        return new Expr.Unary(UnaryOp.NEG, value, places.of(sign.getSymbol()).to(value.span()));
    }

    private Expr literal(TurnoutParser.LiteralContext literal, Span span) {
        if (literal.exception != null || span.start() == span.end()) {
            return new Expr.Invalid(span);
        }
        return switch (literal.getStart().getType()) {
            case TurnoutParser.NUMBER -> literals.number(span);
            case TurnoutParser.FRACTION -> literals.fraction(span);
            case TurnoutParser.ADDRESS -> literals.address(span);
            case TurnoutParser.STRING -> literals.string(span);
            case TurnoutParser.CHAR -> literals.character(span);
            case TurnoutParser.TRUE -> new Expr.Bool(true, span);
            case TurnoutParser.FALSE -> new Expr.Bool(false, span);
            case TurnoutParser.NULL -> new Expr.Null(span);
            default -> new Expr.Invalid(span);
        };
    }

    /** A string token of a rule; null if it is missing. */
    Expr.@Nullable Str string(@Nullable TerminalNode node) {
        if (node == null || node.getSymbol().getType() != TurnoutParser.STRING) {
            return null;
        }
        Token token = node.getSymbol();
        return token.getTokenIndex() < 0 ? null : literals.string(places.of(token));
    }
}
