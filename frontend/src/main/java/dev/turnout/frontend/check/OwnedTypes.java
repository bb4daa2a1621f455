package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Type;

/** {@code own *T}, as it is written. */
final class OwnedTypes {
    private OwnedTypes() {}

    static Type read(Compilation compilation, Module module, TypeExpr.Own written) {
        Type target = TypeNames.read(compilation, module, written.target());
        if (target.poisoned()) {
            return target;
        }
        if (target instanceof Type.Ref reference
                && !reference.constant()
                && !(reference.to() instanceof Type.Context)
                && !(reference.to() instanceof Type.Cursor)) {
            return new Type.Own(reference.to());
        }
        compilation.report(at(written.span(), DiagnosticCode.E0346, "there is no `own " + target + "`")
                .withNote("what can be owned is memory that a call reserved, which may be written: `own *T`")
                .withHelp(
                        target instanceof Type.Ref reference
                                ? "write `own *" + reference.to() + "`, or leave `own` out to borrow it"
                                : "write `own *" + target + "`"));
        return Type.Poison.POISON;
    }
}
