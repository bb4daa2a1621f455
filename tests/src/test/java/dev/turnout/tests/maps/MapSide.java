package dev.turnout.tests.maps;

import dev.turnout.ir.model.ByteString;
import java.util.List;
import java.util.stream.Collectors;

/** A map somewhere, and a program there that uses it. */
interface MapSide extends AutoCloseable {
    String name();

    /** What the operation gave, as text. */
    String perform(MapOperation operation);

    /** All that the map holds, in an order that does not depend on hashes. */
    String content();

    @Override
    void close();

    static String answer(int result, List<ByteString> values) {
        return result + values.stream().map(value -> " " + value).collect(Collectors.joining());
    }
}
