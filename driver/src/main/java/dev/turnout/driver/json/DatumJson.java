package dev.turnout.driver.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.turnout.runtime.map.Datum;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Data as JSON text, both ways. */
public final class DatumJson {
    private static final int DEEPEST = 64;

    private DatumJson() {}

    public static String print(Datum datum) {
        StringBuilder text = new StringBuilder();
        print(datum, text);
        return text.toString();
    }

    /** The same, but a text stands as it is: how people write a value of a key or a {@code config}. */
    public static String word(Datum datum) {
        return datum instanceof Datum.Text(String text) ? text : print(datum);
    }

    private static void print(Datum datum, StringBuilder to) {
        switch (datum) {
            case Datum.Number(BigInteger value) -> to.append(value);
            case Datum.Flag(boolean value) -> to.append(value);
            case Datum.Text(String value) -> JsonLine.quote(to, value);
            case Datum.Items(List<Datum> items) -> {
                to.append('[');
                for (int i = 0; i < items.size(); i++) {
                    to.append(i == 0 ? "" : ",");
                    print(items.get(i), to);
                }
                to.append(']');
            }
            case Datum.Fields(Map<String, Datum> fields) -> {
                to.append('{');
                String separator = "";
                for (Map.Entry<String, Datum> field : fields.entrySet()) {
                    to.append(separator);
                    JsonLine.quote(to, field.getKey());
                    to.append(':');
                    print(field.getValue(), to);
                    separator = ",";
                }
                to.append('}');
            }
        }
    }

    /**
     * Reads one JSON value. Numbers must be whole.
     *
     * @param why gets the reason, with line and column, when the text is not such JSON
     */
    public static Optional<Datum> parse(String text, StringBuilder why) {
        JsonReader reader = new JsonReader(new StringReader(text));
        try {
            Datum datum = value(reader, 0);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                why.append("something follows the JSON value").append(place(reader));
                return Optional.empty();
            }
            return Optional.of(datum);
        } catch (MalformedJsonException | IllegalStateException e) {
            why.append("it is not JSON").append(place(reader));
            return Optional.empty();
        } catch (NumberFormatException e) {
            why.append("a number is not whole").append(place(reader));
            return Optional.empty();
        } catch (IOException e) {
            why.append("the JSON ends too early");
            return Optional.empty();
        }
    }

    private static String place(JsonReader reader) {
        String text = reader.toString();
        int line = text.indexOf(" at line ");
        return line < 0 ? "" : text.substring(line);
    }

    private static Datum value(JsonReader reader, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new MalformedJsonException("nested too deeply");
        }
        return switch (reader.peek()) {
            case NUMBER -> new Datum.Number(whole(reader.nextString()));
            case BOOLEAN -> new Datum.Flag(reader.nextBoolean());
            case STRING -> new Datum.Text(reader.nextString());
            case BEGIN_ARRAY -> {
                List<Datum> items = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    items.add(value(reader, depth + 1));
                }
                reader.endArray();
                yield new Datum.Items(items);
            }
            case BEGIN_OBJECT -> {
                Map<String, Datum> fields = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    fields.put(reader.nextName(), value(reader, depth + 1));
                }
                reader.endObject();
                yield new Datum.Fields(fields);
            }
            case NULL, NAME, END_ARRAY, END_OBJECT, END_DOCUMENT ->
                throw new MalformedJsonException("no value that can stand here");
        };
    }

    private static BigInteger whole(String digits) {
        BigDecimal number = new BigDecimal(digits);
        if (Math.abs((long) number.scale()) > 40) {
            throw new NumberFormatException(digits);
        }
        try {
            return number.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw new NumberFormatException(digits);
        }
    }
}
