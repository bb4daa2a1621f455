package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.AssignOp;
import dev.turnout.frontend.ast.BinaryOp;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.Hint;
import dev.turnout.frontend.ast.Path;
import dev.turnout.frontend.ast.Stmt;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.ir.model.Terminator;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements, and whether control reaches their end. A statement behind one whose end is not reached is checked, warned of
 * once a block, and left out of the tree.
 */
final class Statements {
    private static final int DEEPEST = 128;

    private final Body body;
    private final Loops loops;
    private final References references;
    private int depth;
    /** Deferred calls and locks around the current statement. */
    private int pending;
    /** Whether a construct was given up, so that nothing can be said of where control goes. */
    private boolean abandoned;

    Statements(Body body) {
        this.body = body;
        this.loops = new Loops(body);
        this.references = new References(body);
    }

    /** A statement as part of the tree, and whether control goes on behind it. */
    record Flow(@Nullable TypedStmt statement, boolean goesOn) {
        static final Flow NOTHING = new Flow(null, true);

        static Flow on(TypedStmt statement) {
            return new Flow(statement, true);
        }

        static Flow leaves(TypedStmt statement) {
            return new Flow(statement, false);
        }
    }

    /** The body of a function, which must not reach its end if it has a result; or of a test. */
    TypedBlock functionBody(Stmt.Block written) {
        TypedBlock block = block(written);
        Type result = body.result();
        FunctionSymbol function = body.function();
        boolean needsValue = !(result instanceof Type.Void)
                && !(result instanceof Type.Maybe maybe && maybe.of() instanceof Type.Void)
                && !result.poisoned();
        if (function != null && needsValue && block.endReachable() && !abandoned) {
            Span end = new Span(
                    written.span().file(),
                    Math.max(written.span().start(), written.span().end() - 1),
                    written.span().end());
            body.report(at(end, DiagnosticCode.E0317, "`" + function.name() + "` can reach its end without a result")
                    .withLabel(function.declared(), "returns `" + result + "`")
                    .withHelp("end every way with `return`"));
        }
        return block;
    }

    /** Statements in a scope of their own. */
    TypedBlock block(Stmt.Block written) {
        body.scope().open();
        int outside = pending;
        TypedBlock block = statements(written.statements(), written.span());
        pending = outside;
        body.scope().close();
        return block;
    }

    /** A statement as a block, so that arms and {@code else} have one shape. */
    TypedBlock asBlock(Stmt written) {
        if (written instanceof Stmt.Block block) {
            return block(block);
        }
        body.scope().open();
        TypedBlock block = statements(List.of(written), written.span());
        body.scope().close();
        return block;
    }

    static TypedBlock empty(Span span) {
        return new TypedBlock(List.of(), true, span);
    }

    TypedBlock statements(List<Stmt> written, Span span) {
        List<TypedStmt> statements = new ArrayList<>();
        boolean goesOn = true;
        boolean warned = false;
        for (Stmt one : written) {
            if (!goesOn && !warned) {
                body.report(one.span(), DiagnosticCode.W0501, "control never comes here");
                warned = true;
            }
            Flow flow = statement(one);
            TypedStmt statement = flow.statement();
            if (goesOn && statement != null) {
                statements.add(statement);
            }
            goesOn &= flow.goesOn();
        }
        return new TypedBlock(statements, goesOn, span);
    }

    Flow statement(Stmt written) {
        if (depth >= DEEPEST) {
            body.report(at(written.span(), DiagnosticCode.E0108, "statements are nested more than " + DEEPEST + " deep")
                    .withHelp("move a part of them into a function"));
            return Flow.NOTHING;
        }
        depth++;
        try {
            return dispatch(written);
        } finally {
            depth--;
        }
    }

    private Flow dispatch(Stmt written) {
        return switch (written) {
            case Stmt.Block block -> {
                TypedBlock typed = block(block);
                yield new Flow(new TypedStmt.Block(typed, block.span()), typed.endReachable());
            }
            case Stmt.Let let -> let(let);
            case Stmt.Var variable -> variable(variable);
            case Stmt.If choice -> choice(choice);
            case Stmt.Switch one -> new Switches(body).statement(one, loops);
            case Stmt.While loop -> loops.whileLoop(loop);
            case Stmt.For loop -> loops.forLoop(loop);
            case Stmt.StaticBranch branch -> staticBranch(branch);
            case Stmt.StaticSwitch one -> {
                Symbol.Key key = key(one.key());
                yield key == null ? abandon() : new Switches(body).keyed(one, key);
            }
            case Stmt.Lock one -> {
                pending++;
                Flow flow = new DeferredCalls(body).lock(one);
                pending--;
                yield flow;
            }
            case Stmt.Tail one -> new TailCalls(body).statement(one);
            case Stmt.Defer one -> {
                pending++;
                yield new DeferredCalls(body).defer(one);
            }
            case Stmt.Assign assign -> assign(assign);
            case Stmt.Expression expression -> expression(expression);
            case Stmt.Return back -> back(back);
            case Stmt.Break jump -> loops.leave(jump);
            case Stmt.Continue jump -> loops.next(jump);
            case Stmt.Fallthrough jump -> {
                body.report(at(jump.span(), DiagnosticCode.E0323, "`fallthrough` stands in the wrong place")
                        .withNote(
                                "it is the last statement of an arm in braces, of a `switch` in statement form, and not"
                                        + " of the last arm"));
                yield abandon();
            }
        };
    }

    /** After a mistake about where control goes, nothing more is said of it. */
    Flow abandon() {
        abandoned = true;
        return Flow.NOTHING;
    }

    // ---- names ----

    private Flow let(Stmt.Let let) {
        Attributes.scratch(body.compilation(), let.attributes(), false);
        return define(let.name(), let.type(), let.value(), let.otherwise(), Symbol.LocalKind.LET, false, let.span());
    }

    private Flow variable(Stmt.Var variable) {
        boolean scratch = Attributes.scratch(body.compilation(), variable.attributes(), true);
        Expr value = variable.value();
        if (value != null) {
            return define(
                    variable.name(),
                    variable.type(),
                    value,
                    variable.otherwise(),
                    Symbol.LocalKind.VAR,
                    scratch,
                    variable.span());
        }
        Type type = variable.type() == null ? Type.Poison.POISON : localType(variable.type());
        Constant zero = type.poisoned() ? null : MemoryRules.zero(type);
        if (zero == null && !type.poisoned()) {
            body.report(at(
                            variable.name().span(),
                            DiagnosticCode.E0313,
                            "`" + variable.name().text() + "` must be given a value")
                    .withNote("what is not given is zero, and " + MemoryRules.whyNoZero(type)));
            type = Type.Poison.POISON;
        }
        Symbol.Local local = body.expressions().nulls().define(variable.name(), type, Symbol.LocalKind.VAR);
        if (scratch) {
            keepOutOfFrame(local, variable.span());
        }
        return zero == null
                ? Flow.NOTHING
                : Flow.on(
                        new TypedStmt.Define(local, new TypedExpr.Value(zero, type, variable.span()), variable.span()));
    }

    /** {@code @scratch}: the variable lies in memory that others could see, and takes room there in whole words. */
    private void keepOutOfFrame(Symbol.Local local, Span span) {
        Type type = local.type();
        if (MemoryRules.checkShared(body.compilation(), type, span, "a `@scratch` variable") && !type.poisoned()) {
            local.markScratch();
            body.uses().scratch += (type.size() + 7) / 8 * 8;
            body.uses()
                    .helpers
                    .add(new Uses.HelperCalled(HelperFunction.MAP_LOOKUP_ELEM, "a `@scratch` variable", span));
        }
    }

    private Type localType(dev.turnout.frontend.ast.TypeExpr written) {
        Type type = TypeNames.read(body.compilation(), body.module(), written);
        if (type instanceof Type.Bits bits) {
            body.report(
                    at(written.span(), DiagnosticCode.E0301, "`" + bits + "` is a bit field of a `header`, not a value")
                            .withHelp("use `" + bits.read() + "`"));
            return Type.Poison.POISON;
        }
        return type;
    }

    private Flow define(
            dev.turnout.frontend.ast.Name name,
            dev.turnout.frontend.ast.@Nullable TypeExpr writtenType,
            Expr written,
            Stmt.@Nullable Block otherwise,
            Symbol.LocalKind kind,
            boolean scratch,
            Span span) {
        Type stated = writtenType == null ? null : localType(writtenType);
        String what = "`" + name.text() + "`";
        if (otherwise != null) {
            return defineOrElse(name, stated, written, otherwise, kind, scratch, span);
        }
        TypedExpr value = stated == null ? body.expressions().natural(written) : body.value(written, stated, what);
        Type type = stated == null ? value.type() : stated;
        Symbol.Local local = body.expressions().nulls().define(name, type, kind);
        if (scratch) {
            keepOutOfFrame(local, span);
        }
        references.define(local, value);
        if (value.type().poisoned() || type.poisoned()) {
            return Flow.NOTHING;
        }
        return Flow.on(
                name.isWildcard() ? new TypedStmt.Evaluate(value, span) : new TypedStmt.Define(local, value, span));
    }

    private Flow defineOrElse(
            dev.turnout.frontend.ast.Name name,
            @Nullable Type stated,
            Expr written,
            Stmt.Block otherwise,
            Symbol.LocalKind kind,
            boolean scratch,
            Span span) {
        TypedExpr value = body.expressions().nulls().tested(written, "`let … else`");
        TypedBlock block = block(otherwise);
        if (block.endReachable() && !abandoned) {
            body.report(at(otherwise.span(), DiagnosticCode.E0330, "the block behind `else` must leave")
                    .withNote("behind it `" + name.text() + "` has a value, and here there is none")
                    .withHelp("end it with `return`, `break` or `continue`"));
        }
        Type inner = value == null ? Type.Poison.POISON : ((Type.Maybe) value.type()).of();
        if (stated != null && value != null && !stated.poisoned() && !stated.equals(inner)) {
            body.report(
                    written.span(),
                    DiagnosticCode.E0301,
                    "`" + name.text() + "` must be `" + stated + "`, and what is inside this is `" + inner + "`");
            inner = Type.Poison.POISON;
        }
        Symbol.Local local = body.expressions().nulls().define(name, inner, kind);
        if (value == null) {
            return Flow.NOTHING;
        }
        if (scratch) {
            keepOutOfFrame(local, span);
        }
        references.define(local, value);
        return Flow.on(new TypedStmt.DefineOrElse(local, value, block, span));
    }

    // ---- choices ----

    static Terminator.Hint hint(Hint hint) {
        return switch (hint) {
            case NONE -> Terminator.Hint.NONE;
            case LIKELY -> Terminator.Hint.LIKELY;
            case UNLIKELY -> Terminator.Hint.UNLIKELY;
        };
    }

    private Flow choice(Stmt.If written) {
        body.scope().open();
        var condition = body.expressions().condition(written.condition());
        if (condition instanceof dev.turnout.frontend.typed.Condition.Binding binding) {
            references.define(binding.local(), binding.nullable());
        }
        TypedBlock then = block(written.then());
        body.scope().close();
        Stmt other = written.otherwise();
        TypedBlock otherwise = other == null
                ? empty(new Span(
                        written.span().file(),
                        written.span().end(),
                        written.span().end()))
                : asBlock(other);
        return new Flow(
                new TypedStmt.If(condition, hint(written.hint()), then, otherwise, written.span()),
                then.endReachable() || otherwise.endReachable());
    }

    private Symbol.@Nullable Key key(Path path) {
        if (path.isSimple() && body.scope().find(path.last().text()) != null) {
            body.report(path.span(), DiagnosticCode.E0337, "`" + path + "` is a local, and a `key` is needed here");
            return null;
        }
        Entity entity = body.compilation().resolve(path, body.module(), body.scope());
        if (entity instanceof Entity.Invalid) {
            return null;
        }
        if (!(entity instanceof Entity.KeyName key)) {
            Diagnostic diagnostic = at(
                    path.span(),
                    DiagnosticCode.E0337,
                    "`" + path + "` is " + entity.kind() + ", and a `key` is needed here");
            body.report(diagnostic.withHelp("use `if` and `switch` for values in memory"));
            return null;
        }
        if (body.isTest()) {
            body.report(at(path.span(), DiagnosticCode.E0337, "a test holds no keyed statements")
                    .withHelp("call a function that holds one; `set` changes the key"));
            return null;
        }
        return key.symbol();
    }

    private Flow staticBranch(Stmt.StaticBranch written) {
        boolean patched = Attributes.patched(body.compilation(), written.attributes());
        Symbol.Key key = key(written.key());
        TypedBlock then = block(written.then());
        Stmt.Block other = written.otherwise();
        TypedBlock otherwise = other == null
                ? empty(new Span(
                        written.span().file(),
                        written.span().end(),
                        written.span().end()))
                : block(other);
        boolean goesOn = then.endReachable() || otherwise.endReachable();
        if (key == null) {
            return new Flow(null, goesOn);
        }
        if (!(key.type() instanceof Type.Bool)) {
            body.report(at(
                            written.key().span(),
                            DiagnosticCode.E0337,
                            "`static_branch` takes a `bool` key, and `" + key.name() + "` is " + Words.a(key.type()))
                    .withHelp("write `static_switch (" + key.name() + ") { … }`"));
            return new Flow(null, goesOn);
        }
        Terminator.Hint hint = written.hint() != Hint.NONE
                ? hint(written.hint())
                : key.initial() != 0 ? Terminator.Hint.LIKELY : Terminator.Hint.UNLIKELY;
        return new Flow(new TypedStmt.StaticBranch(key, hint, then, otherwise, patched, written.span()), goesOn);
    }

    // ---- effects ----

    private Flow expression(Stmt.Expression written) {
        Expr value = written.value();
        TypedExpr typed = body.expressions().natural(value);
        if (typed.type().poisoned()) {
            return Flow.NOTHING;
        }
        Expr core = value instanceof Expr.Try attempt ? attempt.value() : value;
        if (!(core instanceof Expr.Call)) {
            body.report(at(written.span(), DiagnosticCode.E0316, "this computes a value that nobody uses")
                    .withNote("a statement is a call, an assignment or a jump")
                    .withHelp("write `let _ = …;` to drop a value"));
            return Flow.NOTHING;
        }
        if (typed.type() instanceof Type.Own) {
            body.report(at(written.span(), DiagnosticCode.E0316, "a result that must be given back is dropped")
                    .labelled("this is " + Words.a(typed.type()))
                    .withHelp("keep it, `let e = …;`, and `submit(e)` or `discard(e)` it"));
            return Flow.NOTHING;
        }
        if (typed.type() instanceof Type.Maybe maybe) {
            body.report(at(written.span(), DiagnosticCode.E0316, "a result that may be null is dropped")
                    .labelled("this is " + Words.a(maybe))
                    .withHelp("write `?` behind it to leave when it is null, or `let _ = …;` to drop it"));
            return Flow.NOTHING;
        }
        return Flow.on(new TypedStmt.Evaluate(typed, written.span()));
    }

    private Flow assign(Stmt.Assign written) {
        if (written.place() instanceof Expr.Index index) {
            Flow flow = mapAssign(written, index);
            if (flow != null) {
                return flow;
            }
        }
        Operand target = body.expressions().check(written.place(), null);
        if (target instanceof Operand.Poison) {
            body.expressions().check(written.value(), Type.Poison.POISON);
            return Flow.NOTHING;
        }
        if (target instanceof Operand.Value(Builtin.MapLookup found)
                && found.map() instanceof MapOperand.Inner
                && written.op() == AssignOp.SET) {
            TypedExpr value = body.value(written.value(), found.map().type().value(), "a value of this map");
            return value.type().poisoned()
                    ? Flow.NOTHING
                    : Flow.on(new TypedStmt.MapStore(found.map(), found.key(), value, written.span()));
        }
        if (!(target instanceof Operand.Located located)) {
            TypedExpr value = body.coercions().natural(target);
            if (!value.type().poisoned()) {
                body.report(at(written.place().span(), DiagnosticCode.E0310, "this cannot be assigned to")
                        .labelled("a value, not a variable, a field or an element"));
            }
            body.expressions().check(written.value(), value.type());
            return Flow.NOTHING;
        }
        boolean writable = body.expressions()
                .places()
                .checkWritable(located, written.place().span());
        Type type = located.place().type();
        BinaryOp op = written.op().operation();
        Flow flow = op == null ? set(written, located, type) : update(written, located, type, op);
        return writable ? flow : Flow.NOTHING;
    }

    private Flow set(Stmt.Assign written, Operand.Located target, Type type) {
        TypedExpr value = new Literals(body).stored(written.value(), type, "what is assigned here");
        if (value.type().poisoned()) {
            return Flow.NOTHING;
        }
        references.store(target.place(), value, written.span());
        return Flow.on(new TypedStmt.Assign(target.place(), value, written.span()));
    }

    private Flow update(Stmt.Assign written, Operand.Located target, Type type, BinaryOp op) {
        Type read = type instanceof Type.Bits bits ? bits.read() : type;
        if (read.poisoned()) {
            return Flow.NOTHING;
        }
        if (!Operators.canUpdate(op, read)) {
            body.expressions().check(written.value(), read);
            Diagnostic diagnostic = at(
                    written.span(),
                    DiagnosticCode.E0304,
                    "`" + written.op().text() + "` is not defined on `" + read + "`");
            body.report(
                    read instanceof Type.Ref
                            ? diagnostic.withHelp("write `*` before the place for the value that it refers to")
                            : read instanceof Type.BigEndian number
                                    ? diagnostic.withHelp(
                                            "compute with `.host()`, and go back with `" + number + "(…)`")
                                    : diagnostic);
            return Flow.NOTHING;
        }
        TypedExpr value;
        if (op == BinaryOp.SHL || op == BinaryOp.SHR) {
            value = body.expressions().operators().count(op, body.expressions().check(written.value(), null), (Type.Int)
                    read);
        } else {
            value = body.value(
                    written.value(), read, "the right side of `" + written.op().text() + "`");
        }
        if (value.type().poisoned()) {
            return Flow.NOTHING;
        }
        boolean division = op == BinaryOp.DIV || op == BinaryOp.REM;
        if (division
                && value instanceof TypedExpr.Value constant
                && constant.value().equals(Constant.ZERO)) {
            body.report(written.span(), DiagnosticCode.E0322, "division by the constant zero");
            return Flow.NOTHING;
        }
        references.write(target.place(), written.span());
        boolean signed = Numbers.carrier(read).signed();
        return Flow.on(new TypedStmt.Update(target.place(), Operators.machine(op, signed), value, written.span()));
    }

    /** {@code m[k] = v} and {@code m[k] op= v}; null if the target is no map. */
    private @Nullable Flow mapAssign(Stmt.Assign written, Expr.Index index) {
        if (!(index.target() instanceof Expr.Ref ref)
                || (ref.path().isSimple() && body.scope().find(ref.path().last().text()) != null)) {
            return null;
        }
        Operand target = body.expressions().check(ref, null);
        if (!(target instanceof Operand.Named named) || !(named.entity() instanceof Entity.MapName map)) {
            return target instanceof Operand.Poison ? poisonedAssign(written, index) : null;
        }
        if (written.op() == AssignOp.SET) {
            return new Flow(new MapOperations(body).store(map.symbol(), index, written.value(), written.span()), true);
        }
        Operand slot = body.expressions().check(index, null);
        if (slot instanceof Operand.Value) {
            body.report(
                    at(index.span(), DiagnosticCode.E0306, "`" + map.symbol().name() + "` may have no such entry")
                            .labelled("this is " + Words.a(Coercions.typeOf(slot)))
                            .withHelp("write `if (let v = " + index.span().text() + ") { *v "
                                    + written.op().text() + " …; }`"));
            body.expressions().check(written.value(), null);
            return Flow.NOTHING;
        }
        return slot instanceof Operand.Located located
                ? update(
                        written,
                        located,
                        located.place().type(),
                        java.util.Objects.requireNonNull(written.op().operation()))
                : Flow.NOTHING;
    }

    private Flow poisonedAssign(Stmt.Assign written, Expr.Index index) {
        body.expressions().check(index.index(), null);
        body.expressions().check(written.value(), Type.Poison.POISON);
        return Flow.NOTHING;
    }

    private Flow back(Stmt.Return written) {
        Type result = body.result();
        Expr value = written.value();
        if (value == null) {
            boolean bare = result instanceof Type.Void
                    || (result instanceof Type.Maybe maybe && maybe.of() instanceof Type.Void);
            if (!bare && !result.poisoned()) {
                body.report(at(written.span(), DiagnosticCode.E0317, "`return` needs a value here")
                        .withNote("the result is " + Words.a(result)));
            }
            return Flow.leaves(new TypedStmt.Return(null, written.span()));
        }
        if (result instanceof Type.Void) {
            TypedExpr typed = body.expressions().natural(value);
            if (!typed.type().poisoned()) {
                FunctionSymbol function = body.function();
                Diagnostic diagnostic = at(
                        value.span(),
                        DiagnosticCode.E0317,
                        function == null ? "a test returns nothing" : "`" + function.name() + "` returns nothing");
                body.report(
                        function == null
                                ? diagnostic
                                : diagnostic.withHelp("state its result: `-> " + typed.type() + "`"));
            }
            return Flow.leaves(new TypedStmt.Return(null, written.span()));
        }
        if (pending == 0) {
            // Else something is left to do behind the call.
            TailCalls.returned(value, body.uses());
        }
        TypedExpr typed = body.value(value, result, "the result");
        references.leave(typed, value.span());
        return Flow.leaves(new TypedStmt.Return(typed, written.span()));
    }
}
