package dev.turnout.tests.differential;

import static dev.turnout.tests.differential.HelpersAgainstKernelTest.memory;
import static dev.turnout.tests.differential.HelpersAgainstKernelTest.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What helpers say of the world of a test, which is the same on every engine and in every run. */
class WorldHelpersTest {
    private static final int BUFFER = HelperCalling.BUFFERS;
    private static final long TASK = 0xffff_8880_0000_0000L + 1000 * 0x4000L;

    /** The memory of the program after one run, the same on all engines. */
    private static ByteBuffer run(HelperCalling calling) {
        Trial trial = calling.on(List.of(ByteString.copyOf(new byte[64])));
        List<Way> engines =
                Ways.all().stream().filter(way -> way instanceof EngineWay).toList();
        assertThat(new Examination(engines, Options.linux()).examine(trial))
                .as(calling.toString())
                .isInstanceOf(Examination.Result.Agreed.class);
        Verdict.Verified verified = (Verdict.Verified) Verifier.verify(trial.program(), Options.linux());
        Way.Seen seen = Ways.reference().see(trial, new Way.Proven(verified.program(), Map.of()));
        Map<String, List<String>> maps = ((Way.Seen.Ran) seen).observation().maps();
        String entry = Objects.requireNonNull(maps.get(".bss")).getFirst();
        String hex = entry.substring(entry.indexOf('[') + 1, entry.indexOf(']'));
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void who_runs_and_when() {
        ByteBuffer memory = run(new HelperCalling(ProgramType.SCHED_CLS)
                .call(HelperFunction.GET_CURRENT_PID_TGID)
                .call(HelperFunction.GET_CURRENT_UID_GID)
                .call(HelperFunction.KTIME_GET_NS)
                .call(HelperFunction.KTIME_GET_BOOT_NS)
                .call(HelperFunction.KTIME_GET_COARSE_NS)
                .call(HelperFunction.KTIME_GET_TAI_NS)
                .call(HelperFunction.JIFFIES64)
                .call(HelperFunction.GET_NUMA_NODE_ID)
                .call(HelperFunction.GET_SMP_PROCESSOR_ID)
                .call(HelperFunction.GET_CURRENT_TASK)
                .call(HelperFunction.GET_CURRENT_CGROUP_ID)
                .call(HelperFunction.GET_CURRENT_ANCESTOR_CGROUP_ID, number(0))
                .call(HelperFunction.GET_CURRENT_ANCESTOR_CGROUP_ID, number(1)));
        long[] expected = {1000L << 32 | 1000, 0, 0, 0, 0, 0, 0, 0, 0, TASK, 1, 1, 0};
        for (int i = 0; i < expected.length; i++) {
            assertThat(memory.getLong(8 * i)).as("call " + i).isEqualTo(expected[i]);
        }
    }

    @Test
    void a_name_is_cut_to_the_buffer_and_ends_with_zeros() {
        HelperCalling calling = new HelperCalling(ProgramType.SCHED_CLS);
        byte[] full = "xxxxxxxx".getBytes(StandardCharsets.US_ASCII);
        int[] sizes = {1, 3, 5, 8};
        for (int i = 0; i < sizes.length; i++) {
            calling.holds(BUFFER + 8 * i, full);
            calling.call(HelperFunction.GET_CURRENT_COMM, memory(BUFFER + 8 * i), number(sizes[i]));
        }
        ByteBuffer memory = run(calling);
        String[] names = {"\0xxxxxxx", "te\0xxxxx", "test\0xxx", "test\0\0\0\0"};
        for (int i = 0; i < sizes.length; i++) {
            byte[] bytes = new byte[8];
            memory.get(BUFFER + 8 * i, bytes);
            assertThat(memory.getLong(8 * i)).isZero();
            assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo(names[i]);
        }
    }

    @Test
    void nothing_is_found_that_is_not_there() {
        ByteBuffer memory = run(new HelperCalling(ProgramType.SCHED_CLS)
                .holds(BUFFER, new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1})
                .call(HelperFunction.GET_NS_CURRENT_PID_TGID, number(1), number(2), memory(BUFFER), number(8))
                // The task's record, a page that no process has, and the end of everything.
                .call(HelperFunction.PROBE_READ_KERNEL, memory(BUFFER + 16), number(8), number(TASK))
                .call(HelperFunction.PROBE_READ_USER, memory(BUFFER + 16), number(8), number(4096))
                .call(HelperFunction.PROBE_READ_KERNEL_STR, memory(BUFFER + 16), number(8), number(-1))
                .call(HelperFunction.PROBE_READ_USER_STR, memory(BUFFER + 16), number(8), number(8192)));
        assertThat(memory.getLong(0)).isEqualTo(-22);
        assertThat(memory.getLong(BUFFER)).isZero();
        assertThat(memory.get(BUFFER + 8)).isEqualTo((byte) 1);
        for (int call = 1; call <= 4; call++) {
            assertThat(memory.getLong(8 * call)).as("call " + call).isEqualTo(-14);
        }
    }
}
