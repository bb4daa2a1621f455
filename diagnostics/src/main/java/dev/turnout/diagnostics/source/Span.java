package dev.turnout.diagnostics.source;

/**
 * A half-open range of a text.
 *
 * @param file the text
 * @param start offset of the first character, from 0
 * @param end offset behind the last character; {@code end == start} marks a point
 */
public record Span(SourceFile file, int start, int end) {
    public Span {
        if (start < 0 || end < start || end > file.text().length()) {
            throw new IllegalArgumentException("span " + start + ".." + end + " of a text of "
                    + file.text().length());
        }
    }

    /** The smallest span that covers both, which must be in one file. */
    public Span to(Span other) {
        return new Span(file, Math.min(start, other.start), Math.max(end, other.end));
    }

    /** Line of the first character, from 1. */
    public int line() {
        return file.line(start);
    }

    /** Column of the first character, from 1. */
    public int column() {
        return file.column(start);
    }

    /** The characters covered. */
    public String text() {
        return file.text().substring(start, end);
    }

    /** {@code name:line:column}. */
    @Override
    public String toString() {
        return file.name() + ":" + line() + ":" + column();
    }
}
