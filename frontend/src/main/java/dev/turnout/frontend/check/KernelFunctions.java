package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.kfunc.KernelArgument;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.kfunc.KernelResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code extern kfunc f(…) -> T;}: a function of the kernel that is no helper. A kernel has more of them than the table of those that are
 * understood, and modules bring their own, so that any name may be declared; where there is a row, numbers and references must stand where
 * it has them. What else it demands is the verifier's to judge, and whether a kernel's function is of this type its loader's.
 */
final class KernelFunctions {
    private static final int MOST_ARGUMENTS = 5;

    private KernelFunctions() {}

    /** The declaration; invalid, reported, if its types cannot be those of such a function. */
    static Entity resolve(Compilation compilation, Module module, Decl.Extern one) {
        Attributes.none(compilation, one.modifiers().attributes(), "an `extern` declaration");
        String name = one.name().text();
        List<String> names = new ArrayList<>();
        List<Type> parameters = new ArrayList<>();
        for (Decl.Param parameter : one.params()) {
            names.add(parameter.name().text());
            parameters.add(TypeNames.read(compilation, module, parameter.type()));
        }
        Type result = one.result() == null ? Type.Void.VOID : TypeNames.read(compilation, module, one.result());
        if (result.poisoned() || parameters.stream().anyMatch(Type::poisoned)) {
            return Entity.Invalid.INVALID;
        }
        Optional<KernelFunction> row = KernelFunction.ofSymbol(name);
        int count = row.map(known -> known.arguments().size()).orElse(parameters.size());
        if (parameters.size() != count || count > MOST_ARGUMENTS) {
            compilation.report(
                    one.name().span(),
                    DiagnosticCode.E0314,
                    "`" + name + "` takes " + Calls.count(Math.min(count, MOST_ARGUMENTS)) + ", not "
                            + parameters.size());
            return Entity.Invalid.INVALID;
        }
        for (int i = 0; i < count; i++) {
            String wanted = row.isPresent()
                    ? wanted(row.get().arguments().get(i), parameters.get(i))
                    : isNumber(parameters.get(i)) || isReference(parameters.get(i)) ? null : "a number or a reference";
            if (wanted != null) {
                compilation.report(
                        one.params().get(i).type().span(),
                        DiagnosticCode.E0301,
                        "argument " + (i + 1) + " of `" + name + "` is " + wanted + ", not "
                                + Words.a(parameters.get(i)));
                return Entity.Invalid.INVALID;
            }
        }
        Span span = one.result() == null ? one.name().span() : one.result().span();
        return checkResult(compilation, name, row.map(KernelFunction::result), result, span)
                ? new Entity.KernelFunction(new Symbol.KernelFunction(name, names, parameters, result))
                : Entity.Invalid.INVALID;
    }

    /** What the argument is instead; null if the type may be right. */
    private static @Nullable String wanted(KernelArgument kind, Type type) {
        return switch (kind) {
            case NUMBER, CONSTANT, LOCAL_TYPE, SIZE, CONSTANT_SIZE -> isNumber(type) ? null : "a number";
            case ANYTHING, IGNORED -> isNumber(type) || isReference(type) ? null : "a number or a reference";
            case CONTEXT ->
                type instanceof Type.Ref ref && ref.to() instanceof Type.Context ? null : "a reference to the context";
            case OBJECT, OBJECT_OR_NULL, DYNPTR, DYNPTR_OR_NULL, DYNPTR_OUT, ITERATOR, IRQ_FLAG, RESILIENT_LOCK ->
                isReference(type) ? null : "a reference";
            case LIST_HEAD, LIST_NODE, LIST_NODE_SEEN, TREE_ROOT, TREE_NODE, ALLOCATED, COUNTED, MAP, WORKQUEUE ->
                isReference(type) ? null : "a reference";
            case TIMER, TASK_WORK, CALLBACK, CONST_STRING, MEMORY, MEMORY_OR_NULL, POINTEE ->
                isReference(type) ? null : "a reference";
        };
    }

    private static boolean isNumber(Type type) {
        return type instanceof Type.Int || type instanceof Type.BigEndian || type instanceof Type.Bool;
    }

    private static boolean isReference(Type type) {
        return type instanceof Type.Ref;
    }

    private static boolean checkResult(
            Compilation compilation, String name, Optional<KernelResult> row, Type result, Span span) {
        boolean number = result instanceof Type.Int || result instanceof Type.Bool;
        if (!number && !(result instanceof Type.Void)) {
            compilation.report(at(
                            span,
                            DiagnosticCode.E0404,
                            "what a function of the kernel gives is a number or nothing here, not " + Words.a(result))
                    .withNote("an address of the kernel's has no type in the language yet"));
            return false;
        }
        if (row.isEmpty()) {
            return true;
        }
        boolean right = switch (row.get()) {
            case KernelResult.Nothing _ -> result instanceof Type.Void;
            case KernelResult.Number _, KernelResult.LockResult _ -> number;
            case KernelResult.ReadOnlyMemory _, KernelResult.WritableMemory _, KernelResult.Slice _ -> false;
            case KernelResult.NewObject _, KernelResult.SameObject _, KernelResult.Node _ -> false;
            case KernelResult.Object _ -> false;
        };
        if (!right) {
            String gives = switch (row.get()) {
                case KernelResult.Nothing _ -> "nothing";
                case KernelResult.Number _, KernelResult.LockResult _ -> "a number";
                case KernelResult.ReadOnlyMemory _, KernelResult.WritableMemory _, KernelResult.Slice _ -> "memory";
                case KernelResult.NewObject _, KernelResult.SameObject _, KernelResult.Node _ -> "an object";
                case KernelResult.Object _ -> "an object";
            };
            boolean typed = row.get() instanceof KernelResult.Nothing
                    || row.get() instanceof KernelResult.Number
                    || row.get() instanceof KernelResult.LockResult;
            compilation.report(
                    span,
                    typed ? DiagnosticCode.E0301 : DiagnosticCode.E0404,
                    typed
                            ? "`" + name + "` gives " + gives + ", not " + Words.a(result)
                            : "`" + name + "` gives " + gives + ", for which the language has no type");
        }
        return right;
    }

    /** A call of one. */
    static Operand call(Body body, Symbol.KernelFunction function, Expr.Call call) {
        Optional<List<TypedExpr>> given = new Intrinsics(body).arguments(function.name(), call, function.parameters());
        if (given.isEmpty()) {
            return new Operand.Poison(call.span());
        }
        List<TypedExpr> arguments = given.get();
        return Intrinsics.anyPoisoned(arguments)
                ? new Operand.Poison(call.span())
                : new Operand.Value(new Builtin.KernelCall(function, arguments, call.span()));
    }
}
