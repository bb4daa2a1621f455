package dev.turnout.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.turnout.cli.ExitCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.feature.RunningKernel;
import dev.turnout.linux.load.KernelObject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code verify --engine kernel}: the running kernel's verdict beside ours. */
class KernelVerdictTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String FIREWALL =
            ROOT.resolve("examples/firewall.turn").toString();
    /** A pointer is subtracted from a number, which neither takes. */
    private static final String REFUSED =
            ROOT.resolve("tests/corpus/gcc16/isort64.xdp.v4.o").toString();

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @Test
    void a_text_is_built_for_the_newest_target_that_the_kernel_takes() {
        Ended ended = Ended.turnout("verify", FIREWALL, "--engine", "kernel");
        assertThat(ended.code()).isEqualTo(ExitCode.SUCCESS);
        assertThat(ended.out())
                .startsWith("built for " + RunningKernel.target().orElseThrow().word())
                .contains("firewall: accepted (section `xdp`")
                .contains("\n  " + RunningKernel.here().words() + ": accepted (")
                .doesNotContain("disagree");
    }

    @Test
    void both_verdicts_are_one_object_with_the_same_names() {
        Ended ended = Ended.turnout("verify", FIREWALL, "--engine", "kernel", "--target", "linux-6.1", "--json");
        JsonObject line = JsonParser.parseString(ended.out()).getAsJsonObject();
        JsonObject kernel = line.getAsJsonObject("kernel");
        for (String name : new String[] {"verdict", "message", "insn", "line", "steps", "ns"}) {
            assertThat(line.has(name)).as(name).isTrue();
            assertThat(kernel.has(name)).as(name).isTrue();
        }
        assertThat(kernel.get("verdict").getAsString()).isEqualTo("accepted");
        assertThat(kernel.get("steps").getAsInt()).isPositive();
        assertThat(line.get("agree").getAsBoolean()).isTrue();
    }

    @Test
    void a_refusal_shows_what_the_kernel_knew_at_the_end() {
        Ended ended = Ended.turnout("verify", REFUSED, "--engine", "kernel");
        assertThat(ended.code()).isEqualTo(ExitCode.PROGRAM_WRONG);
        assertThat(ended.out()).contains("V0120").contains("rejected (EACCES").contains("subtract pointer from scalar");
        assertThat(ended.err()).contains("error[V0120]");
        JsonObject kernel = JsonParser.parseString(Ended.turnout("verify", REFUSED, "--engine", "kernel", "--json")
                        .out())
                .getAsJsonObject()
                .getAsJsonObject("kernel");
        assertThat(kernel.get("error").getAsString()).isEqualTo("EACCES");
        assertThat(kernel.get("insn").getAsInt()).isPositive();
        assertThat(kernel.get("log").getAsString()).contains("subtract pointer from scalar");
    }

    @Test
    void the_whole_log_is_shown_on_request() {
        String out = Ended.turnout("verify", REFUSED, "--engine", "kernel", "--log", "kernel")
                .out();
        assertThat(out).contains("\n0: R1=ctx()").contains("processed ");
    }

    @Test
    void what_the_kernel_lacks_is_a_rejection_with_a_reason() {
        Ended ended = Ended.turnout("verify", FIREWALL, "--engine", "kernel", "--target", "vm");
        assertThat(ended.code()).isEqualTo(ExitCode.PROGRAM_WRONG);
        assertThat(ended.out()).contains("has no ").contains("they disagree");
    }

    @Test
    void other_engines_have_no_verdict_of_their_own() {
        Ended ended = Ended.turnout("verify", FIREWALL, "--engine", "interp");
        assertThat(ended.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ended.err()).contains("U0102");
    }

    @Test
    void tables_of_the_kernel_are_shown_where_it_has_some() {
        Ended ended =
                Ended.turnout("dump", FIREWALL, "--emit", "tables", "--engine", "kernel", "--target", "linux-6.12");
        assertThat(ended.code()).isEqualTo(ExitCode.SUCCESS);
        assertThat(ended.out()).isEqualTo("no tables\n");
        assertThat(Ended.turnout("dump", FIREWALL, "--emit", "ir", "--engine", "kernel")
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }
}
