package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.AssignOp;
import dev.turnout.frontend.ast.Attribute;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Hint;
import dev.turnout.frontend.ast.Name;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.ast.UnaryOp;
import dev.turnout.grammar.TurnoutParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements. One that cannot be told is left out; it has been reported. */
final class StmtBuilder {
    private final Places places;
    private final Diagnostics diagnostics;
    private final ExprBuilder exprs;
    private final TypeBuilder types;

    StmtBuilder(Places places, Diagnostics diagnostics, ExprBuilder exprs) {
        this.places = places;
        this.diagnostics = diagnostics;
        this.exprs = exprs;
        this.types = new TypeBuilder(places, exprs);
    }

    TypeBuilder types() {
        return types;
    }

    /** A block that must be there; {@code near} is the place of an empty one if it is not. */
    Stmt.Block block(TurnoutParser.@Nullable BlockContext block, Span near) {
        if (block == null) {
            return new Stmt.Block(List.of(), near);
        }
        List<Stmt> built = new ArrayList<>(block.stmt().size());
        for (TurnoutParser.StmtContext stmt : block.stmt()) {
            Stmt one = stmt(stmt);
            if (one != null) {
                built.add(one);
            }
        }
        return new Stmt.Block(built, places.of(block));
    }

    private Stmt.@Nullable Block optional(TurnoutParser.@Nullable BlockContext block) {
        return block == null ? null : block(block, places.of(block));
    }

    private @Nullable Stmt stmt(TurnoutParser.StmtContext stmt) {
        Span span = places.of(stmt);
        return switch (stmt) {
            case TurnoutParser.ControlSContext control ->
                control.control() == null ? null : control(control.control(), exprs.attributes(control.attr()), span);
            case TurnoutParser.IfSContext branch -> branch(branch, span);
            case TurnoutParser.LockSContext lock ->
                new Stmt.Lock(exprs.expr(lock.expr(), span), block(lock.block(), span), span);
            case TurnoutParser.TailSContext tail ->
                new Stmt.Tail(exprs.binary(tail.binary(), span), block(tail.block(), span), span);
            case TurnoutParser.DeferSContext defer -> new Stmt.Defer(exprs.binary(defer.binary(), span), span);
            case TurnoutParser.JumpSContext jump -> jump.jump() == null ? null : jump(jump.jump());
            case TurnoutParser.SimpleSContext simple -> simple.simple() == null ? null : simple(simple.simple(), span);
            case TurnoutParser.BlockSContext block -> block(block.block(), span);
            default -> null;
        };
    }

    // ---- Branches. ----

    private Stmt.If branch(TurnoutParser.IfSContext branch, Span span) {
        List<TurnoutParser.BlockContext> blocks = branch.block();
        Stmt.@Nullable Otherwise otherwise =
                branch.ELSE() != null && blocks.size() > 1 ? block(blocks.getLast(), span) : null;
        List<TurnoutParser.ElseIfContext> others = branch.elseIf();
        for (int i = others.size() - 1; i >= 0; i--) {
            TurnoutParser.ElseIfContext other = others.get(i);
            Span from =
                    other.IF() == null ? places.of(other) : places.of(other.IF().getSymbol());
            Span place = from.to(otherwise == null ? places.of(other) : otherwise.span());
            otherwise = new Stmt.If(
                    hint(other.hint()), exprs.cond(other.cond(), place), block(other.block(), place), otherwise, place);
        }
        return new Stmt.If(
                hint(branch.hint()),
                exprs.cond(branch.cond(), span),
                block(blocks.isEmpty() ? null : blocks.getFirst(), span),
                otherwise,
                span);
    }

    private static Hint hint(TurnoutParser.@Nullable HintContext hint) {
        if (hint == null) {
            return Hint.NONE;
        }
        return hint.LIKELY() != null ? Hint.LIKELY : hint.UNLIKELY() != null ? Hint.UNLIKELY : Hint.NONE;
    }

    private @Nullable Stmt control(TurnoutParser.ControlContext control, List<Attribute> attributes, Span span) {
        return switch (control) {
            case TurnoutParser.LetCContext let -> {
                Name name = places.name(let.id());
                yield name == null
                        ? null
                        : new Stmt.Let(
                                attributes,
                                name,
                                types.optional(let.type()),
                                exprs.expr(let.expr(), span),
                                otherwise(let.orExit()),
                                span);
            }
            case TurnoutParser.VarCContext variable -> {
                Name name = places.name(variable.id());
                boolean hasValue = variable.ASSIGN() != null;
                yield name == null
                        ? null
                        : new Stmt.Var(
                                attributes,
                                name,
                                types.optional(variable.type()),
                                hasValue ? exprs.expr(variable.expr(), span) : null,
                                otherwise(variable.orExit()),
                                span);
            }
            case TurnoutParser.SwitchCContext choose ->
                new Stmt.Switch(
                        attributes,
                        places.name(choose.id()),
                        exprs.expr(choose.expr(), span),
                        limit(choose.limit()),
                        arms(choose.arms()),
                        exhausted(choose.exhausted()),
                        span);
            case TurnoutParser.WhileCContext loop ->
                new Stmt.While(
                        attributes,
                        places.name(loop.id()),
                        exprs.cond(loop.cond(), span),
                        limit(loop.limit()),
                        block(loop.block(), span),
                        exhausted(loop.exhausted()),
                        span);
            case TurnoutParser.ForCContext loop -> loop(loop, attributes, span);
            case TurnoutParser.BranchCContext branch -> {
                Path key = places.path(branch.path());
                yield key == null
                        ? null
                        : new Stmt.StaticBranch(
                                attributes,
                                hint(branch.hint()),
                                key,
                                block(branch.block(0), span),
                                optional(branch.block(1)),
                                span);
            }
            case TurnoutParser.StaticCContext choose -> {
                Path key = places.path(choose.path());
                yield key == null ? null : new Stmt.StaticSwitch(attributes, key, arms(choose.arms()), span);
            }
            default -> null;
        };
    }

    private @Nullable Stmt loop(TurnoutParser.ForCContext loop, List<Attribute> attributes, Span span) {
        List<TurnoutParser.IdContext> ids = loop.id();
        Name name = ids.isEmpty() ? null : places.name(ids.getLast());
        if (name == null) {
            return null;
        }
        return new Stmt.For(
                attributes,
                ids.size() > 1 ? places.name(ids.getFirst()) : null,
                name,
                exprs.binary(loop.binary(0), span),
                exprs.binary(loop.binary(1), span),
                limit(loop.limit()),
                block(loop.block(), span),
                exhausted(loop.exhausted()),
                span);
    }

    private @Nullable Expr limit(TurnoutParser.@Nullable LimitContext limit) {
        if (limit == null) {
            return null;
        }
        Span span = places.of(limit);
        return limit.expr() != null ? exprs.expr(limit.expr(), span) : exprs.atom(limit.atom(), span);
    }

    private Stmt.@Nullable Block exhausted(TurnoutParser.@Nullable ExhaustedContext exhausted) {
        return exhausted == null ? null : optional(exhausted.block());
    }

    private Stmt.@Nullable Block otherwise(TurnoutParser.@Nullable OrExitContext exit) {
        if (exit == null || exit.ELSE() == null) {
            return null;
        }
        if (exit.jump() == null) {
            return optional(exit.block());
        }
        Stmt jump = jump(exit.jump());
        return jump == null ? null : new Stmt.Block(List.of(jump), jump.span());
    }

    // ---- Arms. ----

    private List<Stmt.Arm> arms(TurnoutParser.@Nullable ArmsContext arms) {
        List<Stmt.Arm> built = new ArrayList<>();
        for (TurnoutParser.ArmContext arm : flat(arms)) {
            Span span = armSpan(places, arm);
            Stmt body = arm.block() != null ? block(arm.block(), span) : armBody(arm.armBody(), span);
            built.add(new Stmt.Arm(exprs.cases(arm.cases(), span), body, span));
        }
        return built;
    }

    /** The arms in the order of the source; in the parse tree one without a comma behind it holds the next. */
    static List<TurnoutParser.ArmContext> flat(TurnoutParser.@Nullable ArmsContext arms) {
        List<TurnoutParser.ArmContext> flat = new ArrayList<>();
        if (arms != null) {
            for (TurnoutParser.ArmContext first : arms.arm()) {
                for (TurnoutParser.@Nullable ArmContext arm = first; arm != null; arm = arm.arm()) {
                    if (arm.cases() != null) {
                        flat.add(arm);
                    }
                }
            }
        }
        return flat;
    }

    /** An arm without those that it holds. */
    static Span armSpan(Places places, TurnoutParser.ArmContext arm) {
        Span whole = places.of(arm);
        return arm.block() == null
                ? whole
                : new Span(
                        whole.file(),
                        whole.start(),
                        Math.max(whole.start(), places.of(arm.block()).end()));
    }

    private Stmt armBody(TurnoutParser.@Nullable ArmBodyContext body, Span near) {
        if (body != null && body.jump() != null) {
            Stmt jump = jump(body.jump());
            if (jump != null) {
                return jump;
            }
        }
        if (body != null && body.choice() != null) {
            Span span = places.of(body);
            return body.choice() instanceof TurnoutParser.SwitchEContext choose
                    ? new Stmt.Switch(
                            exprs.attributes(choose.attr()),
                            null,
                            exprs.expr(choose.expr(), span),
                            null,
                            arms(choose.arms()),
                            null,
                            span)
                    : new Stmt.Expression(exprs.choice(body.choice()), span);
        }
        if (body != null && body.simple() != null) {
            return simple(body.simple(), places.of(body));
        }
        return new Stmt.Expression(new Expr.Invalid(near), near);
    }

    // ---- Simple statements. ----

    private Stmt simple(TurnoutParser.SimpleContext simple, Span span) {
        Expr left = exprs.binary(simple.binary(), span);
        if (simple.assignOp() == null || simple.assignOp().exception != null) {
            return new Stmt.Expression(left, span);
        }
        Span opSpan = places.of(simple.assignOp());
        if (!isPlace(left)) {
            diagnostics.report(Diagnostic.at(left.span(), DiagnosticCode.E0111, "this cannot be assigned to")
                    .withNote("a place is a variable, a field, an element, or what a reference refers to")
                    .withHelp(
                            left instanceof Expr.Call || left instanceof Expr.Try
                                    ? "to store through the reference that this gives, write `*` before it"
                                    : "to compare, write `==`"));
        }
        return new Stmt.Assign(left, assignOp(simple.assignOp()), exprs.expr(simple.expr(), opSpan), span);
    }

    private static boolean isPlace(Expr expr) {
        return switch (expr) {
            case Expr.Ref _, Expr.Field _, Expr.Index _, Expr.Invalid _ -> true;
            case Expr.Unary unary -> unary.op() == UnaryOp.DEREF;
            case Expr.Int _,
                    Expr.Address _,
                    Expr.Str _,
                    Expr.Char _,
                    Expr.Bool _,
                    Expr.Null _,
                    Expr.Member _,
                    Expr.StructLiteral _,
                    Expr.ArrayLiteral _,
                    Expr.Repeat _,
                    Expr.Parens _,
                    Expr.Call _,
                    Expr.Try _,
                    Expr.Binary _,
                    Expr.If _,
                    Expr.Switch _ -> false;
        };
    }

    private static AssignOp assignOp(TurnoutParser.AssignOpContext op) {
        return switch (op.getStart().getType()) {
            case TurnoutParser.PLUS_ASSIGN -> AssignOp.ADD;
            case TurnoutParser.MINUS_ASSIGN -> AssignOp.SUB;
            case TurnoutParser.STAR_ASSIGN -> AssignOp.MUL;
            case TurnoutParser.SLASH_ASSIGN -> AssignOp.DIV;
            case TurnoutParser.PERCENT_ASSIGN -> AssignOp.REM;
            case TurnoutParser.AMP_ASSIGN -> AssignOp.AND;
            case TurnoutParser.PIPE_ASSIGN -> AssignOp.OR;
            case TurnoutParser.CARET_ASSIGN -> AssignOp.XOR;
            case TurnoutParser.SHL_ASSIGN -> AssignOp.SHL;
            case TurnoutParser.SHR_ASSIGN -> AssignOp.SHR;
            default -> AssignOp.SET;
        };
    }

    @Nullable
    Stmt jump(TurnoutParser.JumpContext jump) {
        Span span = places.of(jump);
        return switch (jump) {
            case TurnoutParser.ReturnJContext leave -> new Stmt.Return(exprs.optional(leave.expr()), span);
            case TurnoutParser.BreakJContext leave -> new Stmt.Break(places.name(leave.id()), span);
            case TurnoutParser.ContinueJContext again ->
                new Stmt.Continue(places.name(again.id()), exprs.optional(again.expr()), span);
            case TurnoutParser.FallthroughJContext _ -> new Stmt.Fallthrough(span);
            default -> null;
        };
    }
}
