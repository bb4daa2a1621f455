package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.object.ObjectFunction.Kind;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfWriterTest {
    private static final DebugType VOID = new DebugType.Void();
    private static final DebugType BOOL = new DebugType.Integer("_Bool", 8, DebugType.Encoding.BOOL);
    private static final DebugType U32 = new DebugType.Integer("unsigned int", 32, DebugType.Encoding.UNSIGNED);
    private static final DebugType.Function NO_ARGUMENTS = new DebugType.Function(List.of(), U32);
    private static final Insn LOAD = Insn.Wide.constant(Reg.R1, 0);
    private static final Insn EXIT = new Insn.Exit();

    @ParameterizedTest
    @ValueSource(strings = {"callbacks", "counters", "dispatch", "plain", "programs"})
    void whatWasReadIsReadAgain(String name) {
        BpfObject object = SampleObjects.read(SampleObjects.file(name));
        BpfObject again = SampleObjects.read(ElfWriter.write(object));
        assertThat(again.sections().stream().map(CodeSection::code).toList())
                .isEqualTo(object.sections().stream().map(CodeSection::code).toList());
        assertThat(again.sections().stream().map(CodeSection::relocations).toList())
                .isEqualTo(
                        object.sections().stream().map(CodeSection::relocations).toList());
        assertThat(again.sections().stream().map(CodeSection::lines).toList())
                .isEqualTo(object.sections().stream().map(CodeSection::lines).toList());
        assertThat(again.maps()).isEqualTo(object.maps());
        assertThat(again.data()).isEqualTo(object.data());
        assertThat(again.jumpTables()).isEqualTo(object.jumpTables());
        assertThat(again.license()).isEqualTo(object.license());
    }

    @Test
    void everythingOfOursComesBack() {
        BpfObject object = everything();
        assertThat(SampleObjects.read(ElfWriter.write(object)).withoutTypes()).isEqualTo(object);
    }

    @Test
    void equalObjectsMakeEqualBytes() {
        assertThat(ElfWriter.write(everything())).isEqualTo(ElfWriter.write(everything()));
    }

    @Test
    void jumpTableWordsAreByteOffsetsInTheSectionOfTheCode() {
        ElfImage image = ElfImage.parse(ElfWriter.write(everything()));
        ElfImage.Section tables = image.section(".jumptables").orElseThrow();
        assertThat(tables.flags()).isZero();
        assertThat(tables.align()).isEqualTo(1);
        ByteBuffer words = tables.view();
        assertThat(List.of(words.getLong(), words.getLong())).containsExactly(7 * 8L, 8 * 8L);
        ElfImage.Symbol symbol = image.symbols().stream()
                .filter(one -> one.name().equals("BPF.JT.step.0"))
                .findFirst()
                .orElseThrow();
        assertThat(symbol.binding()).isEqualTo(Elf.GLOBAL);
        assertThat(symbol.type()).isEqualTo(Elf.OBJECT);
        assertThat(symbol.size()).isEqualTo(16);
        assertThat(image.sections())
                .extracting(ElfImage.Section::name)
                .contains(".rel.text", ".relxdp")
                .doesNotContain(".rel.jumptables");
    }

    @Test
    void allTablesOfAFunctionStandBehindOneSymbol() {
        BpfObject object = twoTables();
        ByteString file = ElfWriter.write(object);
        ElfImage image = ElfImage.parse(file);
        assertThat(image.symbols().stream()
                        .filter(one -> one.name().startsWith("BPF.JT."))
                        .map(one -> one.name() + " " + one.binding() + " " + one.value() + " " + one.size())
                        .toList())
                .containsExactly(
                        "BPF.JT.main.0 " + Elf.LOCAL + " 0 16",
                        "BPF.JT.main.1 " + Elf.LOCAL + " 16 24",
                        "BPF.JT.main " + Elf.GLOBAL + " 0 40");
        // libbpf writes the map into the first half of a wide load's number and leaves the second alone.
        ByteBuffer code = image.section("xdp").orElseThrow().view();
        assertThat(List.of(code.getInt(4), code.getInt(12))).containsExactly(0, 0);
        assertThat(List.of(code.getInt(28), code.getInt(36))).containsExactly(0, 24);
        assertThat(SampleObjects.read(file).withoutTypes()).isEqualTo(object);
    }

    @Test
    void tablesBehindOneSymbolAreOneTableWhereNothingTellsThemApart() {
        byte[] file = ElfWriter.write(twoTables()).toArray();
        // As an assembler would have it: the symbols of the parts are gone.
        ByteBuffer raw = ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < raw.getShort(60); i++) {
            int header = (int) raw.getLong(40) + i * 64;
            for (int at = 0; raw.getInt(header + 4) == 2 && at < raw.getLong(header + 32); at += 24) {
                int symbol = (int) raw.getLong(header + 24) + at;
                if (raw.get(symbol + 4) == Elf.OBJECT) {
                    raw.put(symbol + 4, (byte) Elf.NOTYPE);
                }
            }
        }
        BpfObject object = SampleObjects.read(ByteString.copyOf(file));
        assertThat(object.jumpTables()).containsExactly(new JumpTable("BPF.JT.main", "main", List.of(5, 6, 6, 5, 5)));
        assertThat(object.section("xdp").orElseThrow().relocations())
                .containsExactly(
                        new Relocation(0, new Reference.ToJumpTable("BPF.JT.main", 0)),
                        new Relocation(3, new Reference.ToJumpTable("BPF.JT.main", 24)));
    }

    /** A program with two tables; it enters the second at its second word. */
    private static BpfObject twoTables() {
        CodeSection xdp = CodeSection.of(
                "xdp",
                Code.of(List.of(LOAD, new Insn.JumpIndirect(Reg.R1), LOAD, EXIT, EXIT)),
                List.of(new ObjectFunction("main", 0, 7, Kind.PROGRAM, NO_ARGUMENTS)),
                List.of(
                        new Relocation(0, new Reference.ToJumpTable("BPF.JT.main.0", 0)),
                        new Relocation(3, new Reference.ToJumpTable("BPF.JT.main.1", 8))),
                List.of());
        return new BpfObject(
                "GPL",
                List.of(xdp),
                List.of(),
                List.of(),
                List.of(
                        new JumpTable("BPF.JT.main.0", "main", List.of(5, 6)),
                        new JumpTable("BPF.JT.main.1", "main", List.of(6, 5, 5))),
                List.of(),
                List.of());
    }

    @Test
    void aVariableOfNoBytesIsNotDescribed() {
        DataSection.Variable empty = new DataSection.Variable("empty", 0, 0, new DebugType.Array(U32, 0), true);
        DataSection.Variable full = new DataSection.Variable("full", 0, 4, U32, true);
        BpfObject object = new BpfObject(
                "GPL",
                List.of(),
                List.of(new DataSection(".rodata", ByteString.zeros(4), 4, List.of(empty, full))),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        DataSection read = SampleObjects.read(ElfWriter.write(object))
                .dataSection(".rodata")
                .orElseThrow();
        assertThat(read.variable("full").orElseThrow().type()).isEqualTo(U32);
        assertThat(read.variable("empty").map(DataSection.Variable::type).orElse(VOID))
                .isEqualTo(VOID);
    }

    @Test
    void branchRecordsAreThoseOfTheLanguage() {
        ElfImage image = ElfImage.parse(ElfWriter.write(everything()));
        ByteBuffer record = image.section(".static_branches").orElseThrow().view();
        assertThat(record.limit()).isEqualTo(24);
        assertThat(image.sections().get(record.getInt()).name()).isEqualTo("xdp");
        assertThat(record.getInt()).isEqualTo(0);
        assertThat(record.getInt()).isEqualTo(5 * 8);
        assertThat(image.symbols().get(record.getInt()).name()).isEqualTo("BPF.SK.debug");
        assertThat(record.getInt()).isEqualTo(1);
        assertThat(record.getInt()).isEqualTo(0);
    }

    @Test
    void anOutsideDisassemblerReadsIt(@TempDir Path folder) throws IOException, InterruptedException {
        String tool = System.getenv().getOrDefault("TURNOUT_LLVM_OBJDUMP", "llvm-objdump");
        Path file = folder.resolve("a.o");
        Files.write(
                file,
                ElfWriter.write(SampleObjects.read(SampleObjects.file("callbacks")))
                        .toArray());
        String text = run(tool, "-d", "-r", file.toString());
        assumeTrue(text.contains("elf64-bpf"), () -> tool + " is not there or does not know BPF");
        assertThat(text)
                .contains("<add>:", "<sum>:", "R_BPF_64_64", ".text", "call 181", "exit")
                .doesNotContain("<unknown>");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } catch (IOException e) {
            assumeTrue(false, command[0] + " is not there: " + e.getMessage());
            throw e;
        }
    }

    static BpfObject everything() {
        // .text: helper (0..1), step (1..9): calls helper, uses its table and a table of functions.
        CodeSection text = CodeSection.of(
                ".text",
                Code.of(List.of(EXIT, new Insn.CallLocal(0), LOAD, LOAD, new Insn.JumpIndirect(Reg.R1), EXIT, EXIT)),
                List.of(
                        new ObjectFunction("helper", 0, 1, Kind.STATIC, NO_ARGUMENTS),
                        new ObjectFunction("step", 1, 9, Kind.GLOBAL, NO_ARGUMENTS)),
                List.of(
                        new Relocation(1, new Reference.ToFunction("helper")),
                        new Relocation(2, new Reference.ToJumpTable("BPF.JT.step.0", 8)),
                        new Relocation(4, new Reference.ToFunctionTable("actions"))),
                List.of());
        CodeSection xdp = new CodeSection(
                "xdp",
                Code.of(List.of(
                        new Insn.StaticJump(true, true, 4), LOAD, LOAD, new Insn.CallLocal(0), LOAD, LOAD, EXIT)),
                List.of(new ObjectFunction("main", 0, 11, Kind.PROGRAM, NO_ARGUMENTS)),
                List.of(
                        new Relocation(1, new Reference.ToMap("hits")),
                        new Relocation(3, new Reference.ToData(".data", 4)),
                        new Relocation(5, new Reference.ToFunction("step")),
                        new Relocation(6, new Reference.ToFunction("helper")),
                        new Relocation(8, new Reference.ToFunction("step"))),
                List.of(new ObjectBranchSite(0, 5, "debug", 1, false)),
                List.of(
                        new LineInfo(0, "a.turn", 12, 5, "static_branch (debug) {"),
                        new LineInfo(3, "a.turn", 13, 9, "")),
                List.of());
        DataSection data = new DataSection(
                ".data",
                ByteString.copyOf(new byte[] {1, 0, 0, 0, 2, 0, 0, 0}),
                4,
                List.of(
                        new DataSection.Variable("one", 0, 4, U32, true),
                        new DataSection.Variable("two", 4, 4, U32, false)));
        DataSection bss = new DataSection(".bss", ByteString.zeros(16), 8, List.of());
        ObjectMap hits = new ObjectMap("hits", MapKind.HASH, 4, 1, U32, BOOL, 1 << 20, 1, 0, true, List.of());
        return new BpfObject(
                "GPL",
                List.of(text, xdp),
                List.of(data, bss),
                List.of(hits),
                List.of(new JumpTable("BPF.JT.step.0", "step", List.of(7, 8))),
                List.of(FunctionTable.mutable("actions", List.of("helper", "", "helper"), List.of("step"), false)),
                List.of(new ObjectKey("debug", 0, BOOL), new ObjectKey("quiet", 1, VOID)));
    }
}
