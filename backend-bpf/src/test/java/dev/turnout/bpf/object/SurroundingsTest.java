package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Disassembly;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.Prototype;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program says of the world around it reaches whoever verifies it. The object is {@code surroundings.c}. */
class SurroundingsTest {
    private final BpfObject object = SampleObjects.read(SampleObjects.file("surroundings"));
    private final BpfProgram one = load("one");

    private BpfProgram load(String name) {
        Diagnostics diagnostics = new Diagnostics();
        return ProgramLoader.load(object, name, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }

    @Test
    void namesOfTheKernelAreNumberedAsTheyAreUsed() {
        List<KernelSymbol> symbols = one.surroundings().symbols();
        assertThat(symbols.stream().map(KernelSymbol::name))
                .containsExactlyInAnyOrder("take", "leave", "counter", "somewhere");
        assertThat(symbol("take").kind()).isEqualTo(KernelSymbol.Kind.FUNCTION);
        assertThat(symbol("take").weak()).isFalse();
        assertThat(symbol("leave").weak()).isTrue();
        assertThat(symbol("counter").kind()).isEqualTo(KernelSymbol.Kind.VARIABLE);
        assertThat(symbol("somewhere")).isEqualTo(new KernelSymbol("somewhere", KernelSymbol.Kind.ADDRESS, true, 0));
        List<String> called = new ArrayList<>();
        List<String> loaded = new ArrayList<>();
        for (Insn insn : one.code().insns()) {
            if (insn instanceof Insn.CallKernel(int number, int module)) {
                called.add(symbols.get(number).name());
                assertThat(module).isZero();
            } else if (insn instanceof Insn.Wide wide && wide.kind() == WideKind.BTF_ID) {
                loaded.add(symbols.get(wide.low()).name());
            }
        }
        assertThat(called).containsExactly("take", "leave");
        assertThat(Disassembly.of(one)).contains("<kernel take>", "<kernel counter>");
        assertThat(loaded).containsExactlyInAnyOrder("leave", "counter", "somewhere");
    }

    private KernelSymbol symbol(String name) {
        return one.surroundings().symbols().stream()
                .filter(symbol -> symbol.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void configurationIsAMapThatNobodyWritesAndNobodyKnows() {
        MapDefinition map = one.maps().stream()
                .filter(definition -> definition.name().equals(".kconfig"))
                .findFirst()
                .orElseThrow();
        assertThat(map.flags()).isEqualTo(0x80);
        assertThat(map.frozen()).isFalse();
        assertThat(map.valueSize()).isEqualTo(5);
    }

    @Test
    void aFunctionHasItsTypesAndWhatTheyAreTaggedWith() {
        BpfProgram.FunctionRange score = function("score");
        assertThat(score.global()).isTrue();
        assertThat(score.prototype().known()).isTrue();
        assertThat(score.prototype().parameters().stream().map(Prototype.Parameter::name))
                .containsExactly("ctx", "packet", "round");
        assertThat(score.prototype().parameters().stream().map(Prototype.Parameter::tags))
                .containsExactly(List.of("arg:ctx"), List.of("arg:nonnull"), List.of());
        assertThat(function("quiet").global()).isFalse();
    }

    private BpfProgram.FunctionRange function(String name) {
        return one.functions().stream()
                .filter(range -> range.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatAProgramIsForStandsInItsSectionOrInAStructure() {
        assertThat(one.surroundings().target()).isEmpty();
        assertThat(load("gate").surroundings().target()).isEqualTo("file_open");
        assertThat(load("begin").surroundings().target()).isEqualTo("fan_ops.start");
        assertThat(load("end").surroundings().target()).isEqualTo("fan_ops.stop");
        assertThat(object.operations())
                .containsExactly(
                        new StructOperation("fan_ops", "start", "begin"),
                        new StructOperation("fan_ops", "stop", "end"));
    }
}
