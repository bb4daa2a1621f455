package dev.turnout.diagnostics.render;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Label;
import dev.turnout.diagnostics.source.Span;
import java.util.List;

/**
 * Diagnostics for programs: one JSON object, in one line. Fields, always in this order: {@code severity}, {@code code},
 * {@code message}; if it has a place {@code file}, {@code line}, {@code column}, {@code endLine}, {@code endColumn} (from
 * 1, the end excluded, columns in UTF-16 units), and {@code label} if words stand beside it; then {@code labels} (objects
 * with the same place fields and {@code text}), {@code notes}, {@code helps}.
 */
public final class JsonRenderer {
    private JsonRenderer() {}

    /** One object without a line end; pure ASCII. */
    public static String render(Diagnostic diagnostic) {
        StringBuilder out = new StringBuilder(256);
        out.append("{\"severity\":");
        string(out, diagnostic.severity().word());
        out.append(",\"code\":");
        string(out, diagnostic.code().name());
        out.append(",\"message\":");
        string(out, diagnostic.message());
        if (diagnostic.primary().isPresent()) {
            Label primary = diagnostic.primary().get();
            out.append(',');
            place(out, primary.span());
            if (!primary.text().isEmpty()) {
                out.append(",\"label\":");
                string(out, primary.text());
            }
        }
        out.append(",\"labels\":[");
        String separator = "";
        for (Label label : diagnostic.secondary()) {
            out.append(separator).append('{');
            place(out, label.span());
            out.append(",\"text\":");
            string(out, label.text());
            out.append('}');
            separator = ",";
        }
        out.append("],\"notes\":");
        strings(out, diagnostic.notes());
        out.append(",\"helps\":");
        strings(out, diagnostic.helps());
        return out.append('}').toString();
    }

    private static void place(StringBuilder out, Span span) {
        int endLine = span.file().line(span.end());
        out.append("\"file\":");
        string(out, span.file().name());
        out.append(",\"line\":").append(span.line());
        out.append(",\"column\":").append(span.column());
        out.append(",\"endLine\":").append(endLine);
        out.append(",\"endColumn\":").append(span.file().column(span.end()));
    }

    private static void strings(StringBuilder out, List<String> texts) {
        out.append('[');
        String separator = "";
        for (String text : texts) {
            out.append(separator);
            string(out, text);
            separator = ",";
        }
        out.append(']');
    }

    /** A JSON string; everything outside printable ASCII is escaped, so that no reader can trip over it. */
    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c >= ' ' && c < 127) {
                        out.append(c);
                    } else {
                        out.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            out.append("0123456789abcdef".charAt((c >> shift) & 15));
                        }
                    }
                }
            }
        }
        out.append('"');
    }
}
