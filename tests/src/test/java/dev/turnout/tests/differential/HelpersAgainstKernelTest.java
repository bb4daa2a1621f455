package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.tests.differential.HelperCalling.Argument;
import dev.turnout.verifier.Options;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Helpers on texts, numbers and memory give what the running kernel's give, whatever the engine. */
class HelpersAgainstKernelTest {
    private static final int CALLS = 12;
    private static final int PROGRAMS = 12;
    private static final int BUFFER = HelperCalling.BUFFERS;
    private static final Argument.Number[] BASES = {
        number(0), number(8), number(10), number(16), number(7), number(0x20)
    };

    private final Random random = new Random(11);
    /** Without the kernel the engines are compared with each other. */
    private static final boolean PERMITTED = KernelObject.permitted(new Diagnostics());

    private final Examination examination = new Examination(Ways.all(), Options.linux());

    static Argument.Number number(long value) {
        return new Argument.Number(value);
    }

    static Argument.Memory memory(int offset) {
        return new Argument.Memory(offset);
    }

    static Argument.Text text(String text) {
        return new Argument.Text(ByteString.copyOf(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private Examination.Result examine(HelperCalling calling) {
        return examination.examine(calling.on(List.of(ByteString.copyOf(new byte[64]))));
    }

    private void agree(HelperCalling calling) {
        assertThat(examine(calling))
                .as(calling.toString())
                .isInstanceOfSatisfying(
                        Examination.Result.Agreed.class,
                        agreed ->
                                assertThat(agreed.declined().contains("kernel")).isEqualTo(!PERMITTED));
    }

    private String drawn(String alphabet, int most) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(most + 1); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void numbers_in_texts() {
        String[] edges = {
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "-0",
            "0x",
            "0xg",
            "0X1F",
            "08",
            "-",
            " \t\n-5x",
            "\u00a07",
            "0x8000000000000000",
            "",
            "01777777777777777777777",
            "+1",
            "- 1",
            "0".repeat(70) + "1",
            "00000000000000000000000000000000000000000000000000000000000000012",
        };
        for (int program = 0; program < PROGRAMS; program++) {
            HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
            for (int call = 0; call < CALLS; call++) {
                String written = random.nextBoolean()
                        ? edges[random.nextInt(edges.length)]
                        : drawn("  -0x1", 3) + drawn("0123456789abcDEFx ", 22);
                byte[] bytes = (written + "\0").getBytes(StandardCharsets.ISO_8859_1);
                calling.holds(BUFFER + 128 * call, bytes);
                Argument base = BASES[random.nextInt(BASES.length)];
                int length = bytes.length - (random.nextBoolean() && bytes.length > 1 ? 1 : 0);
                calling.call(
                        random.nextBoolean() ? HelperFunction.STRTOL : HelperFunction.STRTOUL,
                        memory(BUFFER + 128 * call),
                        number(length),
                        base,
                        memory(BUFFER + 128 * call + 120));
            }
            agree(calling);
        }
    }

    @Test
    void texts_compare() {
        HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
        for (int call = 0; call < 4 * CALLS; call++) {
            byte[] left = (drawn("ab\u00ff", 6) + "\0").getBytes(StandardCharsets.ISO_8859_1);
            calling.holds(BUFFER + 16 * call, left);
            calling.call(
                    HelperFunction.STRNCMP,
                    memory(BUFFER + 16 * call),
                    number(1 + random.nextInt(8)),
                    text(drawn("ab\u00ff", 6)));
        }
        agree(calling);
    }

    @Test
    void formats() {
        String[] pieces = {
            "%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%u", "%x", "%08X", "%ld", "%lld", "%-12lx|", "%lu", "%i", "%c",
            "%3c", "%-3c|", "%s", "%10s", "%-10s|", "%p", "%px", "%pi4", "%pI4", "%pI6", "%pi6", "%20pI4", "%%", "%",
            "%q", "%l", "%lll", "%sx", "%s.", "%pz", "%pk", "%pks", "%pus", "%pI5", "plain ", "\t", "\u0001", "%hd",
            "%.3d", "%#x", "%*d", "%+u", "%0-6d|", "%00006d", "%-06d|", "%1$d", "%30s", "%+-8d|", "% +d",
        };
        int rejected = 0;
        int taken = 0;
        for (int program = 0; program < 8 * PROGRAMS; program++) {
            HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
            StringBuilder format = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                format.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
            }
            if (format.indexOf("%p ") >= 0
                    || format.indexOf("%p%") >= 0
                    || format.toString().endsWith("%p")) {
                continue; // Linux prints a hash of the pointer.
            }
            int values = random.nextInt(6);
            for (int i = 0; i < values; i++) {
                calling.holds(BUFFER + 8 * i, bytes(random.nextLong() >> random.nextInt(64)));
            }
            // A format in memory that may change is checked by the call, one that is constant by the verifier.
            calling.holds(BUFFER + 64, (format + "\0").getBytes(StandardCharsets.ISO_8859_1));
            calling.call(
                    HelperFunction.TRACE_VPRINTK,
                    memory(BUFFER + 64),
                    number(format.length() + 1L),
                    memory(BUFFER),
                    number(8L * values));
            agree(calling);
            int size = random.nextInt(4) > 0 ? 120 : 1 + random.nextInt(16);
            calling.call(
                    HelperFunction.SNPRINTF,
                    memory(BUFFER + 256),
                    number(size),
                    text(format.toString()),
                    memory(BUFFER),
                    number(8L * values));
            if (examine(calling) instanceof Examination.Result.Rejected) {
                rejected++;
            } else {
                agree(calling);
                taken++;
            }
        }
        assertThat(rejected).isPositive();
        assertThat(taken).isPositive();
    }

    private static byte[] bytes(long value) {
        byte[] bytes = new byte[8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value >> (8 * i));
        }
        return bytes;
    }

    @Test
    void reads_of_no_memory() {
        HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
        HelperFunction[] reads = {
            HelperFunction.PROBE_READ_KERNEL,
            HelperFunction.PROBE_READ_USER,
            HelperFunction.PROBE_READ_KERNEL_STR,
            HelperFunction.PROBE_READ_USER_STR
        };
        int at = BUFFER;
        for (HelperFunction read : reads) {
            for (int size : new int[] {0, 1, 7, 32}) {
                calling.holds(at, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
                calling.call(read, memory(at), number(size), number(0));
                at += 32;
            }
        }
        agree(calling);
    }

    @Test
    void reads_of_the_programs_own_memory() {
        HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
        calling.holds(BUFFER, "a name\0 and more".getBytes(StandardCharsets.US_ASCII));
        int at = BUFFER + 256;
        for (int size : new int[] {0, 1, 2, 6, 7, 8, 16}) {
            calling.call(HelperFunction.PROBE_READ_KERNEL, memory(at), number(size), memory(BUFFER));
            calling.call(HelperFunction.PROBE_READ_KERNEL_STR, memory(at + 32), number(size), memory(BUFFER));
            at += 64;
        }
        agree(calling);
    }
}
