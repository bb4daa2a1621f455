package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Type;
import java.util.ArrayList;
import java.util.List;

/** {@code fn(A, B) -> R} and {@code []const T}, as they are written. */
final class FunctionTypes {
    private FunctionTypes() {}

    static Type function(Compilation compilation, Module module, TypeExpr.Function written) {
        List<Type> parameters = new ArrayList<>();
        boolean good = true;
        for (TypeExpr one : written.params()) {
            Type type = TypeNames.read(compilation, module, one);
            if (type instanceof Type.Void || type instanceof Type.Bits) {
                compilation.report(one.span(), DiagnosticCode.E0301, "a parameter cannot be " + Words.a(type));
                good = false;
            }
            type = MemoryRules.checkValue(compilation, type, one.span(), "a parameter");
            good &= !type.poisoned();
            parameters.add(type);
        }
        Type result = written.result() == null ? Type.Void.VOID : TypeNames.read(compilation, module, written.result());
        if (result instanceof Type.Bits || result instanceof Type.Slice) {
            compilation.report(
                    written.result() == null ? written.span() : written.result().span(),
                    DiagnosticCode.E0301,
                    "a result cannot be " + Words.a(result));
            good = false;
        }
        if (!good || result.poisoned()) {
            return Type.Poison.POISON;
        }
        SignatureChecks.checkCount(compilation, written.span(), "a function of this type", parameters, result);
        return new Type.Function(parameters, result);
    }

    /** Slices are of functions: whatever else a function is to work on has a type of its own, with its length in it. */
    static Type slice(Compilation compilation, Module module, TypeExpr.Slice written) {
        Type element = TypeNames.read(compilation, module, written.element());
        if (element.poisoned()) {
            return element;
        }
        if (!FunctionValues.isFunction(element)) {
            compilation.report(
                    at(written.span(), DiagnosticCode.E0342, "a slice holds functions, not `" + element + "`")
                            .withHelp("take a reference to an array: `*const [16]" + element + "`"));
            return Type.Poison.POISON;
        }
        if (!written.isConst()) {
            compilation.report(at(written.span(), DiagnosticCode.E0342, "a slice is only read")
                    .withHelp("write `[]const " + element + "`"));
            return Type.Poison.POISON;
        }
        return new Type.Slice(element);
    }
}
