package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which types may live where, and what their zero is. */
final class MemoryRules {
    private MemoryRules() {}

    /** Why a type cannot be a field or an element, as a sentence; null if it can. */
    static @Nullable String whyNotStored(Type type) {
        return switch (type) {
            case Type.Ref _ -> "references live in locals, parameters and results only";
            case Type.Own _ -> "what is owned lives in locals, parameters and results only";
            case Type.Cursor _ -> "a cursor lives in locals, parameters and results only";
            case Type.Slice _ -> "a slice is a parameter or a local";
            case Type.Array array -> whyNotValue(array);
            case StructType struct -> struct.isKernel() ? "`" + struct + "` lies in the kernel" : null;
            case Type.Maybe maybe ->
                maybe.of() instanceof Type.Void ? "`?void` is a result only" : whyNotStored(maybe.of());
            case Type.Void _ -> "`void` has no values";
            case Type.Bits bits -> "`" + bits + "` is a bit field, which stands in a `header` only";
            case Type.Context _, Type.Packet _, Type.Text _, Type.Map _ -> "`" + type + "` has no memory form";
            default -> null;
        };
    }

    /**
     * Why a type that can be referred to has no values of its own, as a sentence; null if it has. Of functions in a row there are
     * tables only: in a frame a machine follows a function in a fixed place, not in one that an index chooses.
     */
    static @Nullable String whyNotValue(Type type) {
        if (type instanceof Type.SpinLock) {
            return "a lock is a field of a map's value, and lies nowhere else";
        }
        return type instanceof Type.Array array && FunctionValues.isFunction(array.element())
                ? "functions stand in a row in a `table` only, which is passed by reference"
                : null;
    }

    /** Reports if a local, a parameter or a result cannot be of a type; gives the type, or poison. */
    static Type checkValue(Compilation compilation, Type type, Span span, String what) {
        String reason = whyNotValue(type);
        if (reason == null) {
            return type;
        }
        compilation.report(at(span, DiagnosticCode.E0311, what + " cannot be " + Words.a(type))
                .withNote(reason));
        return Type.Poison.POISON;
    }

    /** Why a type cannot live in memory that others write, as a sentence; null if it can. */
    static @Nullable String whyNotShared(Type type) {
        return switch (type) {
            case EnumType enumeration ->
                enumeration.open()
                        ? null
                        : "others may store a value there that is no member of `" + enumeration
                                + "`; use an `open enum`, or a number and `" + enumeration + ".from`";
            case Type.Maybe _ -> "memory that others write holds no nullable values";
            case Type.Function _ -> "memory that others write holds no function values";
            case Type.Array array -> whyNotShared(array.element());
            case StructType struct -> {
                if (struct.isKernel()) {
                    yield "`" + struct + "` lies in the kernel";
                }
                for (Field field : struct.fields()) {
                    String reason = whyNotShared(field.read());
                    if (reason != null) {
                        yield "its field `" + field.name() + "` cannot: " + reason;
                    }
                }
                yield null;
            }
            default -> whyNotStored(type);
        };
    }

    /** Why a type has no constants, as a sentence; null if it has. */
    static @Nullable String whyNotConstant(Type type) {
        return switch (type) {
            case Type.Function _ -> "the address of a function is not known while compiling";
            case Type.Array array -> whyNotConstant(array.element());
            case StructType struct -> {
                for (Field field : struct.fields()) {
                    String reason = whyNotConstant(field.read());
                    if (reason != null) {
                        yield "its field `" + field.name() + "`: " + reason;
                    }
                }
                yield null;
            }
            default -> whyNotStored(type);
        };
    }

    /** Whether {@code type} may live in {@code what}; reports if not. Poison may, quietly. */
    static boolean checkShared(Compilation compilation, Type type, Span span, String what) {
        if (type.poisoned()) {
            return true;
        }
        String reason = type.holdsLock() && !what.equals("a map")
                ? "a `spin_lock` lies in the value of a map"
                : whyNotShared(type);
        if (reason == null) {
            return true;
        }
        compilation.report(at(span, DiagnosticCode.E0311, "`" + type + "` cannot live in " + what)
                .withNote(reason));
        return false;
    }

    /** Whether an enum can index an array; reports if not. */
    static boolean checkIndexes(Compilation compilation, EnumType type, Span span) {
        if (type.isDense()) {
            return true;
        }
        compilation.report(at(span, DiagnosticCode.E0333, "`" + type + "` cannot index an array")
                .withNote("its values must be 0 to " + (type.members().size() - 1) + " without gaps")
                .withLabel(type.declared(), "declared here"));
        return false;
    }

    /** The value of all zero bytes, or null if the type has none. */
    static @Nullable Constant zero(Type type) {
        return switch (type) {
            case Type.Int _, Type.Bits _, Type.Bool _, Type.BigEndian _ -> Constant.ZERO;
            case EnumType enumeration ->
                enumeration.open() || enumeration.member(BigInteger.ZERO).isPresent() ? Constant.ZERO : null;
            case Type.Maybe _ -> new Constant.Absent();
            case Type.Array array -> {
                Constant element = zero(array.element());
                yield element == null && array.count() > 0
                        ? null
                        : new Constant.Repeat(element == null ? Constant.ZERO : element, array.count());
            }
            case StructType struct -> {
                List<Constant> fields = new ArrayList<>();
                for (Field field : struct.fields()) {
                    Constant zero = field.type().poisoned() ? Constant.ZERO : zero(field.type());
                    if (zero == null) {
                        yield null;
                    }
                    fields.add(zero);
                }
                yield new Constant.Fields(fields);
            }
            case Type.SpinLock _ -> Constant.ZERO;
            case Type.Ref _, Type.Own _, Type.Function _, Type.Slice _ -> null;
            case Type.Cursor _, Type.Context _, Type.Packet _, Type.Text _ -> null;
            case Type.Void _, Type.Map _, Type.Exact _, Type.Null _, Type.Never _, Type.Poison _ -> null;
        };
    }

    /** What in a type has no zero, for messages: {@code a reference}. */
    static String whyNoZero(Type type) {
        return switch (type) {
            case EnumType enumeration -> "`" + enumeration + "` is closed and has no member with the value 0";
            case Type.Ref _, Type.Own _ -> "a reference is never null";
            case Type.Function _ -> "a function value is never null";
            case Type.Cursor _ -> "a cursor comes from `ctx.cursor()`";
            case Type.Array array -> whyNoZero(array.element());
            case StructType struct -> {
                for (Field field : struct.fields()) {
                    if (zero(field.type()) == null) {
                        yield "its field `" + field.name() + "`: " + whyNoZero(field.type());
                    }
                }
                yield "`" + struct + "` has no zero";
            }
            default -> "`" + type + "` has no zero";
        };
    }
}
