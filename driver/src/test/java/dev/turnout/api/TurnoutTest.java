package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.runtime.map.Datum;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnoutTest {
    @Test
    void a_text_becomes_a_machine_that_runs() {
        try (Machine machine = Turnout.load(Turnout.compile("counter.turn", Texts.COUNTER))) {
            RunResult result = machine.program("counter").run(Texts.packet("0700"));
            assertThat(result.value()).isEqualTo(2);
            assertThat(result.verdict()).isEqualTo("XDP_PASS");
            assertThat(result.output().toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, 0);
            assertThat(machine.map("seen").get(new byte[] {7, 0, 0, 0}))
                    .hasValueSatisfying(value -> assertThat(value).containsExactly(1, 0, 0, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void a_packet_is_run_with_what_else_is_said_of_it() {
        String text = """
                prog tc marks(ctx: *SkBuff) -> TcAction { ctx.cb[1] = ctx.mark + ctx.cb[2]; return TC_ACT_OK; }
                prog cgroup("connect4") connects(ctx: *SockAddr) -> i32 { ctx.user_ip4 = 9; return i32(ctx.family & 1); }
                """;
        try (Machine machine = Turnout.load(Turnout.compile("marks.turn", text))) {
            Program marks = machine.program("marks");
            MemorySegment context = marks.context(Map.of("mark", 40L, "cb[2]", 2L));
            RunResult result = marks.run(Texts.packet("00".repeat(60)), context);
            assertThat(result.verdict()).isEqualTo("TC_ACT_OK");
            assertThat(marks.contextFields(result.context()).get("cb"))
                    .isEqualTo(
                            new Datum.Items(List.of(Datum.of(0), Datum.of(42), Datum.of(2), Datum.of(0), Datum.of(0))));
            Program connects = machine.program("connects");
            RunResult address = connects.run(connects.context(Map.of("family", 3L)));
            assertThat(address.value()).isOne();
            assertThat(connects.contextFields(address.context())).containsEntry("user_ip4", Datum.of(9));
            assertThatIllegalArgumentException().isThrownBy(() -> marks.context(Map.of("marc", 1L)));
            assertThatIllegalArgumentException().isThrownBy(() -> marks.context(Map.of("mark", 1L << 40)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> marks.run(Texts.packet("00".repeat(60)), marks.context(Map.of("wire_len", 3L))));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> connects.run(Texts.packet("00"), connects.context(Map.of("family", 1L))));
        }
    }

    @Test
    void a_wrong_text_is_an_exception_with_its_diagnostics() {
        CompileException wrong = catchThrowableOfType(
                CompileException.class,
                () -> Turnout.compile("wrong.turn", "prog xdp p(ctx: *XdpCtx) -> XdpAction { return x; }"));
        assertThat(wrong.diagnostics()).extracting(one -> one.code()).containsExactly(DiagnosticCode.E0201);
        assertThat(wrong).hasMessageContaining("E0201").hasMessageContaining("wrong.turn:1");
    }

    @Test
    void bytes_that_are_no_object_are_an_exception() {
        assertThatThrownBy(() -> Turnout.read(new byte[100])).isInstanceOf(CompileException.class);
    }

    @Test
    void what_cannot_be_proven_is_rejected() {
        ObjectCode readsAnEmptyRegister = Texts.passBeginningWith("bf20000000000000");
        RejectedException rejected =
                catchThrowableOfType(RejectedException.class, () -> Turnout.load(readsAnEmptyRegister));
        assertThat(rejected.diagnostics()).isNotEmpty();
        assertThat(rejected.diagnostics().getFirst().code().name()).startsWith("V");
    }

    @Test
    void imports_come_from_where_the_caller_has_them() {
        List<String> asked = new ArrayList<>();
        CompileSettings settings = CompileSettings.standard().withImports(name -> {
            asked.add(name);
            return Optional.of("pub const LIMIT: u32 = 3;");
        });
        String text = "import \"rules/limits.turn\";\n"
                + Texts.PASS.replace("XDP_PASS", "if (limits::LIMIT == 3) XDP_TX else XDP_PASS");
        try (Machine machine = Turnout.load(Turnout.compile("app/main.turn", text, settings))) {
            assertThat(machine.program("pass").run(Texts.packet("00")).verdict())
                    .isEqualTo("XDP_TX");
        }
        assertThat(asked).containsOnly("app/rules/limits.turn");
    }

    @Test
    void an_object_that_was_written_can_be_read() {
        ObjectCode code = Turnout.compile(
                "pass.turn", Texts.PASS, CompileSettings.standard().withTarget("linux-6.1"));
        try (Machine machine = Turnout.load(Turnout.read(code.toElf()))) {
            assertThat(machine.programs()).containsOnlyKeys("pass");
            assertThat(machine.program("pass").run(Texts.packet("00")).value()).isEqualTo(2);
        }
    }

    @Test
    void a_config_is_known_before_the_proof() {
        LoadSettings settings = LoadSettings.standard().withConfig("step", "5").withEngine("interp");
        try (Machine machine = Turnout.load(Turnout.compile("counter.turn", Texts.COUNTER), settings)) {
            machine.program("counter").run(Texts.packet("0000"));
            assertThat(machine.map("seen").json()).contains("{\"key\":0,\"value\":5}");
            assertThat(machine.engine()).isEqualTo("interp");
        }
    }

    @Test
    void a_config_says_what_it_decided() {
        ObjectCode code = Turnout.compile("strict.turn", """
                config strict: bool = false;
                var seen: u64;
                prog xdp main(ctx: *XdpCtx) -> XdpAction {
                    if (strict) { seen += 1; return XDP_DROP; }
                    return XDP_PASS;
                }
                """);
        try (Machine machine = Turnout.load(code)) {
            assertThat(machine.program("main").decisions()).singleElement().satisfies(one -> {
                assertThat(one.place()).isEqualTo("strict.turn:4:9");
                assertThat(one.values()).containsExactly(entry("strict", new Datum.Flag(false)));
                assertThat(one.removed()).isPositive();
            });
        }
    }

    @Test
    void blinded_constants_give_the_same_results() {
        ObjectCode code = Turnout.compile("counter.turn", Texts.COUNTER);
        LoadSettings settings = LoadSettings.standard().withConfig("step", "123456789");
        for (LoadSettings one : List.of(settings, settings.withBlindedConstants())) {
            try (Machine machine = Turnout.load(code, one)) {
                assertThat(machine.program("counter").run(Texts.packet("0000")).verdict())
                        .isEqualTo("XDP_PASS");
                assertThat(machine.map("seen").json()).contains("{\"key\":0,\"value\":123456789}");
            }
        }
    }

    @Test
    void a_setting_that_does_not_fit_is_an_exception_that_says_why() {
        ObjectCode code = Turnout.compile("counter.turn", Texts.COUNTER);
        LoadSettings standard = LoadSettings.standard();
        assertThatThrownBy(() -> Turnout.load(code, standard.withConfig("stride", "5")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("U0110")
                .hasMessageContaining("`step`");
        assertThatThrownBy(() -> Turnout.load(code, standard.withKey("mode", "sing")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("`sing`");
        assertThatThrownBy(() -> Turnout.load(code, standard.withEngine("steam")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("`interp`");
        assertThatThrownBy(() -> Turnout.load(code, standard.withPatching("needle")))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("cell, displacement, flag");
        assertThatIllegalArgumentException().isThrownBy(() -> standard.withSlots(-1));
    }

    @Test
    void an_unknown_name_says_which_there_are() {
        try (Machine machine = Turnout.load(Turnout.compile("pass.turn", Texts.PASS))) {
            assertThatThrownBy(() -> machine.program("drop"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("[pass]");
        }
    }

    @Test
    void a_function_runs_on_a_memory_of_the_length_that_was_proven() {
        // r0 = *(u32 *)(r1 + 0)
        ObjectCode code = Texts.passBeginningWith("6110000000000000");
        try (Machine machine = Turnout.loadFunction(code, "pass", 4, LoadSettings.standard());
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, 0xcafe);
            assertThat(machine.program("pass").run(memory).value()).isEqualTo(0xcafe);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> machine.program("pass").run(arena.allocate(8)))
                    .withMessageContaining("proven for 4");
        }
        assertThatThrownBy(() -> Turnout.loadFunction(code, "pass", 3, LoadSettings.standard()))
                .isInstanceOf(RejectedException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Turnout.loadFunction(code, "pass", 131_073, LoadSettings.standard()));
    }

    @Test
    void bytecode_needs_no_object() {
        // r0 = *(u8 *)(r1 + 1); r0 += r2; exit
        byte[] code = HexFormat.of().parseHex("7110010000000000" + "0f20000000000000" + "9500000000000000");
        try (Machine machine = Turnout.loadBytecode(code, 2)) {
            assertThat(machine.program("main").run(Texts.packet("0028")).value())
                    .isEqualTo(42);
        }
        assertThatThrownBy(() -> Turnout.loadBytecode(code, 1)).isInstanceOf(RejectedException.class);
        assertThatThrownBy(() -> Turnout.loadBytecode(new byte[7], 0)).isInstanceOf(LoadException.class);
        assertThatIllegalArgumentException().isThrownBy(() -> Turnout.loadBytecode(code, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cell", "displacement", "flag"})
    void keys_are_switches(String patching) {
        List<String> printed = new ArrayList<>();
        LoadSettings settings = LoadSettings.standard()
                .withKey("loud", "true")
                .withPatching(patching)
                .withOutput(printed::add);
        try (Machine machine = Turnout.load(Turnout.compile("counter.turn", Texts.COUNTER), settings)) {
            Program counter = machine.program("counter");
            counter.run(Texts.packet("0900"));
            assertThat(printed).containsExactly("kind 9");
            machine.key("loud").set(false);
            counter.run(Texts.packet("0900"));
            assertThat(printed).hasSize(1);

            ProgramKey mode = machine.key("mode");
            assertThat(mode.text()).isEqualTo("count");
            mode.set("drop");
            assertThat(mode.value()).isEqualTo(1);
            assertThat(counter.run(Texts.packet("0900")).verdict()).isEqualTo("XDP_DROP");
            assertThatIllegalArgumentException().isThrownBy(() -> mode.set("sing"));
        }
    }

    @Test
    void a_batch_counts_verdicts_and_what_could_not_be_fed() {
        try (Machine machine = Turnout.load(Turnout.compile("counter.turn", Texts.COUNTER))) {
            machine.map("rules").putAll("[{\"key\":1,\"value\":{\"weight\":0,\"on\":true}}]");
            BatchResult result = machine.program("counter")
                    .runAll(
                            List.of(
                                    Texts.packet("0000"),
                                    Texts.packet("0100"),
                                    MemorySegment.ofArray(new byte[70_000]),
                                    Texts.packet("00")),
                            3);
            assertThat(result.verdicts()).isEqualTo(java.util.Map.of("XDP_PASS", 1L, "XDP_TX", 1L, "XDP_ABORTED", 1L));
            assertThat(result.refused(2)).isTrue();
            assertThat(result.values()).containsExactly(2L, 3L, 0L);
            assertThat(result.runs()).isEqualTo(9);
            assertThat(machine.map("seen").json()).contains("{\"key\":0,\"value\":3}");
        }
    }
}
