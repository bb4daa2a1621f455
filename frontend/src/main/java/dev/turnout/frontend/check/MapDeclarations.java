package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code map name: kind<Key, Value>(entries);} */
final class MapDeclarations {
    /** The kinds that programs can use so far: those whose values are read and written in place, and tables of programs. */
    private static final Set<MapKind> SUPPORTED = Set.of(
            MapKind.HASH,
            MapKind.ARRAY,
            MapKind.PERCPU_HASH,
            MapKind.PERCPU_ARRAY,
            MapKind.LRU_HASH,
            MapKind.LRU_PERCPU_HASH,
            MapKind.LPM_TRIE,
            MapKind.PROG_ARRAY);

    private MapDeclarations() {}

    static Entity resolve(Compilation compilation, Module module, Decl.Map one) {
        Attributes.MapForm form =
                Attributes.map(compilation, module, one.modifiers().attributes());
        if (!(one.type() instanceof TypeExpr.Named written)) {
            if (!(one.type() instanceof TypeExpr.Invalid)) {
                compilation.report(at(one.type().span(), DiagnosticCode.E0336, "a map has a map type")
                        .withHelp("write `map " + one.name().text() + ": hash<u32, u64>(1024);`"));
            }
            return Entity.Invalid.INVALID;
        }
        Optional<MapKind> kind = MapKind.ofWord(written.path().toString());
        if (kind.isEmpty()) {
            List<String> known = new ArrayList<>();
            for (MapKind row : MapKind.values()) {
                known.add(row.word());
            }
            Diagnostic diagnostic =
                    at(written.path().span(), DiagnosticCode.E0336, "there is no map kind `" + written.path() + "`");
            compilation.report(
                    Compilation.suggest(diagnostic, written.path().toString(), known)
                            .withNote(
                                    "the kinds for everyday use are `hash`, `array`, `percpu_hash`, `percpu_array`, `lru_hash`"));
            return Entity.Invalid.INVALID;
        }
        if (!SUPPORTED.contains(kind.get())) {
            compilation.unsupported(written.path().span(), Words.a(kind.get().word()) + " map");
            return Entity.Invalid.INVALID;
        }
        if (one.rows() != null && kind.get() != MapKind.PROG_ARRAY) {
            compilation.report(at(
                            one.name().span(),
                            DiagnosticCode.E0336,
                            Words.a(kind.get().word()) + " map has no initialiser")
                    .withNote("only `prog_array` and maps of maps take rows; other maps start empty, or zero"));
        }
        return new MapDeclarations.Reader(compilation, module, one, written, kind.get()).read(form);
    }

    /** One declaration being read. */
    private record Reader(
            Compilation compilation, Module module, Decl.Map declaration, TypeExpr.Named written, MapKind kind) {
        Entity read(Attributes.MapForm form) {
            if (kind == MapKind.PROG_ARRAY) {
                return programs(form);
            }
            if (written.arguments().size() != 2) {
                compilation.report(at(
                                written.span(),
                                DiagnosticCode.E0336,
                                Words.a(kind.word()) + " map has a key type and a value type, not "
                                        + written.arguments().size() + " types")
                        .withHelp("write `" + kind.word() + "<u32, u64>(1024)`"));
                return Entity.Invalid.INVALID;
            }
            TypeExpr keyWritten = written.arguments().get(0);
            TypeExpr valueWritten = written.arguments().get(1);
            Type key = TypeNames.read(compilation, module, keyWritten);
            Type value = TypeNames.read(compilation, module, valueWritten);
            long entries = entries(key);
            if (key.poisoned() || value.poisoned() || entries < 0) {
                return Entity.Invalid.INVALID;
            }
            boolean good = checkKey(key, keyWritten.span())
                    && MemoryRules.checkShared(compilation, value, valueWritten.span(), "a map")
                    && checkSize(value, valueWritten.span(), "value", 1 << 22)
                    && checkSize(key, keyWritten.span(), "key", 512);
            return good
                    ? new Entity.MapName(new Symbol.MapSymbol(
                            declaration.name().text(),
                            module.linkName(declaration.name().text()),
                            new Type.Map(kind, key, value, entries),
                            // A longest-prefix trie must be allocated entry by entry: BPF_F_NO_PREALLOC.
                            form.flags() | (kind == MapKind.LPM_TRIE ? 1 : 0),
                            form.pinned(),
                            List.of(),
                            declaration.name().span()))
                    : Entity.Invalid.INVALID;
        }

        /** {@code prog_array<Key>(entries) = { key => program, … };} */
        private Entity programs(Attributes.MapForm form) {
            if (written.arguments().size() != 1) {
                compilation.report(at(
                                written.span(),
                                DiagnosticCode.E0336,
                                "a `prog_array` has a key type and nothing else, not "
                                        + written.arguments().size() + " types")
                        .withHelp("write `prog_array<u32>(8)`"));
                return Entity.Invalid.INVALID;
            }
            Type key = TypeNames.read(compilation, module, written.arguments().getFirst());
            long entries = entries(key);
            if (key.poisoned()
                    || entries < 0
                    || !checkKey(key, written.arguments().getFirst().span())) {
                return Entity.Invalid.INVALID;
            }
            Type.Map type = new Type.Map(kind, key, Type.Void.VOID, entries);
            return new Entity.MapName(new Symbol.MapSymbol(
                    declaration.name().text(),
                    module.linkName(declaration.name().text()),
                    type,
                    form.flags(),
                    form.pinned(),
                    new ProgramRows(compilation, module, type).read(declaration.rows()),
                    declaration.name().span()));
        }

        private long entries(Type key) {
            if (written.size() == null) {
                if (kind.keys() == MapKind.Keys.INDEX && key instanceof EnumType index) {
                    return index.members().size();
                }
                if (!key.poisoned()) {
                    compilation.report(at(
                                    written.span(),
                                    DiagnosticCode.E0336,
                                    Words.a(kind.word()) + " map states how many entries it has")
                            .withHelp("write `" + written.span().text() + "(1024)`"));
                }
                return -1;
            }
            BigInteger number =
                    Body.ofConstant(compilation, module).constantNumber(written.size(), "the number of entries");
            if (number == null) {
                return -1;
            }
            if (number.signum() <= 0 || number.bitLength() > 32) {
                compilation.report(
                        written.size().span(),
                        DiagnosticCode.E0336,
                        "a map has 1 to 4294967295 entries, not " + number);
                return -1;
            }
            return number.longValue();
        }

        private boolean checkKey(Type key, Span span) {
            if (kind.keys() != MapKind.Keys.INDEX) {
                return MemoryRules.checkShared(compilation, key, span, "a map") && checkTrieKey(key, span);
            }
            if (key instanceof EnumType index) {
                return MemoryRules.checkIndexes(compilation, index, span);
            }
            if (key instanceof Type.Int number && !number.signed() && number.bits() <= 32) {
                return true;
            }
            compilation.report(at(
                            span,
                            DiagnosticCode.E0336,
                            "the key of " + Words.a(kind.word()) + " map is `u8`, `u16`, `u32` or an enum, not `" + key
                                    + "`")
                    .withNote("an array is indexed by 0 to the number of entries - 1")
                    .withHelp("use a `hash` for other keys"));
            return false;
        }

        private boolean checkTrieKey(Type key, Span span) {
            if (kind != MapKind.LPM_TRIE) {
                return true;
            }
            if (key instanceof StructType struct) {
                List<Field> fields = struct.fields();
                if (!fields.isEmpty() && fields.getFirst().type().equals(Type.Int.U32) && struct.size() > 4) {
                    return true;
                }
            }
            compilation.report(at(span, DiagnosticCode.E0336, "the key of an `lpm_trie` begins with the prefix length")
                    .withNote("it is a struct whose first field is a `u32`, followed by the bytes to compare")
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
                    "the " + what + " of a map takes 1 to " + most + " bytes, and `" + type + "` takes " + type.size());
            return false;
        }
    }
}
