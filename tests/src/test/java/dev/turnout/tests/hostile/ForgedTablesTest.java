package dev.turnout.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects whose tables and records say where control goes, and lie. Whoever writes one must not get control to where nothing was
 * proven: a code says what is wrong, and nothing crashes.
 */
class ForgedTablesTest {
    private static final String TEXT = """
            license "GPL";
            alias Decide = fn(u8) -> XdpAction;
            fn drop(x: u8) -> XdpAction { return XDP_DROP; }
            fn pass(x: u8) -> XdpAction { let k: u64 = 0x123456789abcdef; return if (k % 7 == x) XDP_PASS else XDP_DROP; }
            @row(later) fn send(x: u8) -> XdpAction { return XDP_TX; }
            table fixed: [4]Decide = { 0 => drop, 1 => pass, else => drop };
            mutable table later: [2]?Decide = { 0 => pass };
            key loud = false;
            header Head { kind: u8, mark: u8 }
            prog xdp main(ctx: *XdpCtx) -> XdpAction fails XDP_ABORTED {
                var pkt = ctx.cursor();
                let head = pkt.take(Head)?;
                static_branch (loud) { return XDP_ABORTED; }
                let decide = later[head.mark] else return fixed[head.mark & 3](1);
                return @jump_table switch (head.kind) {
                    0 => decide(3), 1 => decide(4), 2 => fixed[head.mark & 3](2), 3 => XDP_TX, 4 => decide(5), else => XDP_PASS,
                };
            }
            """;

    @TempDir
    private Path folder = Path.of("");

    private byte[] object = {};

    @BeforeEach
    void build() throws IOException {
        Path text = Files.writeString(folder.resolve("forged.turn"), TEXT);
        Path file = folder.resolve("forged.o");
        assertThat(turnout("build", text.toString(), "-o", file.toString()).code())
                .isEqualTo(ExitCode.SUCCESS);
        object = Files.readAllBytes(file);
        assertThat(verify(object -> {}).code()).isEqualTo(ExitCode.SUCCESS);
    }

    private record Ending(ExitCode code, String err) {}

    private static Ending turnout(String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = new CommandLine(
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(args);
        return new Ending(code, err.toString(StandardCharsets.UTF_8));
    }

    private Ending verify(Consumer<Elf> forge) throws IOException {
        Elf elf = new Elf(object.clone());
        forge.accept(elf);
        Path file = Files.write(folder.resolve("bad.o"), elf.bytes.array());
        Ending ending = turnout("verify", file.toString());
        assertThat(ending.err()).doesNotContain("\tat ").doesNotContain("Exception");
        return ending;
    }

    /** As much of the container as a forger needs. */
    private static final class Elf {
        private static final int SECTION_HEADER = 64;
        private static final int SYMBOL = 24;

        private final ByteBuffer bytes;

        Elf(byte[] file) {
            bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        }

        private int header(int section) {
            return (int) bytes.getLong(40) + section * SECTION_HEADER;
        }

        private String text(int at) {
            int end = at;
            while (bytes.get(end) != 0) {
                end++;
            }
            return new String(bytes.array(), at, end - at, StandardCharsets.UTF_8);
        }

        private int offset(int section) {
            return (int) bytes.getLong(header(section) + 24);
        }

        /** The number of a section. */
        int section(String name) {
            for (int i = 0; i < bytes.getShort(60); i++) {
                if (text(offset(bytes.getShort(62)) + bytes.getInt(header(i))).equals(name)) {
                    return i;
                }
            }
            throw new AssertionError("no section " + name);
        }

        /** Where the bytes of a section begin. */
        int content(String name) {
            return offset(section(name));
        }

        int size(String name) {
            return (int) bytes.getLong(header(section(name)) + 32);
        }

        /** Where the entry of a symbol begins. */
        int symbol(String name) {
            int table = content(".symtab");
            int names = offset(bytes.getInt(header(section(".symtab")) + 40));
            for (int at = table; at < table + size(".symtab"); at += SYMBOL) {
                if (text(names + bytes.getInt(at)).equals(name)) {
                    return at;
                }
            }
            throw new AssertionError("no symbol " + name);
        }

        /** Where the words begin that a symbol covers. */
        int words(String symbol, String section) {
            return content(section) + (int) bytes.getLong(symbol(symbol) + 8);
        }

        void word(int at, long value) {
            bytes.putLong(at, value);
        }

        void value(String symbol, long value) {
            bytes.putLong(symbol(symbol) + 8, value);
        }

        void size(String symbol, long size) {
            bytes.putLong(symbol(symbol) + 16, size);
        }

        /** The byte of {@code .text} where a function's first wide instruction begins. */
        int wide(String function) {
            int start = (int) bytes.getLong(symbol(function) + 8);
            int at = start;
            while (bytes.get(content(".text") + at) != 0x18) {
                at += 8;
            }
            return at;
        }
    }

    private DynamicTest refused(String why, String code, Consumer<Elf> forge) {
        return DynamicTest.dynamicTest(why, () -> {
            Ending ending = verify(forge);
            assertThat(ending.err()).contains("[" + code + "]");
            assertThat(ending.code()).isIn(ExitCode.PROGRAM_WRONG, ExitCode.USAGE);
        });
    }

    private DynamicTest row(String why, String table, long word) {
        return refused("row " + why + " of " + table, "O0121", elf -> elf.word(elf.words(table, ".calltables"), word));
    }

    @TestFactory
    Stream<DynamicTest> rows_lead_to_functions() {
        Elf whole = new Elf(object);
        int wide = whole.wide("pass");
        return Stream.of("BPF.fixed", "BPF.mutable.later", "BPF.candidates.later")
                .flatMap(table -> Stream.of(
                        row("in the middle of a wide instruction", table, wide + 8),
                        row("at an instruction that begins no function", table, wide),
                        row("between instructions", table, 4),
                        row("behind the section", table, whole.size(".text")),
                        row("far behind the section", table, 1L << 40),
                        row("before the section", table, -8),
                        refused("no rows in " + table, "O0121", elf -> elf.size(table, 0)),
                        refused("half a row in " + table, "O0121", elf -> elf.size(table, 4)),
                        refused("more rows than there are in " + table, "O0121", elf -> elf.size(table, 1 << 20)),
                        refused("rows of " + table + " that are no words", "O0121", elf -> elf.value(table, 4)),
                        refused("rows of " + table + " before the section", "O0121", elf -> elf.value(table, -8))));
    }

    @TestFactory
    Stream<DynamicTest> a_missing_row_is_no_function() {
        // The program does not ask whether these rows are missing.
        return Stream.of(refused(
                "a row that the program calls without a question",
                "V0113",
                elf -> elf.word(elf.words("BPF.fixed", ".calltables"), -1)));
    }

    @TestFactory
    Stream<DynamicTest> entries_lead_to_instructions_of_their_function() {
        Elf whole = new Elf(object);
        String table = "BPF.JT.main.0";
        int wide = 0;
        while (whole.bytes.get(whole.content("xdp") + wide) != 0x18) {
            wide += 8;
        }
        int middle = wide + 8;
        return Stream.of(
                refused("an entry in the middle of a wide instruction", "O0116", elf -> entry(elf, table, middle)),
                refused("an entry behind the section", "O0116", elf -> entry(elf, table, elf.size("xdp"))),
                refused("an entry before the section", "O0116", elf -> entry(elf, table, -8)),
                refused("an entry between instructions", "O0116", elf -> entry(elf, table, 12)),
                refused("an entry far away", "O0116", elf -> entry(elf, table, 1L << 40)),
                refused("half an entry", "O0116", elf -> elf.size(table, 12)),
                refused("more entries than there are", "O0116", elf -> elf.size(table, 1 << 20)),
                // The table is a fault of its user; that the function has lost its sites as well is the file's.
                refused(
                        "a table and sites of a program that ends before them",
                        "O0120",
                        elf -> elf.size("main", middle + 8)));
    }

    private static void entry(Elf elf, String table, long word) {
        elf.word(elf.words(table, ".jumptables"), word);
    }

    @TestFactory
    Stream<DynamicTest> records_of_branches_say_what_is_there() {
        return Stream.of(
                refused("a section of no code", "O0120", elf -> record(elf, 0, elf.section(".text") + 7)),
                refused("a site that is no branch", "O0120", elf -> record(elf, 4, 0)),
                refused("a site between instructions", "O0120", elf -> record(elf, 4, 3)),
                refused("a site far away", "O0120", elf -> record(elf, 4, 0x7fff_fff8)),
                refused("a target behind the section", "O0120", elf -> record(elf, 8, elf.size("xdp"))),
                refused("a target between instructions", "O0120", elf -> record(elf, 8, 1)),
                refused("a negative target", "O0120", elf -> record(elf, 8, -8)),
                refused("a key that is none", "O0120", elf -> record(elf, 12, 0)),
                refused("a key that is no symbol", "O0120", elf -> record(elf, 12, -1)),
                refused("a key of another size", "O0120", elf -> elf.size("BPF.SK.loud", 4)));
    }

    private static void record(Elf elf, int field, int value) {
        elf.bytes.putInt(elf.content(".static_branches") + field, value);
    }

    /** Whatever a word of a table or record says: the object runs by what was proven, or a code says why not. */
    @Test
    void no_word_gets_control_to_where_nothing_was_proven() throws IOException {
        Random random = new Random(3);
        for (String section : new String[] {".calltables", ".jumptables", ".static_branches", ".static_keys"}) {
            for (int i = 0; i < 60; i++) {
                int at = random.nextInt(new Elf(object).size(section) / 4) * 4;
                int value =
                        random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(80) * (random.nextBoolean() ? 8 : 1);
                Ending ending = verify(elf -> elf.bytes.putInt(elf.content(section) + at, value));
                assertThat(ending.code())
                        .withFailMessage(() -> section + " + " + at + " = " + value + ":\n" + ending.err())
                        .isNotEqualTo(ExitCode.INTERNAL);
            }
        }
    }
}
