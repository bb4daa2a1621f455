package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Condition;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.model.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Expressions: sends each form to the class that knows it. */
final class Expressions {
    /** How deep expressions may nest; a stack frame or two each, here and in every later stage. */
    private static final int DEEPEST = 256;

    private final Body body;
    private final Operators operators;
    private final Places places;
    private final Nulls nulls;
    private final Literals literals;
    private final Calls calls;
    private int depth;

    Expressions(Body body) {
        this.body = body;
        this.operators = new Operators(body);
        this.places = new Places(body);
        this.nulls = new Nulls(body);
        this.literals = new Literals(body);
        this.calls = new Calls(body);
    }

    Places places() {
        return places;
    }

    Nulls nulls() {
        return nulls;
    }

    Operators operators() {
        return operators;
    }

    Calls calls() {
        return calls;
    }

    /**
     * Checks an expression.
     *
     * @param expected the type at which it will be used, a hint for what has no type of its own; null if nothing says
     */
    Operand check(Expr expr, @Nullable Type expected) {
        if (depth >= DEEPEST) {
            body.report(
                    at(expr.span(), DiagnosticCode.E0108, "this expression is nested more than " + DEEPEST + " deep")
                            .withHelp("name a part of it with `let`"));
            return new Operand.Poison(expr.span());
        }
        depth++;
        try {
            return dispatch(expr, expected);
        } finally {
            depth--;
        }
    }

    private Operand dispatch(Expr expr, @Nullable Type expected) {
        return switch (expr) {
            case Expr.Int number -> new Operand.Exact(number.value(), false, number.span());
            case Expr.Address address ->
                constant(new Constant.Number(address.value() & 0xffff_ffffL), Type.BigEndian.BE32, address.span());
            case Expr.Str text ->
                new Operand.Text(ByteString.copyOf(text.bytes().getBytes(StandardCharsets.ISO_8859_1)), text.span());
            case Expr.Char character -> constant(new Constant.Number(character.value()), Type.Int.U8, character.span());
            case Expr.Bool bool -> new Operand.Value(Folding.bool(bool.value(), bool.span()));
            case Expr.Null missing -> new Operand.Null(missing.span());
            case Expr.Ref ref -> name(ref);
            case Expr.Member member -> member(member, expected);
            case Expr.StructLiteral literal -> literals.struct(literal);
            case Expr.ArrayLiteral literal -> literals.array(literal, expected);
            case Expr.Repeat literal -> literals.repeat(literal, expected);
            case Expr.Field field -> places.field(field);
            case Expr.Index index ->
                places.index(index, expected instanceof Type.Maybe maybe && maybe.of() instanceof Type.Function);
            case Expr.Parens parens -> check(parens.inner(), expected);
            case Expr.Call call -> calls.call(call, expected);
            case Expr.Try attempt -> nulls.attempt(attempt);
            case Expr.Unary unary -> operators.unary(unary, expected);
            case Expr.Binary binary -> operators.binary(binary, expected);
            case Expr.If choice -> choice(choice, expected);
            case Expr.Switch choice -> new Switches(body).value(choice, expected);
            case Expr.Invalid invalid -> new Operand.Poison(invalid.span());
        };
    }

    private static Operand constant(Constant value, Type type, Span span) {
        return new Operand.Value(new TypedExpr.Value(value, type, span));
    }

    /**
     * Checks an expression that is tested for null where it stands: there {@code table[i]} tests its index, and needs no proof
     * of it.
     */
    Operand tested(Expr expr) {
        return expr instanceof Expr.Index index ? places.index(index, true) : check(expr, null);
    }

    /** Checks an expression whose value is needed at the type that it has by itself. */
    TypedExpr natural(Expr expr) {
        return body.coercions().natural(check(expr, null));
    }

    private Operand name(Expr.Ref ref) {
        if (ref.path().isSimple()) {
            Symbol.Local local = body.scope().find(ref.path().last().text());
            if (local != null) {
                return places.local(local, ref.span());
            }
        }
        return of(body.compilation().resolve(ref.path(), body.module(), body.scope()), ref);
    }

    private Operand of(Entity entity, Expr.Ref ref) {
        Span span = ref.span();
        return switch (entity) {
            case Entity.ExactNumber number -> new Operand.Exact(number.value(), number.complement(), span);
            case Entity.Constant constant ->
                constant.symbol().type().aggregate()
                        ? new Operand.Located(
                                new Place.ConstantData(constant.symbol(), span),
                                new Access(
                                        "`" + constant.symbol().name() + "` is a `const`",
                                        constant.symbol().declared(),
                                        null))
                        : constant(constant.symbol().value(), constant.symbol().type(), span);
            case Entity.Config config ->
                new Operand.Located(
                        new Place.Configuration(config.symbol(), span),
                        body.isTest()
                                ? Access.WRITABLE
                                : new Access(
                                        "`" + config.symbol().name() + "` is a `config`, constant from load on",
                                        config.symbol().declared(),
                                        "declare it as a `var` to change it while programs run"));
            case Entity.Global global ->
                new Operand.Located(new Place.GlobalVariable(global.symbol(), span), Access.WRITABLE);
            case Entity.Table table -> {
                Place.TableRows rows = new Place.TableRows(table.symbol(), span);
                body.uses().tables.add(rows);
                yield new Operand.Located(
                        rows,
                        new Access(
                                "`" + table.symbol().name() + "` is a table, whose rows are replaced from outside only",
                                table.symbol().declared(),
                                null));
            }
            case Entity.TypeName _,
                    Entity.MapName _,
                    Entity.KeyName _,
                    Entity.Function _,
                    Entity.Extern _,
                    Entity.KernelFunction _,
                    Entity.Intrinsic _ -> new Operand.Named(entity, ref.path().toString(), span);
            case Entity.Invalid _ -> new Operand.Poison(span);
        };
    }

    private Operand member(Expr.Member member, @Nullable Type expected) {
        Type wanted = expected instanceof Type.Maybe maybe ? maybe.of() : expected;
        if (wanted == null || (!(wanted instanceof EnumType) && !wanted.poisoned())) {
            body.report(at(
                            member.span(),
                            DiagnosticCode.E0329,
                            "nothing says which enum `." + member.name().text() + "` is a member of")
                    .withNote(wanted == null ? "no type is wanted here" : Words.a(wanted) + " is wanted here")
                    .withHelp("write the enum before it: `Name." + member.name().text() + "`"));
            return new Operand.Poison(member.span());
        }
        return wanted instanceof EnumType type
                ? member(type, member.name().text(), member.name().span(), member.span())
                : new Operand.Poison(member.span());
    }

    /** A member of a known enum. */
    Operand member(EnumType type, String name, Span nameSpan, Span span) {
        return type.member(name)
                .<Operand>map(member -> constant(Numbers.constant(type, member.value()), type, span))
                .orElseGet(() -> {
                    List<String> names =
                            type.members().stream().map(EnumType.Member::name).toList();
                    var diagnostic = at(nameSpan, DiagnosticCode.E0210, "`" + type + "` has no member `" + name + "`")
                            .withNote("it has " + Compilation.quoted(names));
                    body.report(Compilation.suggest(diagnostic, name, names));
                    return new Operand.Poison(span);
                });
    }

    private Operand choice(Expr.If choice, @Nullable Type expected) {
        body.scope().open();
        var condition = condition(choice.condition());
        Operand then = check(choice.then(), expected);
        body.scope().close();
        Operand otherwise = check(choice.otherwise(), expected == null ? Coercions.typeOf(then) : expected);
        Type type = operators.common(then, otherwise, expected);
        if (type == null) {
            operators.reportNoCommonType(choice.span(), then, otherwise, "the branches of this `if`");
            return new Operand.Poison(choice.span());
        }
        if (type.poisoned()) {
            return new Operand.Poison(choice.span());
        }
        return new Operand.Value(new TypedExpr.If(
                condition,
                body.coercions().to(then, type, "the first branch"),
                body.coercions().to(otherwise, type, "the second branch"),
                type,
                choice.span()));
    }

    /** What an {@code if} or {@code while} decides by; a name that it binds is added to the open scope. */
    dev.turnout.frontend.typed.Condition condition(Condition written) {
        return switch (written) {
            case Condition.Test test ->
                new dev.turnout.frontend.typed.Condition.Test(body.value(test.test(), Type.Bool.BOOL, "a condition"));
            case Condition.Present present -> nulls.binding(present);
        };
    }
}
