package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code kind<Key, Value>(entries)}, with what Linux demands of each kind when such a map is made. */
final class MapTypes {
    /** A key lies on the stack when it is looked up. */
    private static final long LARGEST_KEY = 512;

    private static final long LARGEST_VALUE = 1 << 22;
    /** What the kernel's allocator of per-CPU memory gives in one piece. */
    private static final long LARGEST_PER_CPU = 32_768;
    /** Bytes behind the prefix length. */
    private static final long LONGEST_PREFIX = 256;

    private static final long PAGE = 4096;

    private final Compilation compilation;
    private final Module module;
    private final MapKind kind;
    private final TypeExpr.Named written;

    MapTypes(Compilation compilation, Module module, MapKind kind, TypeExpr.Named written) {
        this.compilation = compilation;
        this.module = module;
        this.kind = kind;
        this.written = written;
    }

    /**
     * The type; null, reported, if it is wrong.
     *
     * @param outermost whether it may be a map of maps
     */
    Type.@Nullable Map read(boolean outermost) {
        List<TypeExpr> arguments = written.arguments();
        int wanted = switch (kind.shape()) {
            case KEY_AND_VALUE, KEY_AND_MAP -> 2;
            case KEY, VALUE -> 1;
            case NOTHING -> 0;
        };
        if (arguments.size() != wanted) {
            reportArguments();
            return null;
        }
        return switch (kind.shape()) {
            case KEY_AND_VALUE -> {
                Type key = key(arguments.getFirst());
                Type value = value(arguments.get(1));
                long entries = entries(key);
                yield key.poisoned() || value.poisoned() ? null : of(key, value, entries);
            }
            case KEY -> {
                Type key = key(arguments.getFirst());
                long entries = entries(key);
                Type value = kind == MapKind.PROG_ARRAY ? Type.Void.VOID : Type.Int.U32;
                yield key.poisoned() ? null : of(key, value, entries);
            }
            case VALUE -> {
                Type value = value(arguments.getFirst());
                long entries = entries(Type.Void.VOID);
                yield value.poisoned() ? null : of(Type.Void.VOID, value, entries);
            }
            case KEY_AND_MAP -> {
                Type key = key(arguments.getFirst());
                Type.Map inner = outermost ? inner(arguments.get(1)) : null;
                if (!outermost) {
                    compilation.report(
                            at(written.span(), DiagnosticCode.E0336, "a map inside a map of maps holds no maps itself")
                                    .withNote("Linux has one level of maps in maps"));
                }
                long entries = entries(key);
                yield key.poisoned() || inner == null ? null : of(key, inner, entries);
            }
            case NOTHING -> of(Type.Void.VOID, Type.Void.VOID, bytes());
        };
    }

    private Type.@Nullable Map of(Type key, Type value, long entries) {
        return entries < 0 ? null : new Type.Map(kind, key, value, entries);
    }

    private void reportArguments() {
        int given = written.arguments().size();
        String types = given + (given == 1 ? " type" : " types");
        compilation.report(
                switch (kind.shape()) {
                    case KEY_AND_VALUE ->
                        wrong("has a key type and a value type, not " + types, kind.word() + "<u32, u64>(1024)");
                    case KEY -> wrong("has a key type and nothing else, not " + types, kind.word() + "<u32>(8)");
                    case VALUE -> wrong("has a value type and no key, not " + types, kind.word() + "<u64>(1024)");
                    case KEY_AND_MAP ->
                        wrong(
                                "has a key type and the type of the maps inside, not " + types,
                                kind.word() + "<u32, array<u32, u64>(16)>(8)");
                    case NOTHING ->
                        wrong(
                                "has neither keys nor one type of values, but " + types + " are given",
                                kind.word() + "(64K)");
                });
    }

    private Diagnostic wrong(String what, String instead) {
        String map = kind.shape() == MapKind.Shape.KEY_AND_VALUE ? " map " : " ";
        return at(written.span(), DiagnosticCode.E0336, Words.a(kind.word()) + map + what)
                .withHelp("write `" + instead + "`");
    }

    private Type.@Nullable Map inner(TypeExpr type) {
        if (!(type instanceof TypeExpr.Named named)
                || MapKind.ofWord(named.path().toString()).isEmpty()) {
            if (!(type instanceof TypeExpr.Invalid)) {
                compilation.report(at(type.span(), DiagnosticCode.E0336, Words.a(kind.word()) + " holds maps")
                        .withHelp("write the type of the maps inside, such as `array<u32, u64>(16)`"));
            }
            return null;
        }
        MapKind inside = MapDeclarations.kind(compilation, named).orElse(null);
        if (inside == null) {
            return null;
        }
        if (inside == MapKind.PROG_ARRAY) {
            // Linux takes none: which programs are in it is known only when it is found.
            compilation.report(type.span(), DiagnosticCode.E0336, "a `prog_array` cannot be inside another map");
            return null;
        }
        return new MapTypes(compilation, module, inside, named).read(false);
    }

    /** Poison, reported, if it is no key of such a map. */
    private Type key(TypeExpr type) {
        Type key = TypeNames.read(compilation, module, type);
        return key.poisoned() || (checkKey(key, type.span()) && checkSize(key, type.span(), "key", LARGEST_KEY))
                ? key
                : Type.Poison.POISON;
    }

    private Type value(TypeExpr type) {
        Type value = TypeNames.read(compilation, module, type);
        boolean good = value.poisoned()
                || (MemoryRules.checkShared(compilation, value, type.span(), "a map")
                        && LockedValues.check(compilation, kind, value, type.span())
                        && checkSize(value, type.span(), "value", kind.perCpu() ? LARGEST_PER_CPU : LARGEST_VALUE));
        return good ? value : Type.Poison.POISON;
    }

    private void reportNoEntries() {
        compilation.report(
                at(written.span(), DiagnosticCode.E0336, Words.a(kind.word()) + " map states how many entries it has")
                        .withHelp("write `" + written.span().text() + "(1024)`"));
    }

    private long entries(Type key) {
        if (written.size() == null) {
            if (kind.keys() == MapKind.Keys.INDEX && key instanceof EnumType index) {
                return index.members().size();
            }
            if (!key.poisoned()) {
                reportNoEntries();
            }
            return -1;
        }
        return number("the number of entries");
    }

    private long number(String what) {
        if (written.size() == null) {
            return -1;
        }
        BigInteger number = Body.ofConstant(compilation, module).constantNumber(written.size(), what);
        if (number == null) {
            return -1;
        }
        if (number.signum() <= 0 || number.bitLength() > 32) {
            compilation.report(
                    written.size().span(), DiagnosticCode.E0336, "a map has 1 to 4294967295 entries, not " + number);
            return -1;
        }
        return number.longValue();
    }

    /** The size of a ring buffer: whole pages, and a power of two, so that a position is masked to a place. */
    private long bytes() {
        if (written.size() == null) {
            compilation.report(
                    at(written.span(), DiagnosticCode.E0336, Words.a(kind.word()) + " states how many bytes it has")
                            .withHelp("write `" + kind.word() + "(256K)`"));
            return -1;
        }
        long bytes = number("the size of a ring buffer");
        if (bytes < 0 || (Long.bitCount(bytes) == 1 && bytes >= PAGE)) {
            return bytes;
        }
        long next = Math.max(PAGE, Long.highestOneBit(bytes) << 1);
        compilation.report(at(
                        written.size().span(),
                        DiagnosticCode.E0336,
                        Words.a(kind.word()) + " has a power of two of bytes, at least " + PAGE + ", not " + bytes)
                .withHelp("write `" + (next % 1024 == 0 ? next / 1024 + "K" : next) + "`"));
        return -1;
    }

    private boolean checkKey(Type key, Span span) {
        return switch (kind.keys()) {
            case NONE -> true;
            case ANY -> MemoryRules.checkShared(compilation, key, span, "the key of a map") && checkBytes(key, span);
            case INDEX -> checkIndex(key, span);
        };
    }

    private boolean checkIndex(Type key, Span span) {
        if (key instanceof EnumType index) {
            return MemoryRules.checkIndexes(compilation, index, span);
        }
        if (key instanceof Type.Int number && !number.signed() && number.bits() <= 32) {
            return true;
        }
        Diagnostic diagnostic = at(
                        span,
                        DiagnosticCode.E0336,
                        "the key of " + Words.a(kind.word()) + " map is `u8`, `u16`, `u32` or an enum, not `" + key
                                + "`")
                .withNote("an array is indexed by 0 to the number of entries - 1");
        compilation.report(
                switch (kind) {
                    case DEVMAP -> diagnostic.withHelp("use a `devmap_hash<u32>` for numbers that are far apart");
                    case ARRAY_OF_MAPS -> diagnostic.withHelp("use a `hash_of_maps` for other keys");
                    default -> diagnostic.withHelp("use a `hash` for other keys");
                });
        return false;
    }

    private boolean checkBytes(Type key, Span span) {
        if (kind == MapKind.DEVMAP_HASH && !key.equals(Type.Int.U32)) {
            compilation.report(span, DiagnosticCode.E0336, "the key of a `devmap_hash` is a `u32`, not `" + key + "`");
            return false;
        }
        return kind != MapKind.LPM_TRIE || checkPrefix(key, span);
    }

    private boolean checkPrefix(Type key, Span span) {
        if (key instanceof StructType struct) {
            List<Field> fields = struct.fields();
            if (!fields.isEmpty()
                    && fields.getFirst().type().equals(Type.Int.U32)
                    && struct.size() > 4
                    && struct.size() <= 4 + LONGEST_PREFIX) {
                return true;
            }
        }
        compilation.report(at(span, DiagnosticCode.E0336, "the key of an `lpm_trie` begins with the prefix length")
                .withNote("it is a struct whose first field is a `u32`, followed by the 1 to " + LONGEST_PREFIX
                        + " bytes to compare")
                .withHelp("for IPv4 use `Lpm4` of the module `net`"));
        return false;
    }

    private boolean checkSize(Type type, Span span, String what, long most) {
        if (type.size() >= 1 && type.size() <= most) {
            return true;
        }
        compilation.report(
                span,
                DiagnosticCode.E0336,
                "the " + what + " of " + Words.a(kind.word()) + " map takes 1 to " + most + " bytes, and `" + type
                        + "` takes " + type.size());
        return false;
    }
}
