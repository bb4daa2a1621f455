package dev.turnout.tests.conformance;

import dev.turnout.ir.model.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads files of cases. What is malformed is a bug of the file, so it throws. */
final class ConformanceFile {
    static final Path FOLDER = Path.of("..").toAbsolutePath().normalize().resolve("tests/conformance");

    private final Path file;
    private final List<ConformanceCase> cases = new ArrayList<>();

    private String name = "";
    private final StringBuilder asm = new StringBuilder();
    private final StringBuilder mem = new StringBuilder();
    private final StringBuilder after = new StringBuilder();
    private final Map<Integer, String> rows = new LinkedHashMap<>();
    private boolean refused;
    private String gap = "";

    private ConformanceFile(Path file) {
        this.file = file;
    }

    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(one -> one.toString().endsWith(".data"))
                    .sorted()
                    .toList();
        }
    }

    /** The cases of a file; lines of a table with other substitutes are cases of their own. */
    static List<ConformanceCase> read(Path file) throws IOException {
        ConformanceFile reader = new ConformanceFile(file);
        reader.read(Files.readAllLines(file));
        return reader.cases;
    }

    private void read(List<String> lines) {
        String section = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("-- ")) {
                section = line.substring(3);
                if (section.startsWith("asm ")) {
                    finish();
                    name = section.substring(4) + " (" + file.getFileName() + ":" + (i + 1) + ")";
                }
                refused |= section.startsWith("refused by linux: ");
                if (section.startsWith("not proven yet: ")) {
                    gap = section.substring("not proven yet: ".length(), section.indexOf(','));
                }
                continue;
            }
            switch (section) {
                case "mem" -> mem.append(line).append(' ');
                case "after" -> after.append(line).append(' ');
                case "table" -> rows.put(i + 1, line);
                case "result" -> rows.put(i + 1, "= " + line);
                default -> {
                    if (!section.startsWith("asm ")) {
                        throw new IllegalArgumentException(file + ":" + (i + 1) + " stands in no section");
                    }
                    asm.append(line).append('\n');
                }
            }
        }
        finish();
    }

    private void finish() {
        if (asm.isEmpty()) {
            return;
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(name + " expects nothing");
        }
        Map<String, List<ConformanceCase.Run>> groups = new LinkedHashMap<>();
        Map<String, Boolean> loads = new LinkedHashMap<>();
        rows.forEach((line, row) -> {
            boolean linux = !row.endsWith("!linux");
            String plain = linux ? row : row.substring(0, row.length() - "!linux".length());
            int colon = plain.indexOf(':');
            String substitutes = colon < 0 ? "" : plain.substring(0, colon).strip();
            groups.computeIfAbsent(substitutes, _ -> new ArrayList<>()).add(run(line, plain.substring(colon + 1)));
            loads.put(substitutes, linux && !refused);
        });
        groups.forEach((substitutes, runs) -> {
            ByteString memory = runs.getFirst().memory();
            cases.add(new ConformanceCase(
                    substitutes.isEmpty() ? name : name + " with " + substitutes,
                    code(substitutes),
                    memory.size(),
                    Boolean.TRUE.equals(loads.get(substitutes)),
                    gap,
                    List.copyOf(runs)));
        });
        asm.setLength(0);
        mem.setLength(0);
        after.setLength(0);
        rows.clear();
        refused = false;
        gap = "";
    }

    private String code(String substitutes) {
        String code = asm.toString();
        String[] words = substitutes.strip().split(" +", -1);
        for (int i = 0; i < words.length; i++) {
            code = code.replace("$" + (i + 1), words[i]);
        }
        return code;
    }

    private ConformanceCase.Run run(int line, String text) {
        int equals = text.indexOf('=');
        String words = text.substring(0, equals).strip();
        ByteString memory = words.isEmpty() ? bytes(mem.toString()) : little(words.split(" +"));
        List<ByteString> behind = after.isEmpty() ? List.of() : List.of(bytes(after.toString()));
        return new ConformanceCase.Run(
                line, memory, number(text.substring(equals + 1).strip()), behind);
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyOf(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static ByteString little(String[] words) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (String word : words) {
            buffer.putLong(number(word));
        }
        return ByteString.copyOf(buffer.array());
    }

    private static long number(String hex) {
        return Long.parseUnsignedLong(hex.substring("0x".length()), 16);
    }
}
