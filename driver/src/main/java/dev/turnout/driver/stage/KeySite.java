package dev.turnout.driver.stage;

import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.runtime.map.Datum;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A place in a program that a key decides.
 *
 * @param place of the branch; on a target that patches no code, of the load of the key's byte
 * @param nop whether it starts as an instruction that does nothing
 * @param ways where it can jump; empty on a target that patches no code
 */
public record KeySite(String program, CodePlace place, boolean nop, List<Way> ways) {
    public KeySite {
        ways = List.copyOf(ways);
    }

    /**
     * One of the places that a site can jump to.
     *
     * @param value for which it does
     * @param inverse whether it jumps there for all values but this
     */
    public record Way(Datum value, boolean inverse, CodePlace to) {}

    String json() {
        JsonLine line = place.json(new JsonLine().text("program", program), "at");
        if (!ways.isEmpty()) {
            line.text("starts", nop ? "nop" : "jump");
        }
        return line.raw("jumps", ways.stream().map(KeySite::json).collect(Collectors.joining(",", "[", "]")))
                .toString();
    }

    private static String json(Way way) {
        return way.to
                .json(new JsonLine().raw(way.inverse ? "unless" : "value", DatumJson.print(way.value)), "at")
                .toString();
    }

    /** A line for the site, and one for each place that it can jump to. */
    String text() {
        StringBuilder text = new StringBuilder("  ")
                .append(program)
                .append(" at ")
                .append(place.text())
                .append(ways.isEmpty() ? ", a load" : nop ? ", starts as a nop" : ", starts as a jump")
                .append(place.sourceText())
                .append('\n');
        for (Way way : ways) {
            text.append("    ")
                    .append(way.inverse ? "not " : "")
                    .append(DatumJson.word(way.value))
                    .append(" → ")
                    .append(way.to.text())
                    .append(way.to.sourceText())
                    .append('\n');
        }
        return text.toString();
    }
}
