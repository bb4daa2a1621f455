package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextView;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be read, written and referred to: names, fields, elements, and what references lead to. */
final class Places {
    private final Body body;

    Places(Body body) {
        this.body = body;
    }

    Operand local(Symbol.Local local, Span span) {
        if (local.type().poisoned()) {
            return new Operand.Poison(span);
        }
        Access access = switch (local.kind()) {
            case VAR -> Access.WRITABLE;
            case LET ->
                new Access("`" + local.name() + "` is a `let`", local.declared(), "declare it with `var` to change it");
            case PARAMETER ->
                new Access(
                        "`" + local.name() + "` is a parameter, which is constant",
                        local.declared(),
                        "copy it: `var " + local.name() + "2 = " + local.name() + ";`");
            case LOOP ->
                new Access(
                        "`" + local.name() + "` is the variable of a `for`, constant in a round",
                        local.declared(),
                        null);
        };
        return new Operand.Located(new Place.Variable(local, span), access);
    }

    /** An operand as a place: what is only a value becomes a temporary. Null for what has no type, or is poisoned. */
    Operand.@Nullable Located located(Operand operand) {
        return switch (operand) {
            case Operand.Located located -> located;
            case Operand.Value value ->
                value.expr().type().poisoned()
                        ? null
                        : new Operand.Located(
                                new Place.Temporary(value.expr(), value.span()),
                                Access.readOnly("this is a value without a place"));
            case Operand.Exact _, Operand.Text _, Operand.Null _, Operand.Named _ -> {
                TypedExpr expr = body.coercions().natural(operand);
                yield expr.type().poisoned() ? null : located(new Operand.Value(expr));
            }
            case Operand.Poison _ -> null;
        };
    }

    /** The place behind a reference, or the place itself if it is none; null, reported, behind what may be null. */
    Operand.@Nullable Located reach(Operand operand, Span span) {
        Operand.Located located = located(operand);
        if (located == null) {
            return null;
        }
        Type type = located.place().type();
        if (type instanceof Type.Ref || type instanceof Type.Own) {
            return deref(Coercions.load(located.place()), span);
        }
        if (type instanceof Type.Maybe maybe) {
            body.report(at(operand.span(), DiagnosticCode.E0306, "this may be null")
                    .labelled("this is " + Words.a(maybe))
                    .withHelp("unwrap it first: with `?`, `orelse`, `if (let x = …)` or `let x = … else …`"));
            return null;
        }
        return located;
    }

    /** What a reference refers to. */
    Operand.Located deref(TypedExpr reference, Span span) {
        if (reference.type() instanceof Type.Own own) {
            return new Operand.Located(new Place.Deref(reference, own.to(), span), Access.WRITABLE);
        }
        Type.Ref ref = (Type.Ref) reference.type();
        if (ref.kernel()) {
            return new Operand.Located(
                    new Place.Deref(reference, ref.to(), span), Access.readOnly("it lies in the kernel"));
        }
        return new Operand.Located(
                new Place.Deref(reference, ref.to(), span),
                ref.constant()
                        ? new Access(
                                "it is reached through " + Words.a(ref), null, "take a `*" + ref.to() + "` instead")
                        : Access.WRITABLE);
    }

    Operand field(Expr.Field written) {
        Operand target = body.expressions().check(written.target(), null);
        String name = written.name().text();
        if (target instanceof Operand.Named named) {
            return ofName(named, written);
        }
        Operand.Located base = reach(target, written.target().span());
        if (base == null) {
            return new Operand.Poison(written.span());
        }
        Place place = base.place();
        if (place.type() instanceof StructType struct) {
            Optional<Field> field = struct.field(name);
            if (field.isPresent() && struct.isKernel()) {
                body.uses()
                        .helpers
                        .add(new Uses.HelperCalled(
                                HelperFunction.PROBE_READ_KERNEL,
                                "`." + name + "` of a `kernel struct`",
                                written.span()));
            }
            if (field.isPresent()) {
                return field.get().type().poisoned()
                        ? new Operand.Poison(written.span())
                        : new Operand.Located(new Place.FieldOf(place, field.get(), written.span()), base.access());
            }
            List<String> names = struct.fields().stream().map(Field::name).toList();
            Diagnostic diagnostic =
                    at(written.name().span(), DiagnosticCode.E0209, "`" + struct + "` has no field `" + name + "`");
            body.report(Compilation.suggest(diagnostic, name, names)
                    .withNote(names.isEmpty() ? "it has no fields" : "it has " + Compilation.quoted(names)));
            return new Operand.Poison(written.span());
        }
        if (place.type() instanceof Type.Context context && place instanceof Place.Deref deref) {
            return slot(deref.reference(), context.view(), name, written.name().span(), written.span());
        }
        body.report(noFields(place.type(), written));
        return new Operand.Poison(written.span());
    }

    private static Diagnostic noFields(Type type, Expr.Field written) {
        String name = written.name().text();
        Diagnostic diagnostic =
                at(written.name().span(), DiagnosticCode.E0209, Words.a(type) + " has no field `" + name + "`");
        return Methods.BUILT_IN.contains(name)
                ? diagnostic.withHelp("`" + name + "` is a method; call it: `." + name + "(…)`")
                : diagnostic;
    }

    private Operand ofName(Operand.Named named, Expr.Field written) {
        if (named.entity() instanceof Entity.TypeName type) {
            if (type.type() instanceof EnumType enumeration) {
                return body.expressions()
                        .member(
                                enumeration,
                                written.name().text(),
                                written.name().span(),
                                written.span());
            }
            body.report(
                    written.span(),
                    DiagnosticCode.E0209,
                    "`" + named.name() + "` is a type, and only an enum has members");
            return new Operand.Poison(written.span());
        }
        body.coercions().natural(named);
        return new Operand.Poison(written.span());
    }

    private Operand slot(TypedExpr context, ContextView view, String name, Span nameSpan, Span span) {
        Optional<ContextView.Slot> slot = view.slot(name);
        if (slot.isEmpty()) {
            body.report(
                    view.layout()
                                    .field(name)
                                    .filter(field -> !field.kind().isNumber())
                                    .isPresent()
                            ? at(nameSpan, DiagnosticCode.E0209, "`" + name + "` cannot be read")
                                    .withNote("Turnout has no pointers out of a context that are not checked")
                                    .withHelp("packets are read with `ctx.cursor()`")
                            : noSlot(view, name, nameSpan));
            return new Operand.Poison(span);
        }
        return slot(context, view, slot.get(), span);
    }

    /** A field of the context that its view has. */
    Operand.Located slot(TypedExpr context, ContextView view, ContextView.Slot slot, Span span) {
        ContextField field = view.layout()
                .at(slot.offset())
                .filter(row -> row.offset() == slot.offset() && row.bytes() == slot.bytes())
                .orElseGet(() -> new ContextField(
                        slot.name(),
                        slot.offset(),
                        slot.bytes(),
                        ContextField.Kind.SCALAR,
                        ContextField.Widths.PARTS_READ));
        body.uses().slots.add(new Uses.Slot(field, false, span));
        return new Operand.Located(
                new Place.ContextSlot(context, field, new Type.Int(slot.bytes() * 8, slot.signed()), span),
                Access.WRITABLE);
    }

    private static Diagnostic noSlot(ContextView view, String name, Span span) {
        List<String> names = List.copyOf(view.names());
        Diagnostic diagnostic = at(
                span,
                DiagnosticCode.E0209,
                names.contains(name)
                        ? "`" + name + "` is an array; read one element, such as `" + name + "[0]`"
                        : "`" + view.word() + "` has no field `" + name + "`");
        return Compilation.suggest(diagnostic, name, names)
                .withNote(names.isEmpty() ? "it has no fields" : "it has " + Compilation.quoted(names));
    }

    /**
     * {@code a[i]}.
     *
     * @param tested whether the value is tested for null where it stands: then an element that is a function, and whose index is
     *     not known to be right, is a nullable one that tests the index
     */
    Operand index(Expr.Index written, boolean tested) {
        if (written.target() instanceof Expr.Field field) {
            Operand slot = slotElement(field, written);
            if (slot != null) {
                return slot;
            }
        }
        Operand target = body.expressions().check(written.target(), null);
        if (target instanceof Operand.Named named) {
            if (named.entity() instanceof Entity.MapName map) {
                return new MapOperations(body).index(map.symbol(), written);
            }
            body.coercions().natural(named);
            return new Operand.Poison(written.span());
        }
        Operand.Located base = reach(target, written.target().span());
        if (base == null) {
            body.expressions().check(written.index(), null);
            return new Operand.Poison(written.span());
        }
        if (base.place() instanceof Place.Deref(TypedExpr reference, Type.Map map, Span _)) {
            return new MapOperations(body).index(new MapOperand.Inner(reference, map), written);
        }
        if (base.place().type() instanceof Type.Slice slice) {
            return FunctionValues.element(body, load(base), slice, written);
        }
        if (!(base.place().type() instanceof Type.Array array)) {
            body.report(at(
                    written.target().span(),
                    DiagnosticCode.E0304,
                    Words.a(base.place().type()) + " has no elements to index"));
            return new Operand.Poison(written.span());
        }
        TypedExpr index = indexOf(array, written.index());
        if (index == null) {
            return new Operand.Poison(written.span());
        }
        EnumType byEnum = array.index();
        boolean proven = (byEnum != null && !byEnum.open())
                || (!isSigned(index) && Ranges.max(index).compareTo(BigInteger.valueOf(array.count())) < 0);
        if (tested && !proven && FunctionValues.isFunction(array.element())) {
            return new Operand.Value(new TypedExpr.ElementOrNull(
                    base.place(), index, FunctionValues.nullable(array.element()), written.span()));
        }
        return new Operand.Located(
                new Place.Element(base.place(), index, proven, array.element(), written.span()), base.access());
    }

    private static TypedExpr load(Operand.Located located) {
        return located.place() instanceof Place.Temporary temporary
                ? temporary.value()
                : Coercions.load(located.place());
    }

    private static boolean isSigned(TypedExpr index) {
        return index.type() instanceof Type.Int number && number.signed() && !(index instanceof TypedExpr.Value);
    }

    /** The index of an array, checked as far as type and constants decide; null if it is wrong, which is reported. */
    @Nullable
    TypedExpr indexOf(Type.Array array, Expr written) {
        EnumType byEnum = array.index();
        if (byEnum != null) {
            TypedExpr index = body.value(written, byEnum, "the index of " + Words.a(array));
            return index.type().poisoned() ? null : index;
        }
        TypedExpr index = body.expressions().natural(written);
        if (index.type().poisoned()) {
            return null;
        }
        if (!(index.type() instanceof Type.Int)) {
            Diagnostic diagnostic = at(
                    written.span(),
                    DiagnosticCode.E0333,
                    "the index of an array is an integer, not " + Words.a(index.type()));
            body.report(
                    index.type() instanceof EnumType enumeration
                            ? diagnostic.withHelp("declare the array as `[" + enumeration + "]…`, or write `"
                                    + enumeration.underlying() + "(…)`")
                            : diagnostic);
            return null;
        }
        if (index instanceof TypedExpr.Value value && value.value() instanceof Constant.Number number) {
            BigInteger at = Numbers.meaning(index.type(), number.bits());
            if (at.signum() < 0 || at.compareTo(BigInteger.valueOf(array.count())) >= 0) {
                body.report(at(
                                written.span(),
                                DiagnosticCode.E0333,
                                "index " + at + " is outside an array of " + array.count() + " elements")
                        .withNote(
                                array.count() == 0 ? "it has none" : "they are numbered 0 to " + (array.count() - 1)));
                return null;
            }
        }
        return index;
    }

    /** {@code ctx.cb[2]}: rows of the context that the kernel's header declares as an array. */
    private @Nullable Operand slotElement(Expr.Field field, Expr.Index written) {
        if (!(field.target() instanceof Expr.Ref ref) || !ref.path().isSimple()) {
            return null;
        }
        Symbol.Local local = body.scope().find(ref.path().last().text());
        if (local == null
                || !(local.type() instanceof Type.Ref reference)
                || !(reference.to() instanceof Type.Context context)
                || !context.view().names().contains(field.name().text())
                || context.view().slot(field.name().text()).isPresent()) {
            return null;
        }
        BigInteger number = body.constantNumber(written.index(), "the index of a context field");
        if (number == null) {
            return new Operand.Poison(written.span());
        }
        String name = field.name().text() + "[" + number + "]";
        if (context.view().slot(name).isEmpty()) {
            body.report(
                    written.index().span(),
                    DiagnosticCode.E0333,
                    "`" + field.name().text() + "` has no element " + number);
            return new Operand.Poison(written.span());
        }
        TypedExpr base = Coercions.load(new Place.Variable(local, ref.span()));
        return slot(base, context.view(), name, field.name().span(), written.span());
    }

    /** Reports if the place may not be written. */
    boolean checkWritable(Operand.Located located, Span span) {
        Access access = located.access();
        if (access.writable()) {
            if (located.place() instanceof Place.ContextSlot slot) {
                body.uses().slots.add(new Uses.Slot(slot.field(), true, span));
            }
            return true;
        }
        Diagnostic diagnostic = at(span, DiagnosticCode.E0309, "this cannot be changed: " + access.reason());
        Span declared = access.declared();
        if (declared != null && Compilation.inText(declared) != null) {
            diagnostic = diagnostic.withLabel(declared, "declared here");
        }
        String help = access.help();
        body.report(help == null ? diagnostic : diagnostic.withHelp(help));
        return false;
    }

    /** Whether a place lies in the kernel's memory, where nothing but helpers reads. */
    static boolean inKernel(Place place) {
        return switch (place) {
            case Place.FieldOf field -> inKernel(field.base());
            case Place.Element element -> inKernel(element.base());
            case Place.Deref deref -> deref.type() instanceof StructType struct && struct.isKernel();
            case Place.Variable _,
                    Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.MapSlot _,
                    Place.ContextSlot _,
                    Place.Temporary _ -> false;
        };
    }

    /** Notes that something refers to the local (if it is one) that a place lies in. */
    static void markAddressed(Place place) {
        switch (place) {
            case Place.Variable variable -> variable.local().markAddressed();
            case Place.FieldOf field -> markAddressed(field.base());
            case Place.Element element -> markAddressed(element.base());
            case Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.Deref _,
                    Place.MapSlot _,
                    Place.ContextSlot _,
                    Place.Temporary _ -> {}
        }
    }
}
