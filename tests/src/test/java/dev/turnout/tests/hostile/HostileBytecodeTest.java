package dev.turnout.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.cli.CommandLine;
import dev.turnout.cli.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What {@code exec} is given may be anything: it runs, or a code says why not. */
class HostileBytecodeTest {
    private static final String EXIT = "95 00 00 00 00 00 00 00";
    private static final String ZERO = "b7 00 00 00 00 00 00 00";

    @TempDir
    private Path folder = Path.of("");

    private record Ending(ExitCode code, String out, String err) {}

    private static Ending exec(InputStream in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new ArrayList<>(List.of("exec"));
        all.addAll(List.of(args));
        ExitCode code = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> new CommandLine(
                                in,
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(err, true, StandardCharsets.UTF_8))
                        .run(all.toArray(new String[0])));
        return new Ending(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Ending exec(String... args) {
        return exec(InputStream.nullInputStream(), args);
    }

    private static void refuses(Ending ending, ExitCode code, String diagnostic) {
        assertThat(ending.err())
                .contains("[" + diagnostic + "]")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(ending.err().lines().count()).isLessThan(60);
        assertThat(ending.err().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(400));
        assertThat(ending.out()).isEmpty();
        assertThat(ending.code()).isEqualTo(code);
    }

    private static DynamicTest insns(String why, ExitCode code, String diagnostic, String... words) {
        return DynamicTest.dynamicTest(why, () -> refuses(exec("--insns", String.join(" ", words)), code, diagnostic));
    }

    private static DynamicTest rejected(String why, String diagnostic, String... words) {
        return insns(why, ExitCode.PROGRAM_WRONG, diagnostic, words);
    }

    private static DynamicTest unreadable(String why, String diagnostic, String... words) {
        return insns(why, ExitCode.USAGE, diagnostic, words);
    }

    @TestFactory
    Stream<DynamicTest> bytes_that_are_no_words_are_unreadable() {
        return Stream.of(
                unreadable("no byte at all", "O0101", ""),
                unreadable("only blanks", "O0101", " \n\t "),
                unreadable("a digit too few", "U0111", "9"),
                unreadable("letters", "U0111", "hello"),
                unreadable("a prefix", "U0111", "0x95"),
                unreadable("a sign", "U0111", "-95"),
                unreadable("a digit of another script", "U0111", "９５"),
                unreadable("seven bytes", "O0101", "95 00 00 00 00 00 00"),
                unreadable("a byte too many", "O0101", ZERO, EXIT, "00"));
    }

    @TestFactory
    Stream<DynamicTest> words_that_are_no_instructions_are_rejected() {
        return Stream.of(
                rejected("an unknown opcode", "O0102", "ff 00 00 00 00 00 00 00", EXIT),
                rejected("opcode zero", "O0102", "00 00 00 00 00 00 00 00", EXIT),
                rejected("a call in the 32-bit class", "O0102", "86 00 00 00 05 00 00 00", EXIT),
                rejected("gotox in the 32-bit class", "O0102", "0e 00 00 00 00 00 00 00", EXIT),
                rejected("a load of an unknown mode", "O0102", "b1 10 00 00 00 00 00 00", EXIT),
                rejected("a signed load of eight bytes", "O0102", "99 10 00 00 00 00 00 00", EXIT),
                rejected("register 11 as destination", "O0104", "b7 0b 00 00 00 00 00 00", EXIT),
                rejected("register 15 as source", "O0104", "bf f0 00 00 00 00 00 00", EXIT),
                rejected("register 12 of a load", "O0104", "79 c0 00 00 00 00 00 00", EXIT),
                rejected("register 11 of a jump", "O0104", "1d b0 00 00 00 00 00 00", ZERO, EXIT),
                rejected("a write to the frame pointer", "O0104", "b7 0a 00 00 00 00 00 00", ZERO, EXIT),
                rejected("a load into the frame pointer", "O0104", "79 aa f8 ff 00 00 00 00", ZERO, EXIT),
                rejected("an offset where none belongs", "O0103", "07 00 01 00 01 00 00 00", EXIT),
                rejected("an immediate beside a register", "O0103", "0f 10 00 00 01 00 00 00", EXIT),
                rejected("a source beside an immediate", "O0103", "07 10 00 00 01 00 00 00", EXIT),
                rejected("a swap of 24 bits", "O0103", "d4 00 00 00 18 00 00 00", EXIT),
                rejected("a swap in both orders", "O0102", "df 00 00 00 10 00 00 00", EXIT),
                rejected("a sign extension of 24 bits", "O0103", "bf 10 18 00 00 00 00 00", EXIT),
                rejected("a sign extension of a constant", "O0103", "b7 00 08 00 01 00 00 00", EXIT),
                rejected("exit with an immediate", "O0103", ZERO, "95 00 00 00 01 00 00 00"),
                rejected("exit with a register", "O0103", ZERO, "95 01 00 00 00 00 00 00"),
                rejected("an atomic operation of no kind", "O0103", "db 10 00 00 02 00 00 00", ZERO, EXIT),
                rejected("an atomic operation on two bytes", "O0103", "cb 10 00 00 00 00 00 00", ZERO, EXIT),
                rejected("a fetch into the frame pointer", "O0104", "db a1 00 00 01 00 00 00", ZERO, EXIT),
                rejected("a call of no kind", "O0103", "85 30 00 00 01 00 00 00", EXIT),
                rejected("callx with its register as LLVM 18 writes it", "O0103", "8d 00 00 00 03 00 00 00", EXIT),
                rejected("a wide load cut short", "O0105", "18 00 00 00 00 00 00 00"),
                rejected(
                        "a wide load with dirt in its second slot",
                        "O0105",
                        "18 00 00 00 00 00 00 00",
                        "00 00 01 00 00 00 00 00",
                        EXIT),
                rejected(
                        "a wide load of an unknown kind",
                        "O0103",
                        "18 70 00 00 00 00 00 00",
                        "00 00 00 00 00 00 00 00",
                        EXIT));
    }

    @TestFactory
    Stream<DynamicTest> instructions_that_are_no_program_are_rejected() {
        String wide = "18 00 00 00 2a 00 00 00 00 00 00 00 00 00 00 00";
        return Stream.of(
                rejected("a jump past the end", "V0102", "05 00 05 00 00 00 00 00", ZERO, EXIT),
                rejected("a jump in front of the begin", "V0102", "05 00 f0 ff 00 00 00 00", ZERO, EXIT),
                rejected("a far jump past any end", "V0102", "06 00 00 00 ff ff ff 7f", ZERO, EXIT),
                rejected("a far jump in front of any begin", "V0102", "06 00 00 00 00 00 00 80", ZERO, EXIT),
                rejected("a jump into a wide load", "V0102", "05 00 01 00 00 00 00 00", wide, EXIT),
                rejected("a call into a wide load", "V0102", "85 10 00 00 02 00 00 00", EXIT, wide, EXIT),
                rejected("a call past the end", "V0102", "85 10 00 00 09 00 00 00", EXIT),
                rejected("a call far in front of the begin", "V0102", "85 10 00 00 00 00 00 80", EXIT),
                rejected(
                        "the address of no function",
                        "V0102",
                        "18 41 00 00 ff ff ff 7f 00 00 00 00 00 00 00 00",
                        ZERO,
                        EXIT),
                rejected("a function that calls itself", "V0105", "85 10 00 00 ff ff ff ff", EXIT),
                rejected(
                        "two that call each other",
                        "V0105",
                        "85 10 00 00 01 00 00 00",
                        EXIT,
                        "85 10 00 00 01 00 00 00",
                        EXIT,
                        "85 10 00 00 fd ff ff ff",
                        EXIT),
                rejected("no exit", "V0104", ZERO),
                rejected(
                        "a jump across functions",
                        "V0102",
                        "85 10 00 00 02 00 00 00",
                        "05 00 01 00 00 00 00 00",
                        EXIT,
                        ZERO,
                        EXIT),
                rejected("an endless loop", "V0110", "05 00 ff ff 00 00 00 00"),
                rejected("r0 never set", "V0111", EXIT),
                rejected("a register never set", "V0111", "bf 90 00 00 00 00 00 00", EXIT),
                rejected("memory through a number", "V0112", "79 20 00 00 00 00 00 00", EXIT),
                rejected("memory that was not given", "V0112", "79 10 00 00 00 00 00 00", EXIT),
                rejected("a stack that nobody wrote", "V0116", "79 a0 f8 ff 00 00 00 00", EXIT),
                rejected("above the stack", "V0115", "7a 0a 00 00 00 00 00 00", ZERO, EXIT),
                rejected("below the stack", "V0115", "7a 0a f8 fd 00 00 00 00", ZERO, EXIT),
                rejected(
                        "a map that is not there",
                        "V0136",
                        "18 51 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                        ZERO,
                        EXIT),
                rejected(
                        "a map by its descriptor",
                        "V0136",
                        "18 11 00 00 03 00 00 00 00 00 00 00 00 00 00 00",
                        ZERO,
                        EXIT),
                rejected("a kernel variable", "V0136", "18 31 00 00 03 00 00 00 00 00 00 00 00 00 00 00", ZERO, EXIT),
                rejected("a kernel function", "V0151", "85 20 00 00 2a 00 00 00", EXIT),
                rejected("a legacy packet load", "V0111", "20 00 00 00 00 00 00 00", EXIT),
                rejected("an arena", "V0101", "bf 10 01 00 01 00 00 00", ZERO, EXIT),
                rejected("gotox without a table", "V0128", "0d 01 00 00 00 00 00 00"),
                rejected("callx of a number", "V0131", "8d 02 00 00 00 00 00 00", ZERO, EXIT),
                rejected("an unknown helper", "V0124", "85 00 00 00 ff ff ff 7f", EXIT),
                rejected("a helper of packets", "V0124", "85 00 00 00 2c 00 00 00", EXIT));
    }

    @TestFactory
    Stream<DynamicTest> accesses_are_held_to_the_memory_that_is_given() {
        record Access(String why, String memory, String diagnostic, String insn) {}
        return Stream.of(
                        new Access("one byte past the end", "01 02 03", "V0132", "71 10 03 00 00 00 00 00"),
                        new Access("eight bytes of three", "01 02 03", "V0132", "79 10 00 00 00 00 00 00"),
                        new Access("in front of it", "01 02 03", "V0132", "71 10 ff ff 00 00 00 00"),
                        new Access("far behind it", "01 02 03", "V0132", "71 10 ff 7f 00 00 00 00"),
                        new Access(
                                "an unaligned atomic access",
                                "01 02 03 04 05 06 07 08",
                                "V0133",
                                "c3 21 02 00 00 00 00 00"))
                .map(one -> DynamicTest.dynamicTest(
                        one.why(),
                        () -> refuses(
                                exec("--mem", one.memory(), "--insns", one.insn() + ZERO + EXIT),
                                ExitCode.PROGRAM_WRONG,
                                one.diagnostic())));
    }

    @Test
    void memory_is_hex_of_a_bounded_length() throws IOException {
        String program = ZERO + EXIT;
        refuses(exec("--insns", program, "--mem", "zz"), ExitCode.USAGE, "U0111");
        refuses(exec("--insns", program, "--mem", "1"), ExitCode.USAGE, "U0111");
        refuses(exec("--insns", program, "--mem", "00".repeat(131_073)), ExitCode.USAGE, "U0111");
        assertThat(exec("--insns", program, "--mem", "00".repeat(131_072)).out())
                .isEqualTo("0x0\n");
        Path large = Files.write(folder.resolve("large"), new byte[131_073]);
        refuses(exec("--insns", program, "--mem-file", large.toString()), ExitCode.USAGE, "U0111");
        refuses(exec("--insns", program, "--mem-file", folder.toString()), ExitCode.USAGE, "U0103");
        refuses(exec("--insns", program, "--mem-file", folder.resolve("no").toString()), ExitCode.USAGE, "U0103");
    }

    @Test
    void wrong_usage_is_told_what_is_right() {
        String program = ZERO + EXIT;
        refuses(exec(), ExitCode.USAGE, "U0102");
        refuses(exec("a.o", "--insns", program), ExitCode.USAGE, "U0102");
        refuses(exec("--insns", program, "--fn", "f"), ExitCode.USAGE, "U0102");
        refuses(exec("--insns"), ExitCode.USAGE, "U0102");
        refuses(exec("--insns", program, "--mem", "00", "--mem-file", "f"), ExitCode.USAGE, "U0102");
        refuses(exec("--insns", program, "--repeat", "0"), ExitCode.USAGE, "U0102");
        refuses(exec("--insns", program, "--repeat", "x"), ExitCode.USAGE, "U0102");
        refuses(exec("--insns", program, "--engine", "warp"), ExitCode.USAGE, "U0102");
        refuses(exec("--insns", program, "--frobnicate"), ExitCode.USAGE, "U0102");
    }

    @Test
    void ten_million_instructions_are_refused_before_all_of_them_are_read() {
        byte[] one = "b7 00 00 00 00 00 00 00".getBytes(StandardCharsets.US_ASCII);
        InputStream endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                return one[at++ % one.length];
            }

            @Override
            public int read(byte[] to, int from, int length) {
                for (int i = 0; i < length; i++) {
                    to[from + i] = (byte) read();
                }
                return length;
            }
        };
        refuses(exec(endless, "--insns", "-"), ExitCode.PROGRAM_WRONG, "O0132");
    }

    @Test
    void long_programs_take_time_in_proportion_and_run() {
        String program = ZERO.repeat(150_000) + EXIT;
        Ending ending = exec(
                new ByteArrayInputStream(program.getBytes(StandardCharsets.US_ASCII)), "--insns", "-", "--mem", "01");
        assertThat(ending.out()).isEqualTo("0x0\n");
    }

    /** What is read at the end comes to be known one block later in each pass over all of them. */
    @Test
    void blocks_that_each_jump_to_the_one_before_take_time_in_proportion() {
        int blocks = 75_000;
        StringBuilder program = new StringBuilder();
        program.append("b705000001000000").append(ZERO);
        program.append(String.format("06000000%08x", Integer.reverseBytes(2 * (blocks - 1))));
        program.append("0f50000000000000").append(EXIT);
        program.append(("0700000001000000" + "06000000fcffffff").repeat(blocks - 1));
        Ending ending =
                exec(new ByteArrayInputStream(program.toString().getBytes(StandardCharsets.US_ASCII)), "--insns", "-");
        assertThat(ending.out()).isEqualTo("0x" + Integer.toHexString(blocks) + "\n");
    }

    @Test
    void five_thousand_functions_are_more_than_we_follow() {
        int functions = 5_000;
        StringBuilder program = new StringBuilder();
        for (int i = 0; i < functions; i++) {
            program.append(String.format("85100000%08x", Integer.reverseBytes(functions + 2 * i - i)));
        }
        program.append(EXIT).append((ZERO + EXIT).repeat(functions));
        refuses(
                exec(new ByteArrayInputStream(program.toString().getBytes(StandardCharsets.US_ASCII)), "--insns", "-"),
                ExitCode.PROGRAM_WRONG,
                "V0109");
    }

    @Test
    void objects_of_other_machines_and_functions_that_are_not_there() throws IOException {
        ByteBuffer elf = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1})
                .putShort(16, (short) 1)
                .putShort(18, (short) 62);
        String other = Files.write(folder.resolve("x86.o"), elf.array()).toString();
        refuses(exec(other), ExitCode.USAGE, "O0111");
        elf.put(5, (byte) 2).order(ByteOrder.BIG_ENDIAN).putShort(16, (short) 1).putShort(18, (short) 247);
        String big = Files.write(folder.resolve("big.o"), elf.array()).toString();
        refuses(exec(big), ExitCode.USAGE, "O0111");
        refuses(exec(Files.write(folder.resolve("none.o"), new byte[0]).toString()), ExitCode.USAGE, "O0110");
        String firewall = Path.of("..").resolve("examples/firewall.turn").toString();
        refuses(exec(firewall, "--fn", "nobody"), ExitCode.USAGE, "O0130");
    }

    @Test
    void random_words_run_or_are_refused() {
        Random random = new Random(20261121);
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[8 * (1 + random.nextInt(12))];
            random.nextBytes(bytes);
            // Half of the words get an opcode and registers that exist, so that some come past the decoder.
            for (int at = 0; at < bytes.length; at += 8) {
                if (random.nextBoolean()) {
                    byte[] sound = Arrays.copyOf(new byte[] {(byte) 0xb7, (byte) random.nextInt(10)}, 8);
                    sound[4] = (byte) random.nextInt();
                    System.arraycopy(sound, 0, bytes, at, 8);
                }
            }
            bytes[bytes.length - 8] = (byte) 0x95;
            Arrays.fill(bytes, bytes.length - 7, bytes.length, (byte) 0);
            String hex = java.util.HexFormat.of().formatHex(bytes);
            Ending ending = exec(
                    new ByteArrayInputStream(hex.getBytes(StandardCharsets.US_ASCII)),
                    "--insns",
                    "-",
                    "--engine",
                    "interp");
            assertThat(ending.code()).as(hex).isIn(ExitCode.SUCCESS, ExitCode.PROGRAM_WRONG);
        }
    }
}
