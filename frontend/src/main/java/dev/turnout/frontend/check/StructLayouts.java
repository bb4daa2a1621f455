package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Places the fields of structs (as C does) and headers (as the wire does); {@link StructType} states the rules. */
final class StructLayouts {
    private final Compilation compilation;
    private final Module module;
    private final Decl.Struct declaration;
    private final List<Field> fields = new ArrayList<>();
    /** Where the next field may begin, in bits. */
    private long bits;

    private long align = 1;
    /** The first bit field of the run that the last field belongs to. */
    private Decl.@Nullable Field runStart;

    private StructLayouts(Compilation compilation, Module module, Decl.Struct declaration) {
        this.compilation = compilation;
        this.module = module;
        this.declaration = declaration;
    }

    static void complete(Compilation compilation, Module module, Decl.Struct declaration, StructType type) {
        new StructLayouts(compilation, module, declaration).lay(type);
    }

    private void lay(StructType type) {
        Map<String, Decl.Field> names = new HashMap<>();
        for (Decl.Field field : declaration.fields()) {
            Type fieldType = type.isKernel()
                    ? TypeNames.inKernel(compilation, module, field.type())
                    : TypeNames.read(compilation, module, field.type());
            long stated =
                    Attributes.align(compilation, module, field.attributes(), type.kind() == StructType.Kind.STRUCT);
            Decl.Field other = names.putIfAbsent(field.name().text(), field);
            if (other != null) {
                compilation.report(at(
                                field.name().span(),
                                DiagnosticCode.E0202,
                                "`" + type.name() + "` has two fields called `"
                                        + field.name().text() + "`")
                        .withLabel(other.name().span(), "first declared here"));
            } else if (type.isHeader()) {
                layInHeader(type, field, fieldType);
            } else if (type.isKernel()) {
                layInKernel(field, fieldType);
            } else {
                layInStruct(field, fieldType, stated);
            }
        }
        if (runStart != null) {
            endRun("the end of the header");
        }
        long size = (bits + 7) / 8;
        type.complete(fields, (size + align - 1) / align * align, align);
    }

    private void layInStruct(Decl.Field field, Type type, long stated) {
        if (type.poisoned()) {
            add(field, type, 0, 0);
            return;
        }
        String reason = type instanceof Type.Bits bitField
                ? "bit fields stand in a `header`; in a `struct`, use `" + bitField.read() + "`"
                : MemoryRules.whyNotStored(type);
        if (reason != null) {
            compilation.report(
                    at(field.type().span(), DiagnosticCode.E0312, "a field of a `struct` cannot be " + Words.a(type))
                            .withNote(reason));
            add(field, Type.Poison.POISON, 0, 0);
            return;
        }
        long fieldAlign = Math.max(type.align(), stated);
        align = Math.max(align, fieldAlign);
        long offset = (bits / 8 + fieldAlign - 1) / fieldAlign * fieldAlign;
        bits = (offset + type.size()) * 8;
        if (bits / 8 > TypeNames.LARGEST) {
            compilation.report(
                    field.span(), DiagnosticCode.E0302, "`" + declaration.name().text() + "` takes more than 16 MiB");
            bits = 0;
        }
        add(field, type, offset, 0);
    }

    /** In the order of the text, one behind the other as C does: where they lie in a kernel is found when the object is loaded. */
    private void layInKernel(Decl.Field field, Type type) {
        String reason = type.poisoned() ? null : whyNotInKernel(type);
        if (type.poisoned() || reason != null) {
            if (reason != null) {
                compilation.report(at(
                                field.type().span(),
                                DiagnosticCode.E0312,
                                "a field of a `kernel struct` cannot be " + Words.a(type))
                        .withNote(reason));
            }
            add(field, Type.Poison.POISON, 0, 0);
            return;
        }
        align = Math.max(align, type.align());
        long offset = (bits / 8 + type.align() - 1) / type.align() * type.align();
        bits = (offset + type.size()) * 8;
        if (bits / 8 > LARGEST_IN_KERNEL) {
            compilation.report(
                    field.span(),
                    DiagnosticCode.E0302,
                    "`" + declaration.name().text() + "` takes more than " + LARGEST_IN_KERNEL + " bytes");
            bits = 0;
        }
        add(field, type, offset, 0);
    }

    /** Offsets in BTF count bits, in 32 of them. */
    private static final long LARGEST_IN_KERNEL = 1 << 20;

    private static @Nullable String whyNotInKernel(Type type) {
        return switch (type) {
            case Type.Int _, Type.BigEndian _, Type.Bool _ -> null;
            case EnumType enumeration ->
                enumeration.open() ? null : "the kernel may store any value there; use an `open enum` or a number";
            case StructType struct ->
                !struct.isComplete()
                        ? "it would contain itself; a `*" + struct + "` can stand there"
                        : struct.isKernel() ? null : "a struct inside it is a `kernel struct` too";
            case Type.Ref ref ->
                ref.kernel() ? null : "pointers of the kernel lead to `kernel struct`s; use a `u64` for others";
            case Type.Array array -> whyNotInKernel(array.element());
            default -> "the kernel's structs hold numbers, arrays, pointers and each other";
        };
    }

    private void layInHeader(StructType header, Decl.Field field, Type type) {
        if (type.poisoned()) {
            add(field, type, 0, 0);
            return;
        }
        int width = type instanceof Type.Bits bitField ? bitField.bits() : type instanceof Type.Bool ? 1 : 0;
        if (width == 0 && runStart != null) {
            endRun("`" + field.name().text() + "`");
        }
        String reason = whyNotOnWire(type);
        if (reason != null) {
            compilation.report(
                    at(field.type().span(), DiagnosticCode.E0312, "a field of a `header` cannot be " + Words.a(type))
                            .withNote(reason));
            add(field, Type.Poison.POISON, 0, 0);
            return;
        }
        add(field, type, bits / 8, width);
        bits += width == 0 ? type.size() * 8 : width;
        if (width != 0) {
            runStart = bits % 8 == 0 ? null : runStart == null ? field : runStart;
        }
        if (bits / 8 > 65_535) {
            compilation.report(
                    field.span(),
                    DiagnosticCode.E0302,
                    "`" + header.name() + "` is longer than any packet: more than 65535 bytes");
            bits = 0;
        }
    }

    private void endRun(String before) {
        Decl.Field first = runStart;
        if (first == null) {
            return;
        }
        long over = bits % 8;
        compilation.report(at(
                        first.span(),
                        DiagnosticCode.E0312,
                        "the bit fields from `" + first.name().text() + "` on do not end on a byte")
                .withNote(over + " bits of the last byte are used at " + before)
                .withHelp("add a field of " + (8 - over) + " bits, such as `reserved: u" + (8 - over) + "`"));
        bits += 8 - over;
        runStart = null;
    }

    private static @Nullable String whyNotOnWire(Type type) {
        return switch (type) {
            case Type.Bits _, Type.Bool _, Type.BigEndian _ -> null;
            case Type.Int number ->
                number.bits() == 8 ? null : "on the wire numbers are in network order: use `be" + number.bits() + "`";
            case EnumType enumeration ->
                !enumeration.open()
                        ? "a packet may hold any value; use an `open enum`"
                        : enumeration.underlying().bits() == 8
                                ? null
                                : "an enum of more than 8 bits has no network order; use `be"
                                        + enumeration.underlying().bits() + "`";
            case StructType struct -> struct.isHeader() ? null : "`" + struct + "` is a `struct`; use a `header`";
            case Type.Array array -> whyNotOnWire(array.element());
            default -> "a packet holds numbers, bytes and headers only";
        };
    }

    private void add(Decl.Field field, Type type, long offset, int bitSize) {
        fields.add(new Field(
                field.name().text(),
                fields.size(),
                type,
                offset,
                bitSize == 0 ? 0 : (int) (bits % 8),
                bitSize,
                field.name().span()));
    }
}
