package dev.turnout.bpf.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectLinkerTest {
    private static final ObjectLinker.Input FRONT = Linking.clang("merge/front");
    private static final ObjectLinker.Input BACK = Linking.clang("merge/back");

    static Stream<String> samples() {
        return Linking.OF_CLANG.stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void an_object_that_is_linked_alone_stays_the_same_program(String name) {
        ObjectLinker.Input input = Linking.clang(name);
        BpfObject before = Linking.read(input.file());
        BpfObject after = Linking.link(input).read();
        assertThat(after.license()).isEqualTo(before.license());
        assertThat(after.sections().stream().map(CodeSection::code))
                .containsExactlyElementsOf(
                        before.sections().stream().map(CodeSection::code).toList());
        assertThat(after.sections().stream().map(CodeSection::relocations))
                .containsExactlyElementsOf(
                        before.sections().stream().map(CodeSection::relocations).toList());
        assertThat(after.sections().stream().map(CodeSection::lines))
                .containsExactlyElementsOf(
                        before.sections().stream().map(CodeSection::lines).toList());
        assertThat(after.sections().stream().map(CodeSection::functions))
                .containsExactlyElementsOf(
                        before.sections().stream().map(CodeSection::functions).toList());
        assertThat(after.maps()).isEqualTo(before.maps());
        assertThat(after.data()).isEqualTo(before.data());
        assertThat(after.jumpTables()).isEqualTo(before.jumpTables());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void what_was_linked_is_linked_again_to_the_same_bytes(String name) {
        ByteString once = Linking.link(Linking.clang(name)).file();
        assertThat(Linking.link(new ObjectLinker.Input("again", once)).file()).isEqualTo(once);
    }

    @Test
    void the_order_of_the_inputs_decides_and_nothing_else() {
        ByteString linked = Linking.link(FRONT, BACK).file();
        assertThat(Linking.link(FRONT, BACK).file()).isEqualTo(linked);
        assertThat(Linking.link(BACK, FRONT).file()).isNotEqualTo(linked);
        assertThat(Linking.link(new ObjectLinker.Input("both", linked)).file()).isEqualTo(linked);
    }

    @Test
    void names_lead_to_the_one_definition() {
        Linking.Linked linked = Linking.link(FRONT, BACK);
        assertThat(linked.said()).isEmpty();
        BpfObject object = linked.read();
        assertThat(object.programs().stream().map(ObjectFunction::name)).containsExactly("front", "back");
        assertThat(object.maps()).singleElement().satisfies(map -> {
            assertThat(map.name()).isEqualTo("totals");
            assertThat(map.maxEntries()).isEqualTo(4);
        });
        BpfProgram front = load(object, "front");
        assertThat(front.functions().stream().map(one -> one.name())).contains("step", "weigh", "step.2", "flavour");
        assertThat(object.dataSection(".data").orElseThrow().variables().stream()
                        .map(one -> one.name()))
                .containsExactly("limit", "seen");
    }

    @Test
    void the_first_of_two_weak_functions_is_taken_and_the_code_of_the_other_is_nobodys() {
        assertThat(constants(load(Linking.link(FRONT, BACK).read(), "back")))
                .contains(new Operand.Immediate(100))
                .doesNotContain(new Operand.Immediate(200));
        BpfObject swapped = Linking.link(BACK, FRONT).read();
        assertThat(constants(load(swapped, "back")))
                .contains(new Operand.Immediate(200))
                .doesNotContain(new Operand.Immediate(100));
        assertThat(swapped.function("flavour.2")).isEmpty();
    }

    private static List<Operand> constants(BpfProgram program) {
        List<Operand> constants = new ArrayList<>();
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            if (program.code().at(slot) instanceof Insn.Alu alu) {
                constants.add(alu.src());
            }
        }
        return constants;
    }

    private static BpfProgram load(BpfObject object, String program) {
        Diagnostics diagnostics = new Diagnostics();
        return ProgramLoader.load(object, program, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }

    @Test
    void words_of_jump_tables_move_with_the_code_they_lead_to() {
        BpfObject alone = Linking.read(BACK.file());
        BpfObject linked = Linking.link(FRONT, BACK).read();
        assertThat(linked.jumpTables()).hasSize(3);
        for (JumpTable table : alone.jumpTables()) {
            ObjectFunction before = alone.function(table.owner()).orElseThrow();
            ObjectFunction after = linked.function(table.owner()).orElseThrow();
            assertThat(after.start()).isGreaterThan(before.start());
            JumpTable moved = linked.jumpTables().stream()
                    .filter(one -> one.owner().equals(table.owner()))
                    .findFirst()
                    .orElseThrow();
            assertThat(moved.targets().stream().map(slot -> slot - after.start()))
                    .containsExactlyElementsOf(table.targets().stream()
                            .map(slot -> slot - before.start())
                            .toList());
        }
    }

    @Test
    void tables_of_one_name_get_names_of_their_own() {
        assertThat(Linking.link(FRONT, BACK).read().jumpTables().stream().map(JumpTable::name))
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(name).startsWith("BPF.JT."));
    }

    @Test
    void no_type_is_twice_and_a_declared_struct_is_the_defined_one() {
        Btf btf = Linking.link(FRONT, BACK).read().types().all();
        assertThat(btf.types().stream().filter(type -> type instanceof BtfType.Forward))
                .isEmpty();
        for (String name : List.of("item", "__sk_buff", "totals_t", "unsigned int", "flavour", "weigh", "totals")) {
            assertThat(btf.types().stream().filter(type -> type.name().equals(name)))
                    .as(name)
                    .hasSize(1);
        }
        assertThat(btf.types().stream()
                        .filter(type ->
                                type instanceof BtfType.Function one && one.linkage() == BtfType.Linkage.EXTERN))
                .isEmpty();
    }

    @Test
    void variables_of_both_objects_are_described_where_they_are() {
        ByteString file = Linking.link(FRONT, BACK).file();
        ElfImage image = ElfImage.parse(file);
        Btf btf = Linking.read(file).types().all();
        BtfType.DataSection data = btf.dataSection(".data").orElseThrow();
        assertThat(data.size()).isEqualTo(image.section(".data").orElseThrow().size());
        for (BtfType.Placement one : data.variables()) {
            String name = btf.find(one.variable()).orElseThrow().name();
            ElfImage.Symbol symbol = image.symbols().stream()
                    .filter(it -> it.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertThat(one.offset()).as(name).isEqualTo(symbol.value());
        }
        assertThat(btf.dataSection(".extern")).isEmpty();
        assertThat(btf.dataSection(".kconfig").orElseThrow().variables()).hasSize(1);
    }

    @Test
    void each_name_that_two_objects_mean_differently_is_named_with_the_difference() {
        Linking.Linked linked = Linking.link(BACK, Linking.clang("merge/wrong"));
        assertThat(linked.result().outcome()).isEqualTo(ObjectLinker.Outcome.REFUSED);
        assertThat(linked.codes()).containsOnly(DiagnosticCode.O0141).hasSize(4);
        assertThat(linked.said().stream().map(one -> one.notes().getFirst()))
                .containsExactlyInAnyOrder(
                        "parameter 1 is `unsigned int` in `back.o`, `unsigned long` in `wrong.o`",
                        "it is `unsigned int` in `back.o`, `unsigned long` in `wrong.o`",
                        "`max_entries` is 4 in one, 5 in the other",
                        "in `back.o` it is defined in section `.text`; in `wrong.o` it is the kernel's");
    }

    @Test
    void two_definitions_of_a_name_are_refused_with_both_files() {
        Linking.Linked linked = Linking.link(BACK, new ObjectLinker.Input("twin.o", BACK.file()));
        assertThat(linked.codes()).containsOnly(DiagnosticCode.O0140);
        assertThat(linked.said().stream().map(Diagnostic::message))
                .containsExactlyInAnyOrder(
                        "`totals` is defined in `back.o` and in `twin.o`",
                        "`seen` is defined in `back.o` and in `twin.o`",
                        "`weigh` is defined in `back.o` and in `twin.o`",
                        "`back` is defined in `back.o` and in `twin.o`");
    }

    @Test
    void what_nobody_defines_is_said_and_may_be_linked_later() {
        Linking.Linked half = Linking.link(FRONT);
        assertThat(half.codes()).containsOnly(DiagnosticCode.O0145);
        assertThat(half.said().stream().map(Diagnostic::message))
                .containsExactlyInAnyOrder(
                        "nobody defines `seen`, which `front.o` needs",
                        "nobody defines `weigh`, which `front.o` needs");
        Linking.Linked whole = Linking.link(new ObjectLinker.Input("half.o", half.file()), BACK);
        assertThat(whole.said()).isEmpty();
        assertThat(load(whole.read(), "front").code())
                .isEqualTo(load(Linking.link(FRONT, BACK).read(), "front").code());
    }

    @Test
    void another_licence_is_refused() {
        Linking.Linked linked = Linking.link(
                Linking.module("a.o", TargetProfile.VM, program("a", "GPL", "")),
                Linking.module("b.o", TargetProfile.VM, program("b", "MIT", "")));
        assertThat(linked.codes()).containsExactly(DiagnosticCode.O0142);
        assertThat(linked.said().getFirst().message())
                .isEqualTo("the license of `a.o` is \"GPL\", that of `b.o` is \"MIT\"");
    }

    private static String program(String name, String license, String keys) {
        return """
                module "m" license "%s"
                %s
                program @%s section "socket" type socket -> i32 {
                b0(v0: ptr<context>):
                    v1 = const i32 1
                    %s
                }
                """.formatted(license, keys, name, keys.isEmpty() ? "return v1" : """
                static_branch @audit ? on : off unlikely
                on:
                    v2 = const i32 2
                    return v2
                off:
                    return v1""");
    }

    @Test
    void keys_of_one_name_are_one_key_with_the_sites_of_both() {
        BpfObject object = Linking.link(
                        Linking.module("a.o", TargetProfile.VM, program("a", "GPL", "key @audit: bool = 0")),
                        Linking.module("b.o", TargetProfile.VM, program("b", "GPL", "key @audit: bool = 0")))
                .read();
        assertThat(object.keys())
                .singleElement()
                .satisfies(key -> assertThat(key.name()).isEqualTo("audit"));
        CodeSection code = object.section("socket").orElseThrow();
        assertThat(code.branchSites()).hasSize(2).allSatisfy(site -> {
            assertThat(site.key()).isEqualTo("audit");
            assertThat(code.functionAt(site.slot())).isEqualTo(code.functionAt(site.target()));
        });
    }

    @Test
    void where_keys_are_bytes_everybody_loads_the_first_objects_byte() {
        BpfObject object = Linking.link(
                        Linking.module("a.o", TargetProfile.LINUX_6_12, program("a", "GPL", "key @audit: bool = 0")),
                        Linking.module(
                                "b.o",
                                TargetProfile.LINUX_6_12,
                                program("b", "GPL", "key @other: bool = 1\nkey @audit: bool = 0")))
                .read();
        CodeSection code = object.section("socket").orElseThrow();
        assertThat(code.relocations().stream().map(one -> one.to()))
                .hasSize(2)
                .containsOnly(code.relocations().getFirst().to());
    }

    @Test
    void a_key_that_begins_otherwise_is_refused() {
        Linking.Linked linked = Linking.link(
                Linking.module("a.o", TargetProfile.VM, program("a", "GPL", "key @audit: bool = 0")),
                Linking.module("b.o", TargetProfile.VM, program("b", "GPL", "key @audit: bool = 1")));
        assertThat(linked.codes()).containsExactly(DiagnosticCode.O0144);
        Linking.Linked targets = Linking.link(
                Linking.module("a.o", TargetProfile.VM, program("a", "GPL", "key @audit: bool = 0")),
                Linking.module("b.o", TargetProfile.LINUX_6_12, program("b", "GPL", "key @audit: bool = 0")));
        assertThat(targets.codes()).containsExactly(DiagnosticCode.O0144);
    }

    @Test
    void ours_and_clangs_link() {
        Linking.Linked linked = Linking.link(
                Linking.module("ours.o", TargetProfile.LINUX_6_19, program("ours", "GPL", "key @audit: bool = 0")),
                BACK,
                FRONT);
        assertThat(linked.said()).isEmpty();
        assertThat(linked.read().programs().stream().map(ObjectFunction::name))
                .containsExactly("ours", "back", "front");
    }

    @Test
    void a_file_that_is_no_object_is_named() {
        Linking.Linked linked =
                Linking.link(FRONT, new ObjectLinker.Input("text.c", ByteString.copyOf(new byte[] {1, 2, 3})));
        assertThat(linked.result().outcome()).isEqualTo(ObjectLinker.Outcome.UNREADABLE);
        assertThat(linked.codes()).containsExactly(DiagnosticCode.O0110);
        assertThat(linked.said().getFirst().notes()).contains("in `text.c`");
        assertThatThrownBy(() -> Linking.link(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
