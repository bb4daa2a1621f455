package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TypedExpr;

/** Says why a value is not of the type that is wanted, and what to write instead. */
final class Mismatches {
    private Mismatches() {}

    static Diagnostic describe(TypedExpr from, Type type, String what) {
        Type given = from.type();
        String text = from.span().text();
        String it = text.length() <= 24 && text.indexOf('\n') < 0 ? text : "…";
        if (given instanceof Type.Void) {
            return at(from.span(), DiagnosticCode.E0334, what + " must be `" + type + "`, and this has no value");
        }
        if (given instanceof Type.Maybe maybe && Coercions.tryConvert(hypothetical(from, maybe.of()), type) != null) {
            return at(from.span(), DiagnosticCode.E0306, "this may be null, and " + what + " must be `" + type + "`")
                    .labelled("this is " + Words.a(given))
                    .withHelp("unwrap it with `?`, `orelse`, `if (let x = …)` or `let x = … else …`");
        }
        Diagnostic diagnostic = at(
                        from.span(),
                        DiagnosticCode.E0301,
                        what + " must be `" + type + "`, and this is `" + given + "`")
                .labelled("this is `" + given + "`");
        if (given instanceof Type.Own own
                && type instanceof Type.Ref wanted
                && wanted.to().equals(own.to())) {
            return diagnostic.withHelp("write `&*" + it + "` to lend it");
        }
        if (given instanceof Type.Ref ref && Coercions.tryConvert(hypothetical(from, ref.to()), type) != null) {
            return diagnostic.withHelp("write `*" + it + "` for the value that it refers to");
        }
        if (type instanceof Type.Ref ref && ref.to().equals(given)) {
            return diagnostic.withHelp("write `&" + it + "` for a reference to it");
        }
        if (type instanceof Type.Ref wanted
                && given instanceof Type.Ref ref
                && wanted.to().equals(ref.to())) {
            return diagnostic.withNote("what " + Words.a(given) + " refers to may not be changed");
        }
        if (given instanceof Type.BigEndian number && type instanceof Type.Int) {
            return diagnostic.withHelp(
                    number.host().equals(type)
                            ? "write `" + it + ".host()` for the number in host order"
                            : "write `" + type + "(" + it + ".host())`");
        }
        if (type instanceof Type.BigEndian && given instanceof Type.Int) {
            return diagnostic.withHelp("write `" + type + "(" + it + ")` for the number in network order");
        }
        if (type instanceof Type.Bool && given instanceof Type.Int) {
            return diagnostic.withHelp("write `" + it + " != 0`");
        }
        if (type instanceof Type.Int
                && (given instanceof Type.Int || given instanceof Type.Bool || given instanceof EnumType)) {
            Diagnostic helped = diagnostic.withHelp("write `" + type + "(" + it + ")` to convert it");
            return given instanceof Type.Int ? helped.withNote("only unsigned integers widen by themselves") : helped;
        }
        if (type instanceof EnumType enumeration && given instanceof Type.Int) {
            return diagnostic.withHelp(
                    enumeration.open()
                            ? "write `" + type + "(" + it + ")`"
                            : "write `" + type + ".from(" + it + ")`, which gives a `?" + type + "`");
        }
        return diagnostic;
    }

    private static TypedExpr hypothetical(TypedExpr like, Type type) {
        return new TypedExpr.Convert(TypedExpr.Conversion.SAME_BITS, like, type, like.span());
    }
}
