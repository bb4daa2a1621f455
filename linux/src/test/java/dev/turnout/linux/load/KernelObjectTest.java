package dev.turnout.linux.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.feature.KernelFeature;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelObjectTest {
    private final KernelObject object = new KernelObject();
    private final Diagnostics diagnostics = new Diagnostics();

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @AfterEach
    void free() {
        object.close();
    }

    private static MapDefinition map(MapKind kind, MapDefinition.Content content) {
        DebugType none = new DebugType.Void();
        return new MapDefinition("m", kind, 4, 8, 4, 0, none, none, content);
    }

    private static BpfProgram xdp(List<MapDefinition> maps, Insn... insns) {
        return program(ProgramType.XDP, maps, List.of(), insns);
    }

    private static BpfProgram program(ProgramType type, List<MapDefinition> maps, List<LineInfo> lines, Insn... insns) {
        Code code = Code.of(List.of(insns));
        return new BpfProgram(
                "main",
                type.word(),
                new Entry.Context(type),
                "GPL",
                code,
                List.of(new FunctionRange("main", 0, code.size(), true)),
                maps,
                List.of(),
                List.of(),
                lines);
    }

    private static Insn mov(Reg dst, int value) {
        return new Insn.Alu(AluOp.MOV, Width.W64, dst, Operand.of(value));
    }

    private static ByteString u32(int value) {
        return ByteString.copyOf(new byte[] {(byte) value, 0, 0, 0});
    }

    private static ByteString u64(int value) {
        return ByteString.copyOf(new byte[] {(byte) value, 0, 0, 0, 0, 0, 0, 0});
    }

    @Test
    void a_program_runs_on_a_packet() {
        KernelProgram loaded = object.load(xdp(List.of(), mov(Reg.R0, 2), new Insn.Exit()), diagnostics)
                .orElseThrow();
        ByteString packet = ByteString.zeros(60);
        assertThat(loaded.run(packet, 3)).isInstanceOfSatisfying(TestRun.Ran.class, ran -> {
            assertThat(ran.result()).isEqualTo(2);
            assertThat(ran.output()).isEqualTo(packet);
        });
        assertThat(loaded.figures().verified()).isEqualTo(2);
        assertThat(loaded.takes(ByteString.zeros(13))).isFalse();
        assertThat(loaded.run(ByteString.zeros(13), 1)).isInstanceOf(TestRun.Refused.class);
    }

    @Test
    void a_program_counts_in_a_map_that_can_be_read_and_written_from_here() {
        MapDefinition counters = map(MapKind.PERCPU_ARRAY, new MapDefinition.Content.Empty());
        BpfProgram program = xdp(
                List.of(counters),
                new Insn.Store(Size.W, Reg.R10, -4, Operand.of(1)),
                new Insn.Alu(AluOp.MOV, Width.W64, Reg.R2, Operand.of(Reg.R10)),
                new Insn.Alu(AluOp.ADD, Width.W64, Reg.R2, Operand.of(-4)),
                new Insn.Wide(Reg.R1, WideKind.MAP_INDEX, 0, 0),
                new Insn.CallHelper(HelperFunction.MAP_LOOKUP_ELEM.id()),
                new Insn.JumpIf(JumpOp.JEQ, Width.W64, Reg.R0, Operand.of(0), 3),
                new Insn.Load(Size.DW, false, Reg.R1, Reg.R0, 0),
                new Insn.Alu(AluOp.ADD, Width.W64, Reg.R1, Operand.of(1)),
                new Insn.Store(Size.DW, Reg.R0, 0, Operand.of(Reg.R1)),
                mov(Reg.R0, 2),
                new Insn.Exit());
        KernelProgram loaded = object.load(program, diagnostics).orElseThrow();
        assertThat(loaded.run(ByteString.zeros(60), 5)).isInstanceOf(TestRun.Ran.class);
        KernelMap map = object.map("m", diagnostics).orElseThrow();
        long sum = map.read(u32(1)).stream().mapToLong(value -> value.at(0)).sum();
        assertThat(sum).isEqualTo(5);
        assertThat(map.update(u32(2), List.of(u64(7)), 0)).isZero();
        assertThat(map.entries())
                .hasSize(4)
                .satisfies(all -> assertThat(all.get(2).values().getFirst()).isEqualTo(u64(7)));
    }

    @Test
    void a_frozen_data_section_is_a_constant() {
        DebugType none = new DebugType.Void();
        ByteString bytes = ByteString.copyOf(new byte[] {1, 0, 0, 0, 42, 0, 0, 0});
        MapDefinition rodata = new MapDefinition(
                ".rodata", MapKind.ARRAY, 4, 8, 1, 0x80, none, none, new MapDefinition.Content.Data(bytes, true));
        BpfProgram program = xdp(
                List.of(rodata),
                new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, 0, 4),
                new Insn.Load(Size.W, false, Reg.R0, Reg.R1, 0),
                new Insn.Exit());
        KernelProgram loaded = object.load(program, diagnostics).orElseThrow();
        assertThat(loaded.run(ByteString.zeros(60), 1))
                .isInstanceOfSatisfying(
                        TestRun.Ran.class, ran -> assertThat(ran.result()).isEqualTo(42));
        assertThat(object.map(".rodata", diagnostics).orElseThrow().update(u32(0), List.of(bytes), 0))
                .isNegative();
    }

    @Test
    void a_refusal_comes_with_the_kernels_log_and_our_source_lines() {
        LineInfo line = new LineInfo(0, "bad.turn", 3, 5, "return *nowhere;");
        BpfProgram program = program(
                ProgramType.XDP,
                List.of(),
                List.of(line),
                new Insn.Load(Size.DW, false, Reg.R0, Reg.R5, 0),
                new Insn.Exit());
        Optional<KernelVerdict> verdict = object.judge(program, diagnostics);
        assertThat(verdict).containsInstanceOf(KernelVerdict.Refused.class);
        assertThat(((KernelVerdict.Refused) verdict.orElseThrow()).log())
                .contains("R5 !read_ok")
                .contains("return *nowhere;");
        assertThat(object.load(program, diagnostics)).isEmpty();
        assertThat(diagnostics.all())
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.R0122));
    }

    @Test
    void a_static_branch_is_refused_before_the_kernel_sees_it() {
        BpfProgram program = xdp(List.of(), mov(Reg.R0, 0), new Insn.StaticJump(true, true, 0), new Insn.Exit());
        assertThat(object.load(program, diagnostics)).isEmpty();
        assertThat(diagnostics.all().getFirst().code()).isEqualTo(DiagnosticCode.R0121);
    }

    @Test
    void an_instruction_that_this_kernel_lacks_is_named_and_so_is_a_target() {
        assumeTrue(!KernelFeature.JUMP_TABLES.here(), "this kernel has jump tables");
        BpfProgram program = xdp(List.of(), mov(Reg.R0, 0), new Insn.JumpIndirect(Reg.R0), new Insn.Exit());
        assertThat(object.load(program, diagnostics)).isEmpty();
        assertThat(diagnostics.all()).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(DiagnosticCode.R0121);
            assertThat(one.message()).contains("gotox").contains("Linux 6.19");
            assertThat(one.helps().getFirst()).contains("--target linux-");
        });
    }

    @Test
    void a_refusal_for_effort_says_that_nothing_is_wrong() {
        // Without bound and without a state that changes, but with a counter: a million instructions and no end.
        BpfProgram program = xdp(
                List.of(),
                new Insn.CallHelper(HelperFunction.KTIME_GET_NS.id()),
                new Insn.Alu(AluOp.MOV, Width.W64, Reg.R1, Operand.of(0)),
                new Insn.Alu(AluOp.ADD, Width.W64, Reg.R1, Operand.of(1)),
                new Insn.JumpIf(JumpOp.JNE, Width.W64, Reg.R1, Operand.of(Reg.R0), -2),
                mov(Reg.R0, 2),
                new Insn.Exit());
        assertThat(object.load(program, diagnostics)).isEmpty();
        assertThat(diagnostics.all()).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(DiagnosticCode.R0122);
            assertThat(one.helps().getFirst()).contains("gave up");
        });
    }

    @Test
    void types_that_the_kernel_does_not_read_are_left_out_and_that_is_said() {
        BpfProgram odd = new BpfProgram(
                "main",
                "xdp",
                new Entry.Context(ProgramType.XDP),
                "GPL",
                Code.of(List.of(mov(Reg.R0, 2), new Insn.Exit())),
                List.of(new FunctionRange("", 0, 2, true)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        assertThat(object.load(odd, diagnostics)).isPresent();
        assertThat(diagnostics.all())
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.R0127));
    }

    @Test
    void a_map_that_the_kernel_refuses_is_named() {
        DebugType none = new DebugType.Void();
        MapDefinition odd =
                new MapDefinition("odd", MapKind.ARRAY, 8, 8, 1, 0, none, none, new MapDefinition.Content.Empty());
        assertThat(object.load(xdp(List.of(odd), mov(Reg.R0, 0), new Insn.Exit()), diagnostics))
                .isEmpty();
        assertThat(diagnostics.all().getFirst().message()).contains("`odd`").contains("EINVAL");
    }

    @Test
    void a_pinned_map_is_used_if_it_has_the_declared_shape_and_named_if_not() throws IOException {
        Path folder = Path.of("/sys/fs/bpf/turnout-" + ProcessHandle.current().pid());
        assumeTrue(Files.isDirectory(Path.of("/sys/fs/bpf")), "there is no BPF file system here");
        Files.createDirectory(folder);
        Path pin = folder.resolve("m");
        MapDefinition declared = map(MapKind.HASH, new MapDefinition.Content.Empty());
        try (KernelMap there = ((KernelMap.Made.Created) KernelMap.create(declared)).map()) {
            there.update(u32(7), List.of(u64(70)), 0);
            assertThat(there.pin(pin)).isZero();
            object.usePinned(List.of(pinned(MapKind.HASH)), folder);
            BpfProgram program = xdp(
                    List.of(declared),
                    new Insn.Wide(Reg.R1, WideKind.MAP_INDEX, 0, 0),
                    mov(Reg.R0, 2),
                    new Insn.Exit());
            assertThat(object.load(program, diagnostics)).isPresent();
            assertThat(object.map("m", diagnostics).orElseThrow().read(u32(7))).containsExactly(u64(70));

            try (KernelObject other = new KernelObject()) {
                other.usePinned(List.of(pinned(MapKind.LRU_HASH)), folder);
                BpfProgram differs = xdp(
                        List.of(map(MapKind.LRU_HASH, new MapDefinition.Content.Empty())),
                        new Insn.Wide(Reg.R1, WideKind.MAP_INDEX, 0, 0),
                        mov(Reg.R0, 2),
                        new Insn.Exit());
                assertThat(other.load(differs, diagnostics)).isEmpty();
            }
            assertThat(diagnostics.all()).singleElement().satisfies(one -> {
                assertThat(one.code()).isEqualTo(DiagnosticCode.R0126);
                assertThat(one.message()).contains(pin.toString()).contains("`m`");
                assertThat(one.notes()).anyMatch(note -> note.contains("`hash`"));
                assertThat(one.notes()).anyMatch(note -> note.contains("`lru_hash`"));
            });
        } finally {
            Files.deleteIfExists(pin);
            Files.deleteIfExists(folder);
        }
    }

    private static ObjectMap pinned(MapKind kind) {
        DebugType none = new DebugType.Void();
        return new ObjectMap("m", kind, 4, 8, none, none, 4, 0, 0, true, List.of());
    }

    @Test
    void lists_of_cpus_are_read() {
        assertThat(PossibleCpus.count("0")).isEqualTo(1);
        assertThat(PossibleCpus.count("0-3")).isEqualTo(4);
        assertThat(PossibleCpus.count("0-1,4,6-7")).isEqualTo(8);
        assertThat(PossibleCpus.count()).isPositive();
    }
}
