package dev.turnout.driver.describe;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.map.TypedBytes;
import dev.turnout.stdlib.map.MapFlag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A description as one JSON object on one line. Its members are a contract: {@code docs/linux.md} lists them; there will be more, and none
 * will go.
 */
public final class DescriptionJson {
    private DescriptionJson() {}

    public static String of(ObjectDescription object) {
        JsonLine line = new JsonLine().text("object", object.name());
        text(line, "target", object.target());
        return line.text("license", object.license())
                .raw("programs", list(object.programs(), DescriptionJson::program))
                .raw("maps", list(object.maps(), DescriptionJson::map))
                .raw("sections", list(object.sections(), DescriptionJson::section))
                .raw("keys", list(object.keys(), DescriptionJson::key))
                .raw("tables", list(object.tables(), DescriptionJson::table))
                .raw("types", list(object.types(), DescriptionJson::declared))
                .toString();
    }

    private static <T> String list(Collection<T> items, Function<T, String> form) {
        return items.stream().map(form).collect(Collectors.joining(",", "[", "]"));
    }

    private static void text(JsonLine line, String name, Optional<String> value) {
        value.ifPresentOrElse(text -> line.text(name, text), () -> line.nothing(name));
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        JsonLine.quote(out, text);
        return out.toString();
    }

    private static String program(ObjectDescription.Program program) {
        JsonLine line = new JsonLine().text("name", program.name()).text("section", program.section());
        text(line, "type", program.type().map(type -> type.word()));
        return line.toString();
    }

    private static String map(ObjectMap map) {
        List<String> flags = new ArrayList<>();
        for (MapFlag flag : MapFlag.values()) {
            if (flag.in(map.flags())) {
                flags.add(quoted(flag.word()));
            }
        }
        JsonLine line = new JsonLine()
                .text("name", map.name())
                .text("kind", map.kind().word())
                .raw("key", type(map.key()))
                .number("key_size", map.keySize())
                .raw("value", type(map.value()))
                .number("value_size", map.valueSize())
                .number("max_entries", map.maxEntries())
                .raw("flags", "[" + String.join(",", flags) + "]")
                .truth("per_cpu", map.kind().perCpu())
                .truth("pinned", map.pinned())
                .raw(
                        "rows",
                        list(
                                map.rows(),
                                row -> new JsonLine()
                                        .number("index", row.index())
                                        .text("symbol", row.symbol())
                                        .toString()));
        map.inner().ifPresentOrElse(inner -> line.raw("inner", map(inner)), () -> line.nothing("inner"));
        return line.toString();
    }

    private static String section(DataSection section) {
        return new JsonLine()
                .text("name", section.name())
                .number("size", section.bytes().size())
                .truth("read_only", section.readOnly())
                .raw(
                        "variables",
                        list(
                                ObjectDescription.named(section),
                                variable -> new JsonLine()
                                        .text("name", variable.name())
                                        .number("offset", variable.offset())
                                        .number("size", variable.size())
                                        .raw("type", type(variable.type()))
                                        .raw(
                                                "initial",
                                                DatumJson.print(TypedBytes.show(
                                                        variable.type(),
                                                        section.bytes()
                                                                .slice(
                                                                        variable.offset(),
                                                                        variable.offset() + variable.size()))))
                                        .toString()))
                .toString();
    }

    private static String key(ObjectDescription.Key key) {
        JsonLine line = new JsonLine()
                .text("name", key.name())
                .raw("type", type(key.type()))
                .number("initial", key.initial());
        if (key.place().isPresent()) {
            return line.text("map", ObjectKey.BYTES_SECTION)
                    .number("offset", key.place().get().offset())
                    .number("size", key.place().get().size())
                    .toString();
        }
        return line.nothing("map").nothing("offset").nothing("size").toString();
    }

    private static String table(ObjectDescription.Table table) {
        return new JsonLine()
                .text("name", table.name())
                .truth("mutable", table.mutable())
                .raw("rows", list(table.rows(), row -> row.isEmpty() ? "null" : quoted(row)))
                .toString();
    }

    /** A type where it is used: what is declared is named only. */
    private static String type(DebugType type) {
        return switch (type) {
            case DebugType.Void _ -> "null";
            case DebugType.Integer number -> quoted(number.name());
            case DebugType.Typedef(String name, DebugType _) -> quoted(name);
            case DebugType.Enumeration enumeration -> quoted(enumeration.name());
            case DebugType.Struct struct -> quoted(struct.name());
            case DebugType.Pointer _ -> quoted("address");
            case DebugType.Function _ -> quoted("function");
            case DebugType.Array(DebugType of, long count) ->
                new JsonLine().raw("array", type(of)).number("count", count).toString();
        };
    }

    private static String declared(DebugType type) {
        return switch (type) {
            case DebugType.Struct struct ->
                new JsonLine()
                        .text("struct", struct.name())
                        .number("size", struct.size())
                        .raw("fields", list(struct.members(), DescriptionJson::field))
                        .toString();
            case DebugType.Enumeration enumeration ->
                new JsonLine()
                        .text("enum", enumeration.name())
                        .number("size", enumeration.bytes())
                        .truth("signed", enumeration.signed())
                        .raw(
                                "members",
                                list(
                                        enumeration.members(),
                                        member -> new JsonLine()
                                                .text("name", member.name())
                                                .number("value", member.value())
                                                .toString()))
                        .toString();
            case DebugType.Void _, DebugType.Integer _, DebugType.Typedef _ -> type(type);
            case DebugType.Pointer _, DebugType.Array _, DebugType.Function _ -> type(type);
        };
    }

    private static String field(DebugType.Member member) {
        JsonLine line = new JsonLine()
                .text("name", member.name())
                .raw("type", type(member.type()))
                .number("offset", member.bitOffset() / 8);
        if (member.bitSize() > 0) {
            return line.number("bit", member.bitOffset() % 8)
                    .number("bits", member.bitSize())
                    .toString();
        }
        return line.number("size", member.type().size()).toString();
    }
}
