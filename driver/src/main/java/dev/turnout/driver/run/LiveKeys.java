package dev.turnout.driver.run;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.load.LoadedKey;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.live.LiveMap;
import dev.turnout.linux.live.LiveProgram;
import dev.turnout.runtime.map.Datum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a program that is in the kernel, whoever loaded it. A key there is a variable of the section {@code .data.keys}, which the
 * types say that the loader gave the kernel with the map. Programs read such a variable at every branch and never write it, so it may be set
 * at any time.
 */
public final class LiveKeys {
    private final LiveProgram program;
    private final Map<String, Key> keys = new LinkedHashMap<>();

    /**
     * One of them.
     *
     * @param map that holds it
     * @param at where in the map's value
     */
    public record Key(LoadedKey value, LiveMap map, DataSection.Variable at) {
        /** Words that it may be set to, if it has words. */
        List<String> words() {
            return switch (value.type()) {
                case DebugType.Enumeration enumeration ->
                    enumeration.members().stream()
                            .map(DebugType.Enumerator::name)
                            .toList();
                case DebugType.Integer number
                when number.encoding() == DebugType.Encoding.BOOL -> List.of("false", "true");
                case DebugType.Integer _, DebugType.Void _, DebugType.Pointer _, DebugType.Array _ -> List.of();
                case DebugType.Struct _, DebugType.Typedef _, DebugType.Function _ -> List.of();
            };
        }
    }

    private LiveKeys(LiveProgram program) {
        this.program = program;
    }

    /** The keys of a program, which must stay open. */
    public static LiveKeys of(LiveProgram program) {
        LiveKeys found = new LiveKeys(program);
        for (LiveMap map : program.maps()) {
            if (map.section().filter(ObjectKey.BYTES_SECTION::equals).isPresent()) {
                for (DataSection.Variable variable : map.variables()) {
                    found.keys.put(
                            variable.name(),
                            new Key(new LoadedKey.InKernel(variable.name(), variable, map.map()), map, variable));
                }
            }
        }
        return found;
    }

    /** In the order of their places. */
    public List<Key> list() {
        return List.copyOf(keys.values());
    }

    /** The key of this name; else why there is none. */
    public sealed interface Found {
        record One(Key key) implements Found {}

        record None(Diagnostic why) implements Found {}
    }

    public Found find(String name) {
        Key key = keys.get(name);
        return key != null ? new Found.One(key) : new Found.None(none(name));
    }

    /** Why there are no keys at all; empty if there are some. */
    public Optional<Diagnostic> noKeys() {
        if (!keys.isEmpty()) {
            return Optional.empty();
        }
        Diagnostic none = Diagnostic.general(DiagnosticCode.R0129, subject() + " has no keys");
        return Optional.of(
                program.maps().isEmpty()
                        ? none.withNote("it uses no maps that this user may see")
                        : untyped().isEmpty()
                                ? none
                                : none.withNote(
                                        "its map `" + untyped().getFirst().name()
                                                + "` may hold some, but its loader gave the kernel no types, which have the names"));
    }

    private Diagnostic none(String name) {
        for (LiveMap map : program.maps()) {
            boolean known = map.variables().stream().anyMatch(one -> one.name().equals(name));
            if (known && map.frozen()) {
                return Diagnostic.general(
                                DiagnosticCode.R0129,
                                "`" + name + "` of " + subject() + " cannot be set any more: it is a constant of `"
                                        + map.section().orElse(map.name())
                                        + "`, which was frozen when the program was loaded")
                        .withHelp("give a `config` its value before: `--config " + name
                                + "=…` of `build`, or the loader's skeleton; a `key` can be set at any time");
            }
            if (known) {
                return Diagnostic.general(
                        DiagnosticCode.R0129,
                        "`" + name + "` of " + subject() + " is no key but a variable of `"
                                + map.section().orElse(map.name()) + "`");
            }
        }
        return noKeys().orElseGet(
                        () -> Diagnostic.general(DiagnosticCode.R0129, subject() + " has no key `" + name + "`")
                                .withNote("it has `" + String.join("`, `", keys.keySet()) + "`"));
    }

    private List<LiveMap> untyped() {
        return program.maps().stream()
                .filter(map -> map.section().isEmpty() && map.name().equals(ObjectKey.BYTES_SECTION))
                .toList();
    }

    private String subject() {
        return program.id() == 0
                ? "map `" + program.name() + "`"
                : "program " + Integer.toUnsignedString(program.id()) + " (`" + program.name() + "`)";
    }

    /**
     * Sets a key.
     *
     * @param text a number, a member, or {@code true}, {@code false}, {@code on}, {@code off}
     * @return what it was before; empty if the text is no value, which {@code why} says
     */
    public static Optional<Datum> set(Key key, String text, StringBuilder why) {
        Optional<Long> number = KeyCommands.parse(key.value(), text, why);
        if (number.isEmpty()) {
            if (!key.words().isEmpty()) {
                why.append("; it takes `")
                        .append(String.join("`, `", key.words()))
                        .append('`');
            }
            return Optional.empty();
        }
        Datum before = key.value().datum();
        key.value().set(number.get());
        return Optional.of(before);
    }

    /** A line of a list, for people. */
    public static String text(Key key) {
        return key.value().name() + " = " + DatumJson.word(key.value().datum())
                + (key.words().isEmpty() ? "" : " (" + String.join(", ", key.words()) + ")");
    }

    /** The value, what it may be, and where it lies. */
    public static JsonLine json(LiveProgram program, Key key) {
        List<String> words = new ArrayList<>();
        for (String word : key.words()) {
            StringBuilder quoted = new StringBuilder();
            JsonLine.quote(quoted, word);
            words.add(quoted.toString());
        }
        return new JsonLine()
                .text("key", key.value().name())
                .raw("value", DatumJson.print(key.value().datum()))
                .raw("values", "[" + String.join(",", words) + "]")
                .text("program", program.name())
                .number("prog_id", Integer.toUnsignedLong(program.id()))
                .number("map_id", Integer.toUnsignedLong(key.map().id()))
                .number("offset", key.at().offset())
                .number("size", key.at().size());
    }
}
