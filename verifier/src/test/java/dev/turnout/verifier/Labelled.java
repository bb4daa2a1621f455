package dev.turnout.verifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of instructions with names for places: {@code name:} begins a function, {@code .name:} is a place in one; {@code goto},
 * {@code call} and {@code function} take a name, and so do the rows of {@code ; calltable} and {@code ; mutable}, where {@code -} is
 * a row that is missing. What comes out is what {@link DiagnosticPagesTest#program} takes.
 */
final class Labelled {
    private static final Pattern REFERENCE = Pattern.compile("\\b(goto|call|function) (\\.?[a-z_]\\w*)$");

    private Labelled() {}

    static String resolved(String text) {
        Map<String, Integer> places = new HashMap<>();
        List<String> functions = new ArrayList<>(List.of("0"));
        int slot = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.endsWith(":")) {
                String name = line.substring(0, line.length() - 1);
                places.put(name, slot);
                if (!name.startsWith(".")) {
                    functions.add(Integer.toString(slot));
                }
            } else {
                slot += slots(line);
            }
        }
        StringBuilder out = new StringBuilder("; functions " + String.join(" ", functions) + "\n");
        slot = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("; calltable") || line.startsWith("; mutable")) {
                String[] words = line.split(" ", -1);
                for (int i = 2; i < words.length; i++) {
                    words[i] = words[i].equals("-") ? "-1" : Integer.toString(place(places, words[i]));
                }
                out.append(String.join(" ", words)).append('\n');
            } else if (!line.endsWith(":")) {
                Matcher reference = REFERENCE.matcher(line);
                if (reference.find()) {
                    int distance = place(places, reference.group(2)) - slot - 1;
                    String sign = (distance < 0 ? "" : "+") + distance;
                    String target =
                            reference.group(1).equals("goto") ? "goto " + sign : reference.group(1) + " pc" + sign;
                    line = line.substring(0, reference.start()) + target;
                }
                out.append(line).append('\n');
                slot += slots(line);
            }
        }
        return out.toString();
    }

    private static int place(Map<String, Integer> places, String name) {
        Integer place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("nothing is called " + name);
        }
        return place;
    }

    private static int slots(String line) {
        if (line.isEmpty() || line.startsWith(";")) {
            return 0;
        }
        return line.contains("map[") || line.contains(" ll") || line.contains("= function") ? 2 : 1;
    }
}
