package dev.turnout.driver.json;

import java.util.Locale;

/** Builds one JSON object on one line, members in the order of the calls. Not thread-safe. */
public final class JsonLine {
    private final StringBuilder text = new StringBuilder("{");

    public JsonLine text(String name, String value) {
        name(name);
        quote(text, value);
        return this;
    }

    public JsonLine number(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    /** A number with {@code digits} digits behind the point. */
    public JsonLine decimal(String name, double value, int digits) {
        name(name);
        text.append(String.format(Locale.ROOT, "%." + digits + "f", value));
        return this;
    }

    public JsonLine truth(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    public JsonLine nothing(String name) {
        name(name);
        text.append("null");
        return this;
    }

    /** A member whose value is already JSON. */
    public JsonLine raw(String name, CharSequence json) {
        name(name);
        text.append(json);
        return this;
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(text, name);
        text.append(':');
    }

    /** Appends a string as JSON: control characters, quotes and lone surrogates escaped. */
    public static void quote(StringBuilder to, String value) {
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || (Character.isSurrogate(c) && !paired(value, i))) {
                        to.append("\\u").append(Character.forDigit(c >> 12, 16));
                        to.append(Character.forDigit((c >> 8) & 15, 16));
                        to.append(Character.forDigit((c >> 4) & 15, 16));
                        to.append(Character.forDigit(c & 15, 16));
                    } else {
                        to.append(c);
                    }
                }
            }
        }
        to.append('"');
    }

    private static boolean paired(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }

    /** The object, closed. */
    @Override
    public String toString() {
        return text + "}";
    }
}
