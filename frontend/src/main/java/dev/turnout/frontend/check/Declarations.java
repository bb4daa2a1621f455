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
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Top-level declarations, each resolved when it is first needed, so that their order in a file is free. A declaration that
 * is needed while it is being resolved contains itself, which is an error, unless only its name is needed: a struct behind a
 * reference, a function that is called.
 */
final class Declarations {
    /** Each one in work is some frames of the stack. */
    private static final int DEEPEST = 200;

    private final Compilation compilation;
    private final IdentityHashMap<Decl, Entity> resolved = new IdentityHashMap<>();
    private final IdentityHashMap<Decl, StructType> structsInWork = new IdentityHashMap<>();
    private final List<Decl.Named> inWork = new ArrayList<>();
    private final HashMap<String, Span> linkNames = new HashMap<>();
    private final SignatureChecks signatures;

    Declarations(Compilation compilation) {
        this.compilation = compilation;
        this.signatures = new SignatureChecks(compilation);
    }

    /** What a declaration is. */
    Entity entity(Module module, Decl.Named declaration) {
        Entity known = resolved.get(declaration);
        if (known != null) {
            return known;
        }
        if (inWork.contains(declaration)) {
            reportCycle(declaration);
            resolved.put(declaration, Entity.Invalid.INVALID);
            return Entity.Invalid.INVALID;
        }
        if (inWork.size() >= DEEPEST) {
            compilation.report(at(
                            declaration.name().span(),
                            DiagnosticCode.E0108,
                            "more than " + DEEPEST + " declarations need each other in a row")
                    .withHelp("write those that others need before them"));
            resolved.put(declaration, Entity.Invalid.INVALID);
            return Entity.Invalid.INVALID;
        }
        inWork.add(declaration);
        Entity entity = resolve(module, declaration);
        inWork.removeLast();
        // A cycle that was found on the way has already made it invalid.
        Entity before = resolved.putIfAbsent(declaration, entity);
        return before != null ? before : entity;
    }

    /** What a declaration is, if it was ever needed. */
    @Nullable
    Entity known(Decl.Named declaration) {
        return resolved.get(declaration);
    }

    /** The struct itself, even while its fields are being read: enough for a reference to it. */
    @Nullable
    StructType structInWork(Decl declaration) {
        return structsInWork.get(declaration);
    }

    private void reportCycle(Decl.Named declaration) {
        StringBuilder way = new StringBuilder();
        for (Decl.Named one : inWork.subList(inWork.indexOf(declaration), inWork.size())) {
            way.append('`').append(one.name().text()).append("` needs ");
        }
        way.append('`').append(declaration.name().text()).append('`');
        compilation.report(at(
                        declaration.name().span(),
                        DiagnosticCode.E0208,
                        "`" + declaration.name().text() + "` contains itself")
                .withNote(way.toString()));
    }

    private Entity resolve(Module module, Decl.Named declaration) {
        checkLinkName(module, declaration);
        return switch (declaration) {
            case Decl.Const one -> constant(module, one);
            case Decl.Config one -> config(module, one);
            case Decl.Global one -> global(module, one);
            case Decl.Key one -> key(module, one);
            case Decl.Alias one -> {
                Attributes.none(compilation, one.modifiers().attributes(), "an `alias`");
                yield new Entity.TypeName(TypeNames.read(compilation, module, one.type()));
            }
            case Decl.Struct one -> struct(module, one);
            case Decl.Enum one -> {
                Attributes.none(compilation, one.modifiers().attributes(), "an `enum`");
                yield new Entity.TypeName(EnumMembers.complete(compilation, module, one));
            }
            case Decl.Map one -> MapDeclarations.resolve(compilation, module, one);
            case Decl.Table one -> new TableDeclarations(compilation, module, one).resolve();
            case Decl.Extern one ->
                one.isKernelFunction()
                        ? KernelFunctions.resolve(compilation, module, one)
                        : Externs.resolve(compilation, module, one);
            case Decl.Fn one -> signatures.function(module, one);
            case Decl.Prog one -> signatures.program(module, one);
        };
    }

    private void checkLinkName(Module module, Decl.Named declaration) {
        String linkName = module.linkName(declaration.name().text());
        Span other = linkNames.putIfAbsent(linkName, declaration.name().span());
        if (other != null && !other.equals(declaration.name().span())) {
            compilation.report(at(
                            declaration.name().span(),
                            DiagnosticCode.E0215,
                            "two declarations are called `" + linkName + "` in the object")
                    .withLabel(other, "the other one")
                    .withNote("`f` of module `m` becomes `m__f`")
                    .withHelp("rename one of them"));
        }
    }

    private Entity struct(Module module, Decl.Struct one) {
        Attributes.none(compilation, one.modifiers().attributes(), "a `struct` (but `@align` on its fields)");
        StructType.Kind kind = switch (one.layout()) {
            case STRUCT -> StructType.Kind.STRUCT;
            case HEADER -> StructType.Kind.HEADER;
            case KERNEL -> StructType.Kind.KERNEL;
        };
        StructType type = new StructType(one.name().text(), kind, one.name().span());
        structsInWork.put(one, type);
        StructLayouts.complete(compilation, module, one, type);
        structsInWork.remove(one);
        return new Entity.TypeName(type);
    }

    private Entity constant(Module module, Decl.Const one) {
        Attributes.none(compilation, one.modifiers().attributes(), "a `const`");
        Body body = Body.ofConstant(compilation, module);
        String name = one.name().text();
        if (one.type() == null) {
            Operand operand = body.expressions().check(one.value(), null);
            if (operand instanceof Operand.Exact exact) {
                return new Entity.ExactNumber(exact.value(), exact.complement());
            }
            TypedExpr value = body.coercions().natural(operand);
            return named(module, one, value.type(), body.constants().of(value));
        }
        Type type = TypeNames.read(compilation, module, one.type());
        if (type.poisoned()) {
            return Entity.Invalid.INVALID;
        }
        if (MemoryRules.whyNotConstant(type) != null) {
            compilation.report(at(one.type().span(), DiagnosticCode.E0311, "a `const` cannot be of type `" + type + "`")
                    .withNote(String.valueOf(MemoryRules.whyNotConstant(type))));
            return Entity.Invalid.INVALID;
        }
        TypedExpr value = body.constantExpression(one.value(), type, "`" + name + "`");
        return named(module, one, type, body.constants().of(value));
    }

    private static Entity named(Module module, Decl.Const one, Type type, @Nullable Constant value) {
        return value == null || type.poisoned()
                ? Entity.Invalid.INVALID
                : new Entity.Constant(new Symbol.Named(
                        one.name().text(),
                        module.linkName(one.name().text()),
                        type,
                        value,
                        one.name().span()));
    }

    private Entity config(Module module, Decl.Config one) {
        Attributes.none(compilation, one.modifiers().attributes(), "a `config`");
        Type type = sharedType(module, one.type(), "a `config`");
        Constant initial = initial(module, one.value(), type, one.name().text());
        return initial == null
                ? Entity.Invalid.INVALID
                : new Entity.Config(new Symbol.Config(
                        one.name().text(),
                        module.linkName(one.name().text()),
                        type,
                        initial,
                        one.name().span()));
    }

    private Entity global(Module module, Decl.Global one) {
        Attributes.none(compilation, one.modifiers().attributes(), "a global `var`");
        Type type = sharedType(module, one.type(), "a global variable");
        Constant initial = initial(module, one.value(), type, one.name().text());
        return initial == null
                ? Entity.Invalid.INVALID
                : new Entity.Global(new Symbol.Global(
                        one.name().text(),
                        module.linkName(one.name().text()),
                        type,
                        initial,
                        one.name().span()));
    }

    /** Bytes that all variables and constants of the object may take together. */
    private static final long LARGEST_DATA = 1L << 26;

    private long dataSize;

    /** Counts what lies in the object's data; false, reported once, if there is too much of it. */
    private boolean fits(Type type, Span span) {
        boolean before = dataSize <= LARGEST_DATA;
        dataSize += type.size();
        if (before && dataSize > LARGEST_DATA) {
            compilation.report(
                    span, DiagnosticCode.E0302, "the variables and constants of this program take more than 64 MiB");
        }
        return dataSize <= LARGEST_DATA;
    }

    private Type sharedType(Module module, TypeExpr written, String what) {
        Type type = TypeNames.read(compilation, module, written);
        boolean good = MemoryRules.checkShared(compilation, type, written.span(), what) && fits(type, written.span());
        return good ? type : Type.Poison.POISON;
    }

    private @Nullable Constant initial(Module module, @Nullable Expr value, Type type, String name) {
        if (type.poisoned()) {
            return null;
        }
        if (value == null) {
            return MemoryRules.zero(type);
        }
        Body body = Body.ofConstant(compilation, module);
        return body.constants().of(body.constantExpression(value, type, "`" + name + "`"));
    }

    private Entity key(Module module, Decl.Key one) {
        boolean pinned = Attributes.pinnedOnly(compilation, one.modifiers().attributes(), "a `key`");
        Type type = one.type() == null ? Type.Bool.BOOL : TypeNames.read(compilation, module, one.type());
        if (type.poisoned()) {
            return Entity.Invalid.INVALID;
        }
        if (!(type instanceof Type.Bool) && !(type instanceof EnumType enumeration && !enumeration.open())) {
            Diagnostic diagnostic = at(
                    one.type() == null ? one.name().span() : one.type().span(),
                    DiagnosticCode.E0337,
                    "a key is a `bool` or a closed enum, not `" + type + "`");
            compilation.report(diagnostic.withHelp("use a `config` or a `var` for other values"));
            return Entity.Invalid.INVALID;
        }
        if (type instanceof EnumType members && isTooWide(members)) {
            Diagnostic diagnostic = at(
                    one.type() == null ? one.name().span() : one.type().span(),
                    DiagnosticCode.E0337,
                    "a key has 32 bits, and `" + type + "` has members that do not fit");
            compilation.report(diagnostic.withHelp("give the enum an underlying type of 32 bits or less"));
            return Entity.Invalid.INVALID;
        }
        Constant initial = initial(module, one.value(), type, one.name().text());
        return initial instanceof Constant.Number number
                ? new Entity.KeyName(new Symbol.Key(
                        one.name().text(),
                        module.linkName(one.name().text()),
                        type,
                        number.bits(),
                        pinned,
                        one.name().span()))
                : Entity.Invalid.INVALID;
    }

    /** The record of a patched branch holds a value in 32 bits without sign; a negative member has all of its type's bits. */
    private static boolean isTooWide(EnumType type) {
        return type.underlying().bits() > 32
                && type.members().stream()
                        .anyMatch(member ->
                                member.value().signum() < 0 || member.value().bitLength() > 32);
    }
}
