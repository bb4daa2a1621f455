package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition.Content;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElfReaderTest {
    @Test
    void mapsCarryTheirTypes() {
        ObjectMap rules =
                SampleObjects.read(SampleObjects.file("counters")).map("rules").orElseThrow();
        assertThat(rules.kind()).isEqualTo(MapKind.HASH);
        assertThat(rules.maxEntries()).isEqualTo(128);
        assertThat(rules.keySize()).isEqualTo(2);
        assertThat(rules.key())
                .isInstanceOfSatisfying(
                        DebugType.Typedef.class, key -> assertThat(key.name()).isEqualTo("__be16"));
        assertThat(rules.valueSize()).isEqualTo(24);
        assertThat(rules.value()).isInstanceOfSatisfying(DebugType.Struct.class, rule -> {
            assertThat(rule.members())
                    .extracting(DebugType.Member::name)
                    .containsExactly("kind", "hits", "flags", "bytes", "name");
            assertThat(rule.members().get(2).bitOffset()).isEqualTo(56);
            assertThat(rule.members().get(2).bitSize()).isEqualTo(8);
        });
    }

    @Test
    void mapsMayStateSizesOnly() {
        ObjectMap totals =
                SampleObjects.read(SampleObjects.file("counters")).map("totals").orElseThrow();
        assertThat(totals)
                .isEqualTo(new ObjectMap(
                        "totals",
                        MapKind.ARRAY,
                        4,
                        8,
                        new DebugType.Void(),
                        new DebugType.Void(),
                        4,
                        0x400,
                        0,
                        true,
                        List.of()));
    }

    @Test
    void functionsKnowTheirKindAndSignature() {
        BpfObject object = SampleObjects.read(SampleObjects.file("counters"));
        assertThat(object.programs()).extracting(ObjectFunction::name).containsExactly("first", "second");
        assertThat(object.function("clamp").orElseThrow().kind()).isEqualTo(ObjectFunction.Kind.STATIC);
        ObjectFunction account = object.function("account").orElseThrow();
        assertThat(account.kind()).isEqualTo(ObjectFunction.Kind.GLOBAL);
        assertThat(account.signature())
                .isInstanceOfSatisfying(
                        DebugType.Function.class,
                        signature -> assertThat(signature.parameters())
                                .extracting(DebugType.Parameter::name)
                                .containsExactly("port", "size"));
        assertThat(object.license()).isEqualTo("GPL");
    }

    @Test
    void programsOfOneObjectShareMapsAndHaveTheirOwnCopiesOfFunctions() {
        BpfProgram first = load("counters", "first");
        BpfProgram second = load("counters", "second");
        assertThat(first.functions())
                .extracting(BpfProgram.FunctionRange::name)
                .containsExactly("first", "clamp", "account");
        assertThat(second.functions())
                .extracting(BpfProgram.FunctionRange::name)
                .containsExactly("second", "account", "clamp");
        assertThat(second.maps().getFirst())
                .isEqualTo(first.maps().stream()
                        .filter(map -> map.name().equals("rules"))
                        .findFirst()
                        .orElseThrow());
        assertThat(second.lines().getFirst().text()).contains("return account(ctx->ingress_ifindex, 7) + 1;");
    }

    @Test
    void jumpTablesBelongToTheFunctionThatUsesThem() {
        BpfObject object = SampleObjects.read(SampleObjects.file("dispatch"));
        assertThat(object.jumpTables()).extracting(JumpTable::owner).containsExactly("dispatch", "step");
        BpfProgram program = load("dispatch", "dispatch");
        for (var map : program.maps()) {
            assertThat(map.content())
                    .isInstanceOfSatisfying(
                            Content.Targets.class,
                            table -> assertThat(table.targets())
                                    .allSatisfy(
                                            target -> assertThat(program.code().begins(target))
                                                    .isTrue()));
        }
        // The entry of case 4, a hole, is where the default goes.
        Content.Targets step = (Content.Targets) program.maps().get(1).content();
        assertThat(step.targets()).hasSize(6).doesNotHaveDuplicates();
        assertThat(program.functionAt(step.targets().get(4)).name()).isEqualTo("step");
    }

    @Test
    void theAddressOfAFunctionIsADistance() {
        BpfProgram program = load("callbacks", "sum");
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            if (program.code().at(slot) instanceof Insn.Wide wide && wide.kind() == WideKind.FUNCTION) {
                assertThat(slot + 1 + wide.low())
                        .isEqualTo(program.functions().get(1).start());
                return;
            }
        }
        fail("no load of a function's address");
    }

    @Test
    void objectsWithoutTypesAreReadToo() {
        Diagnostics diagnostics = new Diagnostics();
        BpfObject object = SampleObjects.read(SampleObjects.file("plain"));
        assertThat(ProgramLoader.loadFunction(object, "mix", 64, diagnostics)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"callbacks", "counters", "dispatch", "plain", "programs"})
    void everyCutOfAnObjectIsRefusedWithACode(String name) {
        byte[] whole = SampleObjects.file(name).toArray();
        for (int length = 0; length < whole.length; length++) {
            Diagnostics diagnostics = new Diagnostics();
            assertThat(ElfReader.read(ByteString.copyOf(Arrays.copyOf(whole, length)), Policy.LINUX, diagnostics))
                    .isEmpty();
            assertThat(diagnostics.all())
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(one.code().name()).startsWith("O01"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"callbacks", "counters", "dispatch", "plain", "programs"})
    void damagedObjectsAreReadOrRefusedButNeverThrow(String name) {
        byte[] whole = SampleObjects.file(name).toArray();
        SplittableRandom random = new SplittableRandom(20);
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] damaged = whole.clone();
            int wounds = 1 + random.nextInt(4);
            for (int i = 0; i < wounds; i++) {
                int at = random.nextInt(damaged.length);
                damaged[at] = switch (random.nextInt(4)) {
                    case 0 -> (byte) 0;
                    case 1 -> (byte) 0xff;
                    case 2 -> (byte) (damaged[at] ^ 1 << random.nextInt(8));
                    default -> (byte) random.nextInt();
                };
            }
            Diagnostics diagnostics = new Diagnostics();
            var object = ElfReader.read(ByteString.copyOf(damaged), Policy.LINUX, diagnostics);
            assertThat(object.isEmpty()).as("round %d", round).isEqualTo(diagnostics.hasErrors());
            if (object.isEmpty()) {
                refused++;
            } else {
                for (ObjectFunction program : object.get().programs()) {
                    ProgramLoader.load(object.get(), program.name(), diagnostics);
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, O0110, this is no ELF file",
        "4, 1, O0111, this is an object of 32 bits; BPF objects have 64",
        "5, 2, O0111, this is a big-endian object",
        "16, 2, O0110, 'this ELF file is of type 2, not a relocatable object (type 1)'",
        "18, 62, O0111, 'this object is for x86-64 (machine 62), not for BPF (machine 247)'",
    })
    void otherFilesAreNamed(int offset, int value, DiagnosticCode code, String message) {
        byte[] file = SampleObjects.file("plain").toArray();
        file[offset] = (byte) value;
        Diagnostics diagnostics = new Diagnostics();
        assertThat(ElfReader.read(ByteString.copyOf(file), Policy.LINUX, diagnostics))
                .isEmpty();
        assertThat(diagnostics.all()).extracting(Diagnostic::code).containsExactly(code);
        assertThat(diagnostics.all().getFirst().message()).isEqualTo(message);
    }

    private static BpfProgram load(String object, String program) {
        Diagnostics diagnostics = new Diagnostics();
        return ProgramLoader.load(SampleObjects.read(SampleObjects.file(object)), program, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }
}
