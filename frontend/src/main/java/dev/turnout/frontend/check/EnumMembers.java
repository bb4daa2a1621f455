package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Enums, completed: underlying type {@code u32} if none is stated, values from 0 upwards, names and values distinct. */
final class EnumMembers {
    private EnumMembers() {}

    static EnumType complete(Compilation compilation, Module module, Decl.Enum declaration) {
        EnumType type = new EnumType(
                declaration.name().text(),
                declaration.isOpen(),
                declaration.name().span());
        Type.Int underlying = Type.Int.U32;
        if (declaration.underlying() != null) {
            Type stated = TypeNames.read(compilation, module, declaration.underlying());
            if (stated instanceof Type.Int number) {
                underlying = number;
            } else if (!stated.poisoned()) {
                compilation.report(at(
                                declaration.underlying().span(),
                                DiagnosticCode.E0332,
                                "an enum is kept as an integer, not as `" + stated + "`")
                        .withHelp("write one of `u8`, `u16`, `u32`, `u64`, `i8`, `i16`, `i32`, `i64`"));
            }
        }
        Map<String, Decl.Variant> names = new HashMap<>();
        Map<BigInteger, Decl.Variant> values = new HashMap<>();
        List<EnumType.Member> members = new ArrayList<>();
        BigInteger next = BigInteger.ZERO;
        for (Decl.Variant variant : declaration.variants()) {
            BigInteger value = next;
            Expr written = variant.value();
            if (written != null) {
                BigInteger stated =
                        Body.ofConstant(compilation, module).constantNumber(written, "the value of a member");
                value = stated == null ? next : stated;
            }
            next = value.add(BigInteger.ONE);
            if (isNew(compilation, declaration, variant, value, underlying, names, values)) {
                members.add(new EnumType.Member(
                        variant.name().text(), value, variant.name().span()));
            }
        }
        type.complete(underlying, members);
        return type;
    }

    private static boolean isNew(
            Compilation compilation,
            Decl.Enum declaration,
            Decl.Variant variant,
            BigInteger value,
            Type.Int underlying,
            Map<String, Decl.Variant> names,
            Map<BigInteger, Decl.Variant> values) {
        Decl.Variant sameName = names.putIfAbsent(variant.name().text(), variant);
        if (sameName != null) {
            compilation.report(at(
                            variant.name().span(),
                            DiagnosticCode.E0202,
                            "`" + declaration.name().text() + "` has two members called `"
                                    + variant.name().text() + "`")
                    .withLabel(sameName.name().span(), "first declared here"));
            return false;
        }
        if (!Numbers.fits(value, underlying)) {
            compilation.report(at(
                            variant.span(),
                            DiagnosticCode.E0302,
                            "the value " + value + " of `" + variant.name().text() + "` does not fit `" + underlying
                                    + "`, which holds " + Numbers.range(underlying))
                    .withHelp("state a wider type: `enum " + declaration.name().text() + ": u32`"));
            return false;
        }
        Decl.Variant sameValue = values.putIfAbsent(value, variant);
        if (sameValue != null) {
            compilation.report(at(
                            variant.span(),
                            DiagnosticCode.E0332,
                            "`" + variant.name().text() + "` and `"
                                    + sameValue.name().text() + "` both have the value " + value)
                    .withLabel(sameValue.span(), "the other member")
                    .withNote("the members of an enum have distinct values"));
            return false;
        }
        return true;
    }
}
