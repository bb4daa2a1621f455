package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.source.SourceFile;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * A text as ANTLR reads it, in UTF-16 units. ANTLR's own streams count code points, and its offsets would differ from
 * those of {@link SourceFile} behind the first character outside the basic plane.
 */
final class TextStream implements CharStream {
    private final String name;
    private final String text;
    private int at;

    TextStream(SourceFile source) {
        this.name = source.name();
        this.text = source.text();
    }

    @Override
    public String getText(Interval interval) {
        int end = Math.min(interval.b + 1, text.length());
        return interval.a >= end ? "" : text.substring(interval.a, end);
    }

    @Override
    public void consume() {
        if (at >= text.length()) {
            throw new IllegalStateException("cannot consume the end of the text");
        }
        at++;
    }

    @Override
    public int LA(int i) {
        int index = i > 0 ? at + i - 1 : at + i;
        return i == 0 || index < 0 ? 0 : index < text.length() ? text.charAt(index) : IntStream.EOF;
    }

    /** The whole text is there: nothing has to be kept. */
    @Override
    public int mark() {
        return -1;
    }

    @Override
    public void release(int marker) {}

    @Override
    public int index() {
        return at;
    }

    @Override
    public void seek(int index) {
        at = index;
    }

    @Override
    public int size() {
        return text.length();
    }

    @Override
    public String getSourceName() {
        return name;
    }
}
