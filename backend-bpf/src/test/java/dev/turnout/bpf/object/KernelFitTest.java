package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs of {@code fit.c} before the kernel of {@code fitkernel.c}. */
class KernelFitTest {
    private final BpfObject object = SampleObjects.read(SampleObjects.file("fit"));
    private final KernelBtf kernel = ElfReader.kernelTypes(SampleObjects.file("fitkernel"), new Diagnostics())
            .orElseThrow();

    private BpfProgram load(String name) {
        Diagnostics diagnostics = new Diagnostics();
        return ProgramLoader.load(object, name, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }

    /** The numbers that the program moves or loads, in order, before the kernel. */
    private List<Long> numbers(BpfProgram program) {
        return program.code().insns().stream()
                .filter(insn -> insn instanceof Insn.Wide
                        || (insn instanceof Insn.Alu alu && alu.src() instanceof Operand.Immediate))
                .map(insn -> insn instanceof Insn.Wide wide
                        ? wide.value()
                        : (long) ((Operand.Immediate) ((Insn.Alu) insn).src()).value())
                .toList();
    }

    private List<Long> fitted(String name) {
        return numbers(KernelFit.fit(load(name), kernel));
    }

    @Test
    void aFieldIsFoundByItsNamesAlsoInPartsWithoutOne() {
        assertThat(numbers(load("offset"))).containsExactly(8L);
        // 8 bytes before, 8 for the number that the inner struct is aligned behind, 8 more in it.
        assertThat(fitted("offset")).containsExactly(24L);
    }

    @Test
    void whetherAFieldExistsIsAnswered() {
        assertThat(numbers(load("exists"))).contains(1L);
        assertThat(fitted("exists")).startsWith(1L).contains(0L);
    }

    @Test
    void sizesAreTheKernels() {
        assertThat(fitted("size")).containsExactly(2L);
    }

    @Test
    void anEnumeratorHasTheKernelsValue() {
        assertThat(fitted("value")).containsExactly(7L);
    }

    @Test
    void typesThatAreNotThereDoNotExist() {
        assertThat(fitted("types")).startsWith(0L).contains(16L);
    }

    @Test
    void aQuestionWithoutAnAnswerIsPoison() {
        assertThat(KernelFit.fit(load("missing"), kernel).code().insns())
                .contains(new Insn.CallHelper(KernelFit.POISON));
        assertThat(load("missing").code().insns()).doesNotContain(new Insn.CallHelper(KernelFit.POISON));
    }

    @Test
    void withoutAKernelNumbersStayAsTheyWereCompiled() {
        BpfProgram program = load("missing");
        assertThat(KernelFit.fit(program, KernelBtf.NONE)).isSameAs(program);
    }
}
