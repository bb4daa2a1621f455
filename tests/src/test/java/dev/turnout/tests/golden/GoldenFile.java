package dev.turnout.tests.golden;

import java.util.ArrayList;
import java.util.List;

/**
 * A golden file, taken apart.
 *
 * @param program all that stands before the first directive
 * @param sections the directives, in order
 * @param text the whole file
 */
record GoldenFile(String program, List<Section> sections, String text) {
    private static final String DIRECTIVE = "//!";
    private static final String EXACT = "//|";
    private static final String CONTAINS = "//+";
    private static final String LACKS = "//-";

    GoldenFile {
        sections = List.copyOf(sections);
    }

    /**
     * @throws IllegalArgumentException if a line behind the first directive is none of the five kinds: a directive, the
     *     three kinds of expectation, a blank
     */
    static GoldenFile parse(String text) {
        List<String> lines = text.lines().toList();
        int first = 0;
        while (first < lines.size() && !lines.get(first).startsWith(DIRECTIVE)) {
            first++;
        }
        StringBuilder program = new StringBuilder();
        lines.subList(0, first).forEach(line -> program.append(line).append('\n'));
        List<Section> sections = new ArrayList<>();
        for (int i = first; i < lines.size(); ) {
            String head = lines.get(i).substring(DIRECTIVE.length()).strip();
            int blank = head.indexOf(' ');
            String name = blank < 0 ? head : head.substring(0, blank);
            List<String> exact = new ArrayList<>();
            List<String> contains = new ArrayList<>();
            List<String> lacks = new ArrayList<>();
            int line = ++i;
            for (; i < lines.size() && !lines.get(i).startsWith(DIRECTIVE); i++) {
                String one = lines.get(i);
                if (one.startsWith(EXACT)) {
                    exact.add(content(one));
                } else if (one.startsWith(CONTAINS)) {
                    contains.add(content(one));
                } else if (one.startsWith(LACKS)) {
                    lacks.add(content(one));
                } else if (!one.isBlank()) {
                    throw new IllegalArgumentException("line " + (i + 1)
                            + ": behind the first directive stand only `//!`, `//|`, `//+`, `//-` and blank lines");
                }
            }
            sections.add(new Section(
                    line, name, blank < 0 ? "" : head.substring(blank).strip(), exact, contains, lacks));
        }
        return new GoldenFile(program.toString(), sections, text);
    }

    private static String content(String line) {
        String rest = line.substring(EXACT.length());
        return rest.startsWith(" ") ? rest.substring(1) : rest;
    }

    /** The file with these exact texts; a section whose entry is absent keeps what it has. */
    String rewritten(java.util.Map<Section, List<String>> actual) {
        StringBuilder out = new StringBuilder();
        List<String> lines = text.lines().toList();
        int next = 0;
        for (Section section : sections) {
            while (next < section.line()) {
                out.append(lines.get(next++)).append('\n');
            }
            List<String> fresh = actual.get(section);
            if (fresh != null) {
                for (String line : fresh) {
                    out.append(line.isEmpty() ? EXACT : EXACT + " " + line).append('\n');
                }
                while (next < lines.size() && lines.get(next).startsWith(EXACT)) {
                    next++;
                }
            }
        }
        while (next < lines.size()) {
            out.append(lines.get(next++)).append('\n');
        }
        return out.toString();
    }
}
