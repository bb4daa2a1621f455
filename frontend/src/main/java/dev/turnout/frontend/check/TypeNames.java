package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Types as they are written, read. A mistake is reported and gives {@link Type.Poison}. */
final class TypeNames {
    /** The largest type, in bytes: far beyond what a program can use, and small enough to be made in memory. */
    static final long LARGEST = 1L << 24;

    private TypeNames() {}

    /** A type of values: whatever it names must be complete. */
    static Type read(Compilation compilation, Module module, TypeExpr written) {
        return switch (written) {
            case TypeExpr.Named named -> named(compilation, module, named, false);
            case TypeExpr.Maybe maybe -> maybe(compilation, module, maybe);
            case TypeExpr.Reference reference -> {
                Type to = behindReference(compilation, module, reference.target());
                yield to.poisoned() ? Type.Poison.POISON : reference(compilation, reference, to);
            }
            case TypeExpr.Own own -> OwnedTypes.read(compilation, module, own);
            case TypeExpr.Slice slice -> FunctionTypes.slice(compilation, module, slice);
            case TypeExpr.Array array -> array(compilation, module, array);
            case TypeExpr.Function function -> FunctionTypes.function(compilation, module, function);
            case TypeExpr.Invalid _ -> Type.Poison.POISON;
        };
    }

    /** The type of a field of a {@code kernel struct}, which may be another one. */
    static Type inKernel(Compilation compilation, Module module, TypeExpr written) {
        return behindReference(compilation, module, written);
    }

    private static Type behindReference(Compilation compilation, Module module, TypeExpr written) {
        return written instanceof TypeExpr.Named named
                ? named(compilation, module, named, true)
                : read(compilation, module, written);
    }

    private static Type reference(Compilation compilation, TypeExpr.Reference written, Type to) {
        if (to instanceof Type.Ref
                || to instanceof Type.Own
                || to instanceof Type.SpinLock
                || to instanceof Type.Maybe
                || to instanceof Type.Void
                || to instanceof Type.Slice
                || to instanceof Type.Function) {
            compilation.report(at(written.span(), DiagnosticCode.E0335, "there is no reference to " + Words.a(to))
                    .withNote("a reference refers to a value in memory; references and nullable values live in locals,"
                            + " parameters and results only"));
            return Type.Poison.POISON;
        }
        return new Type.Ref(to, written.isConst());
    }

    private static Type maybe(Compilation compilation, Module module, TypeExpr.Maybe written) {
        Type of = read(compilation, module, written.target());
        if (of.poisoned()) {
            return of;
        }
        if (of instanceof Type.Maybe) {
            compilation.report(at(written.span(), DiagnosticCode.E0341, "there is no `?" + of + "`")
                    .withNote("a value is null or not; it cannot be null twice"));
            return of;
        }
        if (of instanceof Type.Cursor || of instanceof Type.Context || of instanceof Type.Slice) {
            compilation.report(
                    written.span(), DiagnosticCode.E0341, Words.a(of) + " is never null, so there is no `?" + of + "`");
            return Type.Poison.POISON;
        }
        return new Type.Maybe(of);
    }

    private static Type array(Compilation compilation, Module module, TypeExpr.Array written) {
        Type element = read(compilation, module, written.element());
        EnumType index = null;
        long count;
        EnumType named = enumNamed(compilation, module, written.length());
        if (named != null) {
            if (!MemoryRules.checkIndexes(compilation, named, written.length().span())) {
                return Type.Poison.POISON;
            }
            index = named;
            count = named.members().size();
        } else {
            BigInteger number =
                    Body.ofConstant(compilation, module).constantNumber(written.length(), "the length of an array");
            if (number == null || element.poisoned()) {
                return Type.Poison.POISON;
            }
            if (number.signum() < 0 || number.bitLength() > 31) {
                compilation.report(at(
                                written.length().span(),
                                DiagnosticCode.E0302,
                                "an array cannot have " + number + " elements")
                        .withNote("the length is 0 to 2147483647"));
                return Type.Poison.POISON;
            }
            count = number.longValue();
        }
        if (element.poisoned()) {
            return Type.Poison.POISON;
        }
        String reason = MemoryRules.whyNotStored(element);
        if (reason != null) {
            compilation.report(
                    at(written.element().span(), DiagnosticCode.E0311, "an array cannot hold `" + element + "`")
                            .withNote(reason));
            return Type.Poison.POISON;
        }
        if (!checkSize(compilation, element, count, written.span())) {
            return Type.Poison.POISON;
        }
        return new Type.Array(element, count, index);
    }

    /** Whether an array is not too large; reports if it is. */
    static boolean checkSize(Compilation compilation, Type element, long count, Span span) {
        if (element.size() == 0 || count <= LARGEST / element.size()) {
            return true;
        }
        compilation.report(
                span,
                DiagnosticCode.E0302,
                "this array takes more than 16 MiB: " + count + " times " + element.size() + " bytes");
        return false;
    }

    /** The enum that an array length names, if it names one; quiet about everything else. */
    static @Nullable EnumType enumNamed(Compilation compilation, Module module, Expr length) {
        if (!(length instanceof Expr.Ref ref)) {
            return null;
        }
        Module.Lookup lookup =
                ref.path().isSimple() ? module.lookup(ref.path().last().text()) : new Module.Lookup.Missing();
        if (lookup instanceof Module.Lookup.Found found
                && compilation.declarations().entity(found.module(), found.declaration())
                        instanceof Entity.TypeName name
                && name.type() instanceof EnumType type) {
            return type;
        }
        return null;
    }

    private static Type named(Compilation compilation, Module module, TypeExpr.Named written, boolean behindReference) {
        String spelled = written.path().toString();
        if (!written.arguments().isEmpty() || written.size() != null || spelled.equals("ringbuf")) {
            if (MapKind.ofWord(spelled).isPresent()) {
                compilation.report(
                        at(written.span(), DiagnosticCode.E0336, "a map type stands in a `map` declaration only")
                                .withHelp("write `map name: " + written.span().text() + ";` at the top level"));
                return Type.Poison.POISON;
            }
            compilation.report(at(written.span(), DiagnosticCode.E0301, "`" + spelled + "` takes no type arguments"));
            return Type.Poison.POISON;
        }
        if (behindReference
                && written.path().isSimple()
                && module.lookup(spelled) instanceof Module.Lookup.Found found) {
            StructType inWork = compilation.declarations().structInWork(found.declaration());
            if (inWork != null) {
                return inWork;
            }
        }
        return switch (compilation.resolve(written.path(), module, new Scope())) {
            case Entity.TypeName name -> checkedUse(compilation, written, name.type(), behindReference);
            case Entity.Invalid _ -> Type.Poison.POISON;
            case Entity other -> {
                compilation.report(
                        written.span(),
                        DiagnosticCode.E0212,
                        "`" + spelled + "` is " + other.kind() + ", and a type is needed here");
                yield Type.Poison.POISON;
            }
        };
    }

    private static Type checkedUse(
            Compilation compilation, TypeExpr.Named written, Type type, boolean behindReference) {
        if (type instanceof StructType struct && struct.isKernel() && !behindReference) {
            compilation.report(at(
                            written.span(),
                            DiagnosticCode.E0335,
                            "a `kernel struct` lies in the kernel and is reached by reference only")
                    .withHelp("write `*" + type + "`"));
            return Type.Poison.POISON;
        }
        if (type instanceof Type.Context && !behindReference) {
            compilation.report(at(written.span(), DiagnosticCode.E0335, "a context is passed by reference only")
                    .withHelp("write `*" + type + "`"));
            return Type.Poison.POISON;
        }
        return type;
    }
}
