package dev.turnout.bpf.merge;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every name and source line of all inputs, as numbers: equal texts have equal numbers, and 0 is the empty text. Texts are held as ISO
 * 8859-1, byte for byte: a source line in an encoding that is not UTF-8 comes out as it went in.
 */
final class NamePool {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> texts = new ArrayList<>();

    NamePool() {
        number("");
    }

    private int number(String text) {
        Integer known = numbers.get(text);
        if (known == null) {
            known = texts.size();
            texts.add(text);
            numbers.put(text, known);
        }
        return known;
    }

    /** The number of a text that is not held as here, such as the name of a section. */
    int named(String text) {
        return number(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    /** For people: bytes that are no UTF-8 are shown as unknown. */
    String text(int number) {
        return new String(texts.get(number).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Reads the texts of one input's table, each offset once. */
    final class Source {
        private final ByteBuffer table;
        private final Map<Integer, Integer> known = new HashMap<>();
        private long budget;

        Source(ByteBuffer table) {
            this.table = table;
            // Texts may share their ends, but a table in which every offset begins a long text holds no texts.
            budget = 16L * table.limit() + 1_000_000;
        }

        /** The number of the text at an offset; -1 if there is none, or if the table is no table of texts. */
        int at(int offset) {
            Integer number = known.get(offset);
            if (number == null) {
                if (offset < 0 || offset >= table.limit()) {
                    return -1;
                }
                int end = offset;
                while (end < table.limit() && table.get(end) != 0) {
                    end++;
                }
                budget -= end - offset;
                if (budget < 0) {
                    return -1;
                }
                byte[] bytes = new byte[end - offset];
                table.get(offset, bytes);
                number = number(new String(bytes, StandardCharsets.ISO_8859_1));
                known.put(offset, number);
            }
            return number;
        }

        String text(int number) {
            return NamePool.this.text(number);
        }
    }

    /** The table of the output: the texts that are asked for, in order of first use. */
    final class Table {
        private final Map<Integer, Integer> offsets = new HashMap<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Table() {
            offset(0);
        }

        int offset(int number) {
            return offsets.computeIfAbsent(number, one -> {
                int at = bytes.size();
                bytes.writeBytes(texts.get(one).getBytes(StandardCharsets.ISO_8859_1));
                bytes.write(0);
                return at;
            });
        }

        byte[] toArray() {
            return bytes.toByteArray();
        }
    }
}
