package dev.turnout.bpf.object;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.DebugTypeReader;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.program.SpecialFields;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads map definitions: of {@code .maps}, where BTF says all (a struct whose members point to the key's and value's types
 * and to arrays whose lengths are numbers), and of the {@code maps} section of old, five 32-bit words each.
 */
final class MapReader {
    private static final DebugType VOID = new DebugType.Void();
    private static final int LEGACY_SIZE = 20;

    private final ElfImage image;
    private final Btf btf;
    private final DebugTypeReader types;
    private final Map<Integer, ElfReader.Part> parts;
    private final List<ObjectMap> maps = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    MapReader(ElfImage image, Btf btf, DebugTypeReader types, Map<Integer, ElfReader.Part> parts) {
        this.image = image;
        this.parts = parts;
        this.btf = btf;
        this.types = types;
    }

    List<ObjectMap> read() {
        image.section(Elf.MAPS).ifPresent(this::described);
        image.section("maps").ifPresent(this::legacy);
        return maps;
    }

    private static ElfImage.Broken broken(String map, String what) {
        return ElfReader.broken(DiagnosticCode.O0117, "map `" + map + "` " + what);
    }

    private void add(ObjectMap map) {
        if (!names.add(map.name())) {
            throw broken(map.name(), "is defined twice");
        }
        maps.add(map);
    }

    private void described(ElfImage.Section section) {
        Map<String, Integer> variables = new HashMap<>();
        btf.dataSection(Elf.MAPS).ifPresent(found -> {
            for (BtfType.Placement placement : found.variables()) {
                btf.find(placement.variable())
                        .ifPresent(variable -> variables.put(variable.name(), placement.variable()));
            }
        });
        MapRows all = MapRows.read(image, section, parts.values());
        for (ElfImage.Symbol symbol : image.symbols()) {
            if (symbol.section() != section.index() || symbol.type() != Elf.OBJECT) {
                continue;
            }
            Integer variable = variables.get(symbol.name());
            if (variable == null) {
                throw broken(symbol.name(), "has no definition in `.BTF`; compile with `-g`");
            }
            add(definition(symbol.name(), variable, all.of(symbol), true));
        }
    }

    private BtfType strip(int id) {
        int at = id;
        for (int i = 0; i < 32; i++) {
            BtfType type = btf.find(at).orElse(null);
            switch (type) {
                case BtfType.Modifier modifier -> at = modifier.to();
                case BtfType.Typedef typedef -> at = typedef.to();
                case BtfType.Variable variable -> at = variable.type();
                case null -> {
                    return new BtfType.Forward("", false);
                }
                default -> {
                    return type;
                }
            }
        }
        return new BtfType.Forward("", false);
    }

    /** What is being gathered of a definition. */
    private static final class Gathered {
        long type;
        long keySize;
        long valueSize;
        long maxEntries;
        long flags;
        long extra;
        long pinning;
        DebugType key = VOID;
        DebugType value = VOID;
        int valueType;
        Optional<ObjectMap> inner = Optional.empty();
        List<ObjectMap.Row> rows = List.of();
    }

    private ObjectMap definition(String map, int variable, MapRows rows, boolean outermost) {
        if (!(strip(variable) instanceof BtfType.Composite struct) || struct.union()) {
            throw broken(map, "is not defined by a struct");
        }
        Gathered found = new Gathered();
        for (BtfType.Member member : struct.members()) {
            switch (member.name()) {
                case "type" -> found.type = number(map, member);
                case "max_entries" -> found.maxEntries = number(map, member);
                case "map_flags" -> found.flags = number(map, member);
                case "key_size" -> found.keySize = agreed(map, "key", found.keySize, number(map, member));
                case "value_size" -> found.valueSize = agreed(map, "value", found.valueSize, number(map, member));
                case "map_extra" -> found.extra = number(map, member);
                case "pinning" -> found.pinning = number(map, member);
                case "numa_node" -> number(map, member);
                case "key" -> {
                    found.key = pointee(map, member);
                    found.keySize = agreed(map, "key", found.keySize, found.key.size());
                }
                case "value" -> {
                    found.value = pointee(map, member);
                    found.valueType = strip(member.type()) instanceof BtfType.Pointer(int to) ? to : 0;
                    found.valueSize = agreed(map, "value", found.valueSize, found.value.size());
                }
                case "values" -> {
                    // Maps that hold programs or maps hold them by number.
                    found.valueSize = agreed(map, "value", found.valueSize, 4);
                    found.rows = rows.behind(member.bitOffset() / 8);
                    found.inner = outermost ? inner(map, member, rows) : Optional.empty();
                }
                default -> throw broken(map, "has the unknown property `" + member.name() + "`");
            }
        }
        MapKind kind =
                MapKind.ofKernelId(found.type).orElseThrow(() -> broken(map, "is of the unknown type " + found.type));
        if (kind == MapKind.PROG_ARRAY) {
            rows.check(found.rows, found.maxEntries);
        }
        return map(map, kind, found, found.pinning == 1);
    }

    /** What the maps in a map of maps are like: the struct that the pointers of {@code values} lead to. */
    private Optional<ObjectMap> inner(String map, BtfType.Member values, MapRows rows) {
        return strip(values.type()) instanceof BtfType.Array array
                        && strip(array.of()) instanceof BtfType.Pointer(int to)
                        && strip(to) instanceof BtfType.Composite
                ? Optional.of(definition(map + ".inner", to, rows, false))
                : Optional.empty();
    }

    private ObjectMap map(String name, MapKind kind, Gathered found, boolean pinned) {
        if (found.keySize < 0 || found.keySize > 1 << 20 || found.valueSize < 0 || found.valueSize > 1 << 30) {
            throw broken(name, "has keys of " + found.keySize + " bytes and values of " + found.valueSize + " bytes");
        }
        return new ObjectMap(
                name,
                kind,
                (int) found.keySize,
                (int) found.valueSize,
                found.key,
                found.value,
                found.maxEntries,
                (int) found.flags,
                found.extra,
                pinned,
                found.rows,
                found.inner,
                SpecialFields.ofValue(btf, kind, (int) found.flags, found.valueType, found.valueSize));
    }

    private static long agreed(String map, String what, long known, long size) {
        if (known != 0 && known != size) {
            throw broken(map, "states " + known + " and " + size + " bytes for its " + what);
        }
        return size;
    }

    /** A length of an array as a rule; a number past those is the one member of an enumeration. */
    private long number(String map, BtfType.Member member) {
        if (strip(member.type()) instanceof BtfType.Enumeration one
                && one.members().size() == 1) {
            return one.members().getFirst().value();
        }
        if (strip(member.type()) instanceof BtfType.Pointer(int to) && strip(to) instanceof BtfType.Array array) {
            return array.count();
        }
        throw broken(map, "has a property `" + member.name() + "` that is no pointer to an array");
    }

    private DebugType pointee(String map, BtfType.Member member) {
        if (strip(member.type()) instanceof BtfType.Pointer(int to)) {
            return types.type(to);
        }
        throw broken(map, "has a property `" + member.name() + "` that is no pointer");
    }

    private void legacy(ElfImage.Section section) {
        ByteBuffer in = section.view();
        for (ElfImage.Symbol symbol : image.symbols()) {
            if (symbol.section() != section.index()
                    || symbol.type() == Elf.SECTION
                    || symbol.name().isEmpty()) {
                continue;
            }
            if (symbol.value() < 0 || symbol.value() > in.limit() - LEGACY_SIZE) {
                throw broken(symbol.name(), "is cut short: a definition has " + LEGACY_SIZE + " bytes");
            }
            int at = (int) symbol.value();
            Gathered found = new Gathered();
            found.keySize = Integer.toUnsignedLong(in.getInt(at + 4));
            found.valueSize = Integer.toUnsignedLong(in.getInt(at + 8));
            found.maxEntries = Integer.toUnsignedLong(in.getInt(at + 12));
            found.flags = in.getInt(at + 16);
            long type = Integer.toUnsignedLong(in.getInt(at));
            MapKind kind =
                    MapKind.ofKernelId(type).orElseThrow(() -> broken(symbol.name(), "is of the unknown type " + type));
            add(map(symbol.name(), kind, found, false));
        }
    }
}
