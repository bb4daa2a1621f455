package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.cli.ExitCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.ObjectSource;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.feature.RunningKernel;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.stdlib.target.TargetProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code key}: a program in the running kernel is switched from outside, by its number alone. */
class KeyCommandTest {
    private static final String TEXT = """
            key debug = false;
            enum Depth { none, ports, full }
            key depth: Depth = .ports;
            config most: u32 = 7;
            var total: u64 = 0;

            prog xdp worker(ctx: *XdpCtx) -> XdpAction {
                static_branch (debug) { total += 1; }
                static_switch (depth) {
                    .none => return XDP_DROP,
                    .ports => return XDP_PASS,
                    .full => { if (most > 3) { return XDP_TX; } return XDP_ABORTED; }
                }
            }
            """;

    private final KernelObject kernel = new KernelObject();

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @AfterEach
    void free() {
        kernel.close();
    }

    private KernelProgram loaded() {
        Diagnostics diagnostics = new Diagnostics();
        TargetProfile target = RunningKernel.target().orElseThrow();
        BpfObject object = ObjectSource.open(
                        "keys.turn",
                        TEXT.getBytes(StandardCharsets.UTF_8),
                        (_, _) -> Optional.empty(),
                        new CompileOptions(target, Map.of(), false, false),
                        Policy.LINUX,
                        diagnostics)
                .flatMap(ObjectSource::object)
                .orElseThrow();
        return ProgramLoader.load(object, "worker", diagnostics)
                .flatMap(program -> kernel.load(program, diagnostics))
                .orElseThrow();
    }

    private static int verdict(KernelProgram program) {
        return ((TestRun.Ran) program.run(ByteString.zeros(64), 1)).result();
    }

    @Test
    void keys_are_listed_and_set_and_the_program_obeys() {
        KernelProgram program = loaded();
        String id = Integer.toString(program.id());
        assertThat(verdict(program)).isEqualTo(2);

        List<JsonObject> keys = Ended.turnout("key", id, "--json")
                .out()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        assertThat(keys).hasSize(2);
        assertThat(keys.get(0).get("value").getAsBoolean()).isFalse();
        assertThat(keys.get(1).get("value").getAsString()).isEqualTo("ports");
        assertThat(keys.get(1).get("values")).hasToString("[\"none\",\"ports\",\"full\"]");

        String depth = keys.get(1).get("key").getAsString();
        Ended set = Ended.turnout("key", id, depth, "full");
        assertThat(set.out()).isEqualTo(depth + ": ports → full\n");
        assertThat(verdict(program)).isEqualTo(3);
        assertThat(Ended.turnout("key", id, depth).out()).startsWith(depth + " = full");

        String debug = keys.get(0).get("key").getAsString();
        JsonObject on = JsonParser.parseString(
                        Ended.turnout("key", id, debug, "on", "--json").out())
                .getAsJsonObject();
        assertThat(on.get("before").getAsBoolean()).isFalse();
        assertThat(on.get("value").getAsBoolean()).isTrue();
        verdict(program);
        assertThat(kernel.map(".bss", new Diagnostics())
                        .orElseThrow()
                        .read(ByteString.zeros(4))
                        .getFirst()
                        .at(0))
                .isEqualTo((byte) 1);
        assertThat(Ended.turnout("key", id, depth).out()).startsWith(depth + " = full");
    }

    @Test
    void what_is_no_value_or_no_key_is_said_and_nothing_changes() {
        KernelProgram program = loaded();
        String id = Integer.toString(program.id());
        String depth = Ended.turnout("key", id).out().lines().toList().get(1).replaceFirst(" .*", "");
        Ended wrong = Ended.turnout("key", id, depth, "deep");
        assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("U0102").contains("`none`, `ports`, `full`");
        assertThat(Ended.turnout("key", id, "most", "3").err())
                .contains("R0129")
                .contains("frozen");
        assertThat(Ended.turnout("key", id, "total", "3").err())
                .contains("R0129")
                .contains("no key but a variable");
        assertThat(Ended.turnout("key", id, "nothing", "3").err())
                .contains("R0129")
                .contains(depth);
        assertThat(verdict(program)).isEqualTo(2);
    }

    @Test
    void what_is_not_there_is_named() {
        assertThat(Ended.turnout("key", "4294967295").err()).contains("R0128").contains("4294967295");
        assertThat(Ended.turnout("key", "/sys/fs/bpf/nothing/here", "x").err()).contains("R0128");
        assertThat(Ended.turnout("key", "/proc/version").err())
                .contains("R0128")
                .contains("no pin");
        assertThat(Ended.turnout("key").code()).isEqualTo(ExitCode.USAGE);
        assertThat(Ended.turnout("key", "1", "2", "3", "4").err()).contains("U0102");
    }
}
