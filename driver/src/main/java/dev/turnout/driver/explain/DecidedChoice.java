package dev.turnout.driver.explain;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.TypedBytes;
import dev.turnout.verifier.specialize.Decisions;
import dev.turnout.verifier.specialize.Decisions.DeadCode;
import dev.turnout.verifier.specialize.Decisions.Origin;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A choice in the text that the proof has made: it goes one way in every run, and what stands on the others is not in the code that
 * runs. The choices of one place in the text are one decision, such as the compares that a {@code switch} became.
 *
 * @param at the choice; empty if the object has no lines
 * @param values of the {@code config}s and constants by which it was decided, by name; empty if it follows from other things
 * @param known what the first jump of the choice looked at, in words
 * @param removed instructions that died of it
 * @param dead where these came from, in the order of the code; the lines of what died
 */
public record DecidedChoice(
        String program,
        Optional<LineInfo> at,
        Map<String, Datum> values,
        String known,
        int removed,
        List<LineInfo> dead) {
    private static final int LONGEST_TEXT = 60;
    private static final int MOST_PLACES = 8;
    private static final LineInfo NOWHERE = new LineInfo(0, "", 0, 0, "");

    public DecidedChoice {
        dead = List.copyOf(dead);
    }

    /** The decisions about a program in which read-only data had a part, or of which something died; in the order of the text. */
    public static List<DecidedChoice> of(ExecutableProgram executable) {
        BpfProgram program = executable.origin().program();
        Decisions decisions = executable.decisions();
        Map<Object, List<Decisions.Jump>> choices = new LinkedHashMap<>();
        for (Decisions.Jump jump : decisions.jumps()) {
            Optional<LineInfo> line = program.lineAt(jump.slot());
            Object choice = line.isPresent()
                    ? List.of(line.get().file(), line.get().line(), line.get().column())
                    : jump.slot();
            choices.computeIfAbsent(choice, _ -> new ArrayList<>()).add(jump);
        }
        List<DecidedChoice> all = new ArrayList<>();
        for (List<Decisions.Jump> jumps : choices.values()) {
            DecidedChoice decision = of(program, jumps, decisions.dead());
            if (decision.removed > 0 || !decision.values.isEmpty()) {
                all.add(decision);
            }
        }
        all.sort(Comparator.comparing(
                choice -> choice.at.orElse(NOWHERE),
                Comparator.comparing(LineInfo::file)
                        .thenComparingInt(LineInfo::line)
                        .thenComparingInt(LineInfo::column)));
        return all;
    }

    private static DecidedChoice of(BpfProgram program, List<Decisions.Jump> jumps, List<DeadCode> dead) {
        Map<String, Datum> values = new LinkedHashMap<>();
        int removed = 0;
        List<LineInfo> lines = new ArrayList<>();
        for (Decisions.Jump jump : jumps) {
            jump.from().forEach(origin -> value(program, origin, values));
            for (DeadCode code : dead) {
                if (code.cause() == jump.slot()) {
                    for (int slot = code.start();
                            slot < code.end();
                            slot = program.code().next(slot)) {
                        removed++;
                    }
                    lines.addAll(code.lines());
                }
            }
        }
        Decisions.Jump first = jumps.getFirst();
        return new DecidedChoice(
                program.name(),
                program.lineAt(first.slot()),
                values,
                first.value().toString(),
                removed,
                lines.stream().distinct().toList());
    }

    /** Adds the variable that holds these bytes: of an array the element. */
    private static void value(BpfProgram program, Origin origin, Map<String, Datum> to) {
        for (MapDefinition map : program.maps()) {
            if (map.name().equals(origin.map())
                    && map.content() instanceof MapDefinition.Content.Data data
                    && map.value() instanceof DebugType.Struct section) {
                for (DebugType.Member member : section.members()) {
                    int start = member.bitOffset() / 8;
                    if (start <= origin.offset()
                            && origin.offset() < start + member.type().size()) {
                        element(member.name(), member.type(), start, origin, data.bytes(), to);
                    }
                }
            }
        }
    }

    private static void element(
            String name, DebugType type, int start, Origin origin, ByteString bytes, Map<String, Datum> to) {
        if (type instanceof DebugType.Array array && array.of().size() > 0) {
            int index = (int) ((origin.offset() - start) / array.of().size());
            int at = start + index * (int) array.of().size();
            element(name + "[" + index + "]", array.of(), at, origin, bytes, to);
        } else if (start + type.size() <= bytes.size()) {
            to.put(name, TypedBytes.show(type, bytes.slice(start, (int) (start + type.size()))));
        }
    }

    /** One row, as {@code --explain} prints it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (at.isPresent()) {
            String source = at.get().text().strip();
            text.append(at.get().file())
                    .append(':')
                    .append(at.get().line())
                    .append(' ')
                    .append(source.length() <= LONGEST_TEXT ? source : source.substring(0, LONGEST_TEXT - 1) + "…");
        } else {
            text.append(program);
        }
        text.append("    decided: ").append(reason()).append("  [");
        if (removed == 0) {
            text.append("nothing removed");
        } else {
            text.append(removed).append(removed == 1 ? " instruction removed" : " instructions removed");
            if (!dead.isEmpty()) {
                List<String> places = places();
                text.append(", from ")
                        .append(places.stream().limit(MOST_PLACES).collect(Collectors.joining(", ")))
                        .append(places.size() > MOST_PLACES ? " and " + (places.size() - MOST_PLACES) + " more" : "");
            }
        }
        return text.append(']').toString();
    }

    private String reason() {
        return values.isEmpty()
                ? "the value is " + known
                : values.entrySet().stream()
                        .map(value -> value.getKey() + " = " + DatumJson.word(value.getValue()))
                        .collect(Collectors.joining(", "));
    }

    public String json() {
        JsonLine line = new JsonLine().text("program", program);
        if (at.isPresent()) {
            line.text("file", at.get().file())
                    .number("line", at.get().line())
                    .number("column", at.get().column());
        }
        return line.raw("values", DatumJson.print(new Datum.Fields(values)))
                .text("known", known)
                .number("removed", removed)
                .raw(
                        "dead",
                        places().stream().map(place -> '"' + place + '"').collect(Collectors.joining(",", "[", "]")))
                .toString();
    }

    /** Lines and columns of what died. */
    private List<String> places() {
        return dead.stream()
                .map(line -> line.line() + ":" + line.column())
                .distinct()
                .toList();
    }
}
