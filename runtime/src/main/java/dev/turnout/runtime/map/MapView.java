package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A map's content as data: {@code {"kind": "hash", "entries": [{"key": …, "value": …}]}}. What is printed can be read back.
 * It knows definitions and bytes only, so it serves maps of this machine and of the kernel alike.
 *
 * <p>A value of a per-CPU map is a list, one value a CPU. A preset may give such a list (at most as long as there are CPUs; the
 * others get zeros) or a single value, which every CPU gets.
 */
public final class MapView {
    private MapView() {}

    /**
     * An entry of a preset.
     *
     * @param key null in a map without keys
     */
    public record Row(@Nullable Datum key, Datum value) {
        /** Empty if it is no object with {@code value}, and perhaps {@code key}, alone. */
        public static Optional<Row> of(Datum datum) {
            if (!(datum instanceof Datum.Fields(Map<String, Datum> fields))) {
                return Optional.empty();
            }
            Datum key = fields.get("key");
            Datum value = fields.get("value");
            return value == null || fields.size() != (key == null ? 1 : 2)
                    ? Optional.empty()
                    : Optional.of(new Row(key, value));
        }
    }

    /**
     * Entries as data, in the order of their keys: numbers by size, all else by their bytes. Values without keys keep their order, which
     * is the one in which they would come out.
     */
    public static Datum show(MapDefinition definition, List<MapEntry> entries) {
        if (hasNoKeys(definition)) {
            return map(
                    definition.kind(),
                    entries.stream()
                            .map(entry -> (Datum) new Datum.Fields(Map.of("value", value(definition, entry))))
                            .toList());
        }
        record Shown(Datum key, MapEntry entry) {}
        List<Shown> all = new ArrayList<>(entries.size());
        for (MapEntry entry : entries) {
            all.add(new Shown(TypedBytes.show(definition.key(), entry.key()), entry));
        }
        // The sort is stable and the entries came in the order of their bytes.
        all.sort(Comparator.comparing(Shown::key, MapView::byNumber));
        List<Datum> rows = new ArrayList<>(all.size());
        for (Shown one : all) {
            rows.add(row(one.key(), value(definition, one.entry())));
        }
        return map(definition.kind(), rows);
    }

    private static int byNumber(Datum a, Datum b) {
        return a instanceof Datum.Number x && b instanceof Datum.Number y
                ? x.value().compareTo(y.value())
                : 0;
    }

    private static Datum value(MapDefinition definition, MapEntry entry) {
        List<Datum> values = new ArrayList<>();
        for (ByteString value : entry.values()) {
            values.add(TypedBytes.show(definition.value(), value));
        }
        return definition.kind().perCpu() ? new Datum.Items(values) : values.getFirst();
    }

    /**
     * The entries that a preset lists.
     *
     * @param slots CPUs of the machine that gets them
     * @return entries with one value a slot, or one alone for a map that is not per CPU; empty if something was reported
     */
    public static Optional<List<MapEntry>> read(
            MapDefinition definition, Datum preset, int slots, Diagnostics diagnostics) {
        if (definition.kind().valueKind() != MapKind.Values.PLAIN && !RedirectMap.isOne(definition.kind())) {
            return refused(definition, "", "a `" + definition.kind().word() + "` cannot be preset", diagnostics);
        }
        Optional<List<Datum>> rows = rows(preset);
        if (rows.isEmpty()) {
            return refused(definition, "", "an object with a list `entries` was wanted", diagnostics);
        }
        List<MapEntry> entries = new ArrayList<>();
        for (int i = 0; i < rows.get().size(); i++) {
            Optional<MapEntry> entry = entry(definition, rows.get().get(i), i, slots, diagnostics);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            entries.add(entry.get());
        }
        return Optional.of(entries);
    }

    private static Optional<MapEntry> entry(
            MapDefinition definition, Datum row, int number, int slots, Diagnostics diagnostics) {
        Optional<Row> read = Row.of(row).filter(one -> (one.key() == null) == hasNoKeys(definition));
        if (read.isEmpty()) {
            String wanted = hasNoKeys(definition) ? "`value` alone" : "`key` and `value`";
            refuse(definition, "entry " + number, "an object with " + wanted + " was wanted", diagnostics);
            return Optional.empty();
        }
        Datum given = read.get().key();
        StringBuilder why = new StringBuilder();
        Optional<ByteString> key = given == null ? Optional.of(ByteString.EMPTY) : key(definition, given, why);
        if (key.isEmpty()) {
            refuse(definition, "the key of entry " + number, why.toString(), diagnostics);
            return Optional.empty();
        }
        Optional<List<ByteString>> values = values(definition, read.get().value(), slots, why);
        if (values.isEmpty()) {
            refuse(definition, "the value of entry " + number, why.toString(), diagnostics);
        }
        return values.map(all -> new MapEntry(key.get(), all));
    }

    /** The bytes of a key; if there are none, {@code why} says why not. */
    public static Optional<ByteString> key(MapDefinition definition, Datum key, StringBuilder why) {
        return TypedBytes.read(definition.key(), key, definition.keySize(), why);
    }

    /**
     * Writes the entries of a preset into a map; entries that it does not name stay.
     *
     * @return false if something was refused, which was reported
     */
    public static boolean preset(BpfMap map, Datum preset, Diagnostics diagnostics) {
        MapDefinition definition = map.definition();
        Optional<List<MapEntry>> entries = read(definition, preset, map.slots(), diagnostics);
        if (entries.isEmpty()) {
            return false;
        }
        for (MapEntry entry : entries.get()) {
            int result = map.write(entry.key(), entry.values(), BpfMap.ANY);
            if (result != 0) {
                refuse(definition, hasNoKeys(definition) ? "a value" : "key " + entry.key(), result, diagnostics);
                return false;
            }
        }
        return true;
    }

    /** What a map holds now, as data. A map of maps shows them instead of their numbers. */
    public static Datum show(BpfMap map) {
        return switch (map) {
            case ProgramArrayMap programs -> programs(programs.names());
            case MapOfMaps outer -> nested(outer);
            default -> show(map.definition(), map.entries()); // All others hold bytes.
        };
    }

    private static Datum nested(MapOfMaps outer) {
        List<Datum> rows = new ArrayList<>();
        for (MapEntry entry : outer.entries()) {
            outer.held(entry.key()).ifPresent(inner -> {
                rows.add(row(TypedBytes.show(outer.definition().key(), entry.key()), show(inner.map())));
                inner.release();
            });
        }
        return map(outer.definition().kind(), rows);
    }

    private static Datum row(Datum key, Datum value) {
        Map<String, Datum> row = new LinkedHashMap<>();
        row.put("key", key);
        row.put("value", value);
        return new Datum.Fields(row);
    }

    private static boolean hasNoKeys(MapDefinition definition) {
        return definition.kind().keys() == MapKind.Keys.NONE;
    }

    /** A program array as data: the names of its programs by index. */
    public static Datum programs(Map<Integer, String> names) {
        List<Datum> rows = new ArrayList<>(names.size());
        names.forEach((index, name) -> {
            rows.add(row(new Datum.Number(BigInteger.valueOf(index)), new Datum.Text(name)));
        });
        return map(MapKind.PROG_ARRAY, rows);
    }

    private static Datum map(MapKind kind, List<Datum> rows) {
        Map<String, Datum> map = new LinkedHashMap<>();
        map.put("kind", new Datum.Text(kind.word()));
        map.put("entries", new Datum.Items(rows));
        return new Datum.Fields(map);
    }

    /** The entries of a preset: of an object its {@code entries}, of a list all of it; empty if it is neither. */
    public static Optional<List<Datum>> rows(Datum preset) {
        if (preset instanceof Datum.Items(List<Datum> items)) {
            return Optional.of(items);
        }
        return preset instanceof Datum.Fields(Map<String, Datum> fields)
                        && fields.get("entries") instanceof Datum.Items(List<Datum> items)
                ? Optional.of(items)
                : Optional.empty();
    }

    private static Optional<List<ByteString>> values(
            MapDefinition definition, Datum datum, int slots, StringBuilder why) {
        int size = definition.valueSize();
        if (!definition.kind().perCpu()) {
            return TypedBytes.read(definition.value(), datum, size, why).map(List::of);
        }
        List<ByteString> values = new ArrayList<>();
        // A value that is itself an array is written as a list too: only a list of lists gives values CPU by CPU then.
        if (datum instanceof Datum.Items(List<Datum> each) && !readable(definition, datum)) {
            if (each.size() > slots) {
                why.append("there are ")
                        .append(each.size())
                        .append(" values for ")
                        .append(slots)
                        .append(" CPUs");
                return Optional.empty();
            }
            for (Datum one : each) {
                Optional<ByteString> bytes = TypedBytes.read(definition.value(), one, size, why);
                if (bytes.isEmpty()) {
                    return Optional.empty();
                }
                values.add(bytes.get());
            }
            while (values.size() < slots) {
                values.add(ByteString.zeros(size));
            }
            return Optional.of(values);
        }
        Optional<ByteString> all = TypedBytes.read(definition.value(), datum, size, why);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        for (int slot = 0; slot < slots; slot++) {
            values.add(all.get());
        }
        return Optional.of(values);
    }

    private static boolean readable(MapDefinition definition, Datum datum) {
        return TypedBytes.read(definition.value(), datum, definition.valueSize(), new StringBuilder())
                .isPresent();
    }

    /** Reports that a map refused an entry with a negated {@link Errno}. */
    public static void refuse(MapDefinition definition, String where, int result, Diagnostics diagnostics) {
        refuse(
                definition,
                where,
                switch (-result) {
                    case Errno.E2BIG ->
                        "the map has room for " + Long.toUnsignedString(definition.maxEntries()) + " entries";
                    case Errno.EPERM -> "its bytes are constants, on which the proof of the program rests";
                    default -> "the map refuses it (error " + -result + ")";
                },
                diagnostics);
    }

    private static Optional<List<MapEntry>> refused(
            MapDefinition definition, String where, String why, Diagnostics diagnostics) {
        refuse(definition, where, why, diagnostics);
        return Optional.empty();
    }

    /**
     * Reports that a map cannot be preset.
     *
     * @param where in the preset; may be empty
     */
    public static void refuse(MapDefinition definition, String where, String why, Diagnostics diagnostics) {
        diagnostics.report(Diagnostic.general(
                        DiagnosticCode.R0108,
                        "map `" + definition.name() + "` cannot be preset: " + (where.isEmpty() ? "" : where + ": ")
                                + why)
                .withHelp("write it as `--map-dump` shows it: `{\"entries\": [{\"key\": …, \"value\": …}]}`"));
    }
}
