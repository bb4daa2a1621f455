package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.helper.ArgumentKind;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code extern fn bpf_x(…) -> T;}: a helper that the language has no words for, with types for what its row says of arguments and result.
 * What the types leave open, such as whether a size is that of the memory before it, is the verifier's to judge.
 */
final class Externs {
    private static final String PREFIX = "bpf_";

    private Externs() {}

    /** The declaration; invalid, reported, if there is no such helper or its types are others. */
    static Entity resolve(Compilation compilation, Module module, Decl.Extern one) {
        Attributes.none(compilation, one.modifiers().attributes(), "an `extern` declaration");
        String name = one.name().text();
        Optional<HelperFunction> found =
                name.startsWith(PREFIX) ? HelperFunction.ofWord(name.substring(PREFIX.length())) : Optional.empty();
        if (found.isEmpty()) {
            Diagnostic diagnostic = at(one.name().span(), DiagnosticCode.E0201, "there is no helper `" + name + "`");
            List<String> known = Arrays.stream(HelperFunction.values())
                    .map(helper -> PREFIX + helper.word())
                    .toList();
            compilation.report(Compilation.suggest(diagnostic, name, known));
            return Entity.Invalid.INVALID;
        }
        HelperFunction helper = found.get();
        List<Type> parameters = new ArrayList<>();
        for (Decl.Param parameter : one.params()) {
            parameters.add(TypeNames.read(compilation, module, parameter.type()));
        }
        Type result = one.result() == null ? Type.Void.VOID : TypeNames.read(compilation, module, one.result());
        if (result.poisoned() || parameters.stream().anyMatch(Type::poisoned)) {
            return Entity.Invalid.INVALID;
        }
        List<ArgumentKind> kinds = helper.arguments();
        if (kinds.size() != parameters.size()) {
            compilation.report(
                    one.name().span(),
                    DiagnosticCode.E0314,
                    "`" + name + "` takes " + Calls.count(kinds.size()) + ", not " + parameters.size());
            return Entity.Invalid.INVALID;
        }
        for (int i = 0; i < kinds.size(); i++) {
            String wanted = wanted(kinds.get(i));
            if (wanted == null) {
                compilation.report(at(
                                one.params().get(i).span(),
                                DiagnosticCode.E0404,
                                "the language has no type for argument " + (i + 1) + " of `" + name + "`")
                        .withNote("it is "
                                + Words.a(kinds.get(i)
                                        .name()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace('_', ' '))));
                return Entity.Invalid.INVALID;
            }
            if (!fits(kinds.get(i), parameters.get(i))) {
                compilation.report(
                        one.params().get(i).type().span(),
                        DiagnosticCode.E0301,
                        "argument " + (i + 1) + " of `" + name + "` is " + wanted + ", not "
                                + Words.a(parameters.get(i)));
                return Entity.Invalid.INVALID;
            }
        }
        return checkResult(compilation, one, helper, result)
                ? new Entity.Extern(name, helper, parameters, result)
                : Entity.Invalid.INVALID;
    }

    private static boolean checkResult(Compilation compilation, Decl.Extern one, HelperFunction helper, Type result) {
        Span span = one.result() == null ? one.name().span() : one.result().span();
        String name = "`" + one.name().text() + "`";
        return switch (helper.result()) {
            case SCALAR -> {
                if (result instanceof Type.Int) {
                    yield true;
                }
                compilation.report(span, DiagnosticCode.E0301, name + " gives a number, not " + Words.a(result));
                yield false;
            }
            case VOID -> {
                if (result instanceof Type.Void) {
                    yield true;
                }
                compilation.report(span, DiagnosticCode.E0301, name + " gives nothing, not " + Words.a(result));
                yield false;
            }
            default -> {
                compilation.report(span, DiagnosticCode.E0404, "the language has no type for what " + name + " gives");
                yield false;
            }
        };
    }

    /** What an argument is, for messages; null if the language has no type for it. */
    private static @Nullable String wanted(ArgumentKind kind) {
        return switch (kind) {
            case UNCHECKED, ANYTHING, SCALAR, SIZE, SIZE_OR_ZERO, ALLOCATION_SIZE -> "a number";
            case CONTEXT, CONTEXT_OR_NULL -> "a reference to the context";
            case MEMORY, MEMORY_OR_NULL -> "a reference to plain memory";
            case MEMORY_OUT, MEMORY_IN_OUT, MEMORY_IN_OUT_OR_NULL -> "a reference to plain memory that can be changed";
            case IPV4_HEADER, IPV6_HEADER, TCP_HEADER -> "a reference to a header of " + kind.bytes() + " bytes";
            case INT_IN_OUT -> "a reference to a number of 4 bytes that can be changed";
            case LONG_OUT -> "a reference to a number of 8 bytes that can be changed";
            default -> null;
        };
    }

    private static boolean fits(ArgumentKind kind, Type type) {
        return switch (kind) {
            case UNCHECKED, ANYTHING, SCALAR, SIZE, SIZE_OR_ZERO, ALLOCATION_SIZE ->
                type instanceof Type.Int || type instanceof Type.BigEndian;
            case CONTEXT, CONTEXT_OR_NULL -> type instanceof Type.Ref ref && ref.to() instanceof Type.Context;
            case MEMORY, MEMORY_OR_NULL -> plain(type) != null;
            case MEMORY_OUT, MEMORY_IN_OUT, MEMORY_IN_OUT_OR_NULL -> {
                Type.Ref ref = plain(type);
                yield ref != null && !ref.constant();
            }
            case IPV4_HEADER, IPV6_HEADER, TCP_HEADER ->
                type instanceof Type.Ref ref
                        && ref.to() instanceof StructType header
                        && header.isHeader()
                        && header.size() == kind.bytes();
            case INT_IN_OUT, LONG_OUT ->
                type instanceof Type.Ref ref
                        && !ref.constant()
                        && ref.to() instanceof Type.Int
                        && ref.to().size() == kind.bytes();
            default -> false;
        };
    }

    private static Type.@Nullable Ref plain(Type type) {
        return type instanceof Type.Ref ref && ref.to().size() > 0 && MemoryRules.whyNotShared(ref.to()) == null
                ? ref
                : null;
    }

    /** A call of one. */
    static Operand call(Body body, Entity.Extern helper, Expr.Call call) {
        Optional<List<TypedExpr>> given = new Intrinsics(body).arguments(helper.name(), call, helper.parameters());
        if (given.isEmpty()) {
            return new Operand.Poison(call.span());
        }
        List<TypedExpr> arguments = given.get();
        body.uses().helpers.add(new Uses.HelperCalled(helper.row(), "`" + helper.name() + "`", call.span()));
        return Intrinsics.anyPoisoned(arguments)
                ? new Operand.Poison(call.span())
                : new Operand.Value(new Builtin.HelperCall(helper.row(), arguments, helper.result(), call.span()));
    }
}
