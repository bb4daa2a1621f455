package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.ir.model.Function.Inlining;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.Verdicts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signatures of functions, and headers of programs against the row of their kind. */
final class SignatureChecks {
    /** BPF passes arguments in r1 to r5. */
    private static final int MOST_ARGUMENTS = 5;

    private final Compilation compilation;

    SignatureChecks(Compilation compilation) {
        this.compilation = compilation;
    }

    Entity function(Module module, Decl.Fn one) {
        Inlining inlining = Attributes.function(compilation, one.modifiers().attributes());
        List<Symbol.Local> parameters = parameters(module, one.params());
        Type result = one.result() == null ? Type.Void.VOID : result(module, one.result());
        checkCount(
                compilation,
                one.name().span(),
                "`" + one.name().text() + "`",
                parameters.stream().map(Symbol.Local::type).toList(),
                result);
        FunctionSymbol symbol = new FunctionSymbol(
                one.name().text(),
                module.linkName(one.name().text()),
                new Symbol.FunctionKind.Plain(inlining),
                parameters,
                result,
                fails(module, one.fails(), result),
                one.name().span());
        compilation.bodies().declare(symbol, module, one.body());
        return new Entity.Function(symbol);
    }

    Entity program(Module module, Decl.Prog one) {
        Optional<ProgramHeaders.Header> header = ProgramHeaders.read(compilation, one);
        if (header.isEmpty()) {
            return Entity.Invalid.INVALID;
        }
        ProgramType type = header.get().row().type();
        List<Symbol.Local> parameters = parameters(module, one.params());
        Type result = result(module, one.result());
        ProgramHeaders.checkContext(compilation, one, header.get(), parameters);
        checkVerdict(one, type, result);
        FunctionSymbol symbol = new FunctionSymbol(
                one.name().text(),
                module.linkName(one.name().text()),
                new Symbol.FunctionKind.Program(
                        type, header.get().section(), header.get().optional()),
                parameters,
                result,
                fails(module, one.fails(), result),
                one.name().span());
        compilation.bodies().declare(symbol, module, one.body());
        return new Entity.Function(symbol);
    }

    private List<Symbol.Local> parameters(Module module, List<Decl.Param> written) {
        List<Symbol.Local> parameters = new ArrayList<>();
        Map<String, Decl.Param> names = new HashMap<>();
        for (Decl.Param param : written) {
            Type type = TypeNames.read(compilation, module, param.type());
            if (type instanceof Type.Void || type instanceof Type.Bits) {
                compilation.report(
                        at(param.type().span(), DiagnosticCode.E0301, "a parameter cannot be " + Words.a(type))
                                .withHelp(
                                        type instanceof Type.Bits bits
                                                ? "use `" + bits.read() + "`"
                                                : "leave the parameter out"));
                type = Type.Poison.POISON;
            }
            type = MemoryRules.checkValue(compilation, type, param.type().span(), "a parameter");
            Decl.Param other = names.putIfAbsent(param.name().text(), param);
            if (other != null && !param.name().isWildcard()) {
                compilation.report(at(
                                param.name().span(),
                                DiagnosticCode.E0202,
                                "two parameters are called `" + param.name().text() + "`")
                        .withLabel(other.name().span(), "the first one"));
            }
            parameters.add(new Symbol.Local(
                    param.name().text(),
                    type,
                    Symbol.LocalKind.PARAMETER,
                    param.name().span()));
        }
        return parameters;
    }

    private Type result(Module module, TypeExpr written) {
        Type type = TypeNames.read(compilation, module, written);
        if (type instanceof Type.Bits bits) {
            compilation.report(at(written.span(), DiagnosticCode.E0301, "a result cannot be " + Words.a(bits))
                    .withHelp("use `" + bits.read() + "`"));
            return Type.Poison.POISON;
        }
        if (type instanceof Type.Slice) {
            compilation.report(at(written.span(), DiagnosticCode.E0311, "a result cannot be " + Words.a(type))
                    .withNote(String.valueOf(MemoryRules.whyNotStored(type))));
            return Type.Poison.POISON;
        }
        return MemoryRules.checkValue(compilation, type, written.span(), "a result");
    }

    /** Reports if values of these types do not fit the registers that pass them. */
    static void checkCount(Compilation compilation, Span span, String name, List<Type> parameters, Type result) {
        int hidden = result.aggregate() ? 1 : 0;
        int slices =
                (int) parameters.stream().filter(Type.Slice.class::isInstance).count();
        if (parameters.size() + slices + hidden <= MOST_ARGUMENTS) {
            return;
        }
        Diagnostic diagnostic = at(
                        span,
                        DiagnosticCode.E0401,
                        name + " takes " + parameters.size() + " arguments"
                                + (hidden == 0 ? "" : " and returns " + Words.a(result)) + "; at most "
                                + (MOST_ARGUMENTS - hidden - slices) + " can be passed")
                .withNote("BPF passes arguments in five registers"
                        + (hidden == 0 ? "" : ", and a struct or array result takes one of them")
                        + (slices == 0 ? "" : ", and a slice takes two of them"));
        compilation.report(diagnostic.withHelp("put some of them into a struct and pass a reference to it"));
    }

    private @Nullable Constant fails(Module module, @Nullable Expr written, Type result) {
        if (written == null || result.poisoned()) {
            return null;
        }
        if (result instanceof Type.Void) {
            compilation.report(
                    at(written.span(), DiagnosticCode.E0308, "a function without a result has no `fails` value")
                            .withHelp("state a result type, or leave `fails` out"));
            return null;
        }
        Body body = Body.ofConstant(compilation, module);
        Constant value = body.constants().of(body.constantExpression(written, result, "the `fails` value"));
        // After a mistake any value will do: it keeps `?` in the body quiet.
        return value == null ? Constant.ZERO : value;
    }

    private void checkVerdict(Decl.Prog one, ProgramType type, Type result) {
        Verdicts verdicts = type.verdicts();
        Type wanted = verdicts == Verdicts.NONE
                ? Type.Int.I32
                : compilation.universe().type(verdicts);
        if (!result.equals(wanted) && !result.poisoned()) {
            compilation.report(at(
                            one.result().span(),
                            DiagnosticCode.E0326,
                            Words.a(one.kind()) + " program returns `" + wanted + "`, not `" + result + "`")
                    .withHelp("write `-> " + wanted + "`"));
        }
    }
}
