package dev.turnout.diagnostics.source;

import java.util.Arrays;

/**
 * A text with a name, and the map from offsets to lines. Immutable; two files are the same only if they are one object.
 *
 * <p>Offsets count UTF-16 units from 0. Lines and columns count from 1, as editors show them; a column counts UTF-16
 * units.
 */
public final class SourceFile {
    private final String name;
    private final String text;
    private final int[] lineStarts;

    /** A file called {@code name} (shown to the user as it is) with this text. */
    public SourceFile(String name, String text) {
        this.name = name;
        this.text = text;
        this.lineStarts = lineStarts(text);
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /** The number of lines; an empty text has one. */
    public int lineCount() {
        return lineStarts.length;
    }

    /** The line (from 1) that holds {@code offset}; an offset past the end is in the last line. */
    public int line(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The column (from 1) of {@code offset} in its line. */
    public int column(int offset) {
        return offset - lineStarts[line(offset) - 1] + 1;
    }

    /** The text of a line (from 1) without its line end. */
    public String lineText(int line) {
        int start = lineStarts[line - 1];
        int end = line < lineStarts.length ? lineStarts[line] : text.length();
        while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(start, end);
    }

    /** The offset of the first character of a line (from 1). */
    public int lineStart(int line) {
        return lineStarts[line - 1];
    }

    /** The span of the whole text. */
    public Span whole() {
        return new Span(this, 0, text.length());
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = i + 1;
        }
        return Arrays.copyOf(starts, count);
    }

    @Override
    public String toString() {
        return name;
    }
}
