package dev.turnout.diagnostics.render;

/**
 * One line of a source as a terminal shows it: tabs as blanks, control characters as a mark, wide characters two cells,
 * and of a long line only a window around the place that matters.
 */
final class DisplayLine {
    /** Cells of a line that are shown. */
    static final int WIDTH = 110;

    private static final int TAB = 4;
    private static final String CUT = "...";

    private final String text;
    private final int[] cells;
    private final int from;
    private final int to;

    /**
     * @param line without its line end
     * @param focus the character, from 0, that must be seen
     */
    DisplayLine(String line, int focus) {
        StringBuilder shown = new StringBuilder(line.length() + 8);
        int[] at = new int[line.length() + 1];
        int cell = 0;
        // What is far behind the window is never shown; a line may be a megabyte.
        int end = (int) Math.min(line.length(), focus + (long) WIDTH * 2);
        int i = 0;
        while (i < end) {
            int point = line.codePointAt(i);
            int units = Character.charCount(point);
            at[i] = cell;
            if (units == 2 && i + 1 < at.length) {
                at[i + 1] = cell;
            }
            if (point == '\t') {
                int blanks = TAB - cell % TAB;
                shown.repeat(' ', blanks);
                cell += blanks;
            } else if (isInvisible(point)) {
                shown.append('\ufffd');
                cell++;
            } else {
                shown.appendCodePoint(point);
                cell += isWide(point) ? 2 : 1;
            }
            i += units;
        }
        for (; i <= line.length(); i++) {
            at[i] = cell;
        }
        this.cells = at;
        int focusCell = at[Math.clamp(focus, 0, line.length())];
        if (cell <= WIDTH && end == line.length()) {
            this.text = shown.toString();
            this.from = 0;
            this.to = cell;
        } else {
            this.from = Math.max(0, focusCell - WIDTH / 2);
            this.to = Math.min(cell, from + WIDTH);
            this.text = window(shown, from, to, cell > to || end < line.length());
        }
    }

    private static String window(StringBuilder shown, int from, int to, boolean cutsEnd) {
        StringBuilder out = new StringBuilder();
        if (from > 0) {
            out.append(CUT);
        }
        int cell = 0;
        for (int i = 0; i < shown.length() && cell < to; ) {
            int point = shown.codePointAt(i);
            int width = isWide(point) ? 2 : 1;
            if (cell >= from) {
                out.appendCodePoint(point);
            } else if (cell + width > from) {
                out.append(' ');
            }
            cell += width;
            i += Character.charCount(point);
        }
        return cutsEnd ? out.append(CUT).toString() : out.toString();
    }

    String text() {
        return text;
    }

    /** The cell, from 0, at which a character is shown; one outside the window is at its edge. */
    int cell(int character) {
        int cell = cells[Math.clamp(character, 0, cells.length - 1)];
        return Math.clamp(cell, from, to) - from + (from > 0 ? CUT.length() : 0);
    }

    private static boolean isInvisible(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** The blocks that terminals give two cells: CJK, Hangul, full-width forms, pictographs. */
    private static boolean isWide(int point) {
        return point >= 0x1100
                && (point <= 0x115f
                        || (point >= 0x2e80 && point <= 0xa4cf)
                        || (point >= 0xac00 && point <= 0xd7a3)
                        || (point >= 0xf900 && point <= 0xfaff)
                        || (point >= 0xfe30 && point <= 0xfe6f)
                        || (point >= 0xff00 && point <= 0xff60)
                        || (point >= 0xffe0 && point <= 0xffe6)
                        || (point >= 0x1f300 && point <= 0x1faff)
                        || (point >= 0x20000 && point <= 0x3fffd));
    }
}
