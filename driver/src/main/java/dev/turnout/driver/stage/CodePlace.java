package dev.turnout.driver.stage;

import dev.turnout.bpf.program.LineInfo;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Every place that an instruction has had.
 *
 * @param original slot of the program as it was loaded
 * @param rewritten slot after rewriting, or {@link ExecutableProgram#REMOVED} if no run gets there; empty if the program is not
 *     accepted
 * @param nativeOffset bytes from the start of the program's native code; empty if there is none
 * @param source where it came from, if the object says
 */
public record CodePlace(int original, OptionalInt rewritten, OptionalInt nativeOffset, Optional<LineInfo> source) {
    /** Appends the line and column of the text under the name {@code source}, then {@code original}, {@code rewritten}, {@code native}. */
    JsonLine json(JsonLine line, String sourceName) {
        if (source.isPresent()) {
            line.text(sourceName, source.get().line() + ":" + source.get().column());
        } else {
            line.nothing(sourceName);
        }
        return json(line);
    }

    /** Appends {@code original}, {@code rewritten}, {@code native}. */
    JsonLine json(JsonLine line) {
        line.number("original", original);
        number(line, "rewritten", rewritten);
        number(line, "native", nativeOffset);
        return line;
    }

    private static void number(JsonLine line, String name, OptionalInt number) {
        if (number.isPresent()) {
            line.number(name, number.getAsInt());
        } else {
            line.nothing(name);
        }
    }

    /** The slots, and the offset if there is one. */
    String text() {
        StringBuilder text = new StringBuilder().append(original);
        if (rewritten.isPresent() && rewritten.getAsInt() == ExecutableProgram.REMOVED) {
            text.append(", removed: no run gets there");
        } else if (rewritten.isPresent() && rewritten.getAsInt() != original) {
            text.append(", now ").append(rewritten.getAsInt());
        }
        nativeOffset.ifPresent(offset -> text.append(", native +0x").append(Integer.toHexString(offset)));
        return text.toString();
    }

    /** The line of the text that it came from, set off; empty if the object does not say. */
    String sourceText() {
        return source.map(line -> "   " + line.line() + ":" + line.column() + "  "
                        + line.text().strip())
                .orElse("");
    }
}
