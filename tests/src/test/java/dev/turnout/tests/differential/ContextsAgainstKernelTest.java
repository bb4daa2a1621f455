package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.ResultRange;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every load and store that a program could make of its context, at every byte, of every width, at every place of attachment: the
 * running kernel takes the same as our rows. Of these {@code ./check} tries one in {@link #SHARE}; {@code -Dcontexts=all} tries all.
 */
class ContextsAgainstKernelTest {
    private static final int SHARE = 11;
    private static final int EINVAL = 22;
    private static final int EACCES = 13;
    /** Offsets beyond this say nothing new of contexts that are a stretch of bytes. */
    private static final int FAR = 264;

    private static final Insn NOTHING = new Insn.Alu(AluOp.MOV, Width.W64, Reg.R2, new Operand.Immediate(0));

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @TestFactory
    Stream<DynamicTest> loads_and_stores_of_contexts() {
        return places().map(section -> DynamicTest.dynamicTest(section.stem(), () -> agree(section)));
    }

    /** One section a type and place of attachment, of the types whose contexts the kernel's types do not describe. */
    private static Stream<ProgramSection> places() {
        Map<String, ProgramSection> places = new TreeMap<>();
        for (ProgramSection row : ProgramSection.rows()) {
            ContextLayout layout = row.type().context();
            if (layout != ContextLayout.OPAQUE
                    && layout != ContextLayout.NETFILTER
                    && row.traits().isEmpty()) {
                places.putIfAbsent(row.type() + " " + row.attach(), row);
            }
        }
        // Each place of attachment of a type says something of its own only if some row depends on it.
        places.values().removeIf(row -> row.type() == ProgramType.KPROBE && row.attach() != AttachType.NONE);
        return places.values().stream();
    }

    private static void agree(ProgramSection section) {
        assumeTrue(kernelTakes(program(section, NOTHING)), "this kernel was built without such programs");
        boolean all = "all".equals(System.getProperty("contexts"));
        List<String> differences = new ArrayList<>();
        int size = section.type().context().size();
        int number = 0;
        for (int at = -9; at < size + 9; at = next(at, size)) {
            for (Size width : List.of(Size.B, Size.H, Size.W, Size.DW)) {
                for (int kind = 0; kind < 3; kind++) {
                    number++;
                    if (!all && number % SHARE != 0) {
                        continue;
                    }
                    if (kind == 2 && width == Size.DW) {
                        continue; // There is no sign to extend.
                    }
                    Insn insn = switch (kind) {
                        case 0 -> new Insn.Load(width, false, Reg.R0, Reg.R1, at);
                        case 1 -> new Insn.Store(width, Reg.R1, at, new Operand.Immediate(0));
                        default -> new Insn.Load(width, true, Reg.R0, Reg.R1, at);
                    };
                    BpfProgram program = program(section, insn);
                    boolean theirs = kernelTakes(program);
                    boolean ours = Verifier.verify(program, Options.kernel()) instanceof Verdict.Verified;
                    if (ours != theirs && !isKnown(section, insn)) {
                        differences.add((ours ? "ours takes " : "the kernel takes ") + insn);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    /** Contexts of many bytes that are all alike are tried at both ends. */
    private static int next(int at, int size) {
        return at + 1 == FAR && size - 16 > FAR ? size - 16 : at + 1;
    }

    /** Where we differ, and why. */
    private static boolean isKnown(ProgramSection section, Insn insn) {
        return switch (section.type()) {
            // Kernel: it compares a negative offset as if it had no sign, and lets it through. We do not.
            case TRACEPOINT -> insn instanceof Insn.Load load && load.offset() < 0;
            // Ours: the first argument is a pointer to us; the kernel lets its upper half be read as a number.
            case RAW_TRACEPOINT_WRITABLE -> insn instanceof Insn.Load load && load.offset() > 0 && load.offset() < 8;
            // Kernel: registers may be written from Linux 7 on.
            case KPROBE -> insn instanceof Insn.Store;
            default -> false;
        };
    }

    private static BpfProgram program(ProgramSection section, Insn insn) {
        ResultRange results = section.type().results(section.attach());
        int result = results.min() > 0 ? (int) results.min() : 0;
        Insn.Alu give = new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, new Operand.Immediate(result));
        Code code = Code.of(List.of(insn, give, new Insn.Exit()));
        return new BpfProgram(
                "field",
                section.stem(),
                new BpfProgram.Entry.Context(section.type()),
                "GPL",
                code,
                List.of(new BpfProgram.FunctionRange("field", 0, code.size(), true)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static boolean kernelTakes(BpfProgram program) {
        try (Arena arena = Arena.ofConfined()) {
            int result = Bpf.call(
                    Command.PROG_LOAD,
                    new Attributes(arena)
                            .word(0, program.type().orElseThrow().kernelId())
                            .word(4, program.code().size())
                            .bytes(8, Encoder.encode(program.code()))
                            .text(16, program.license())
                            .word(68, program.attach().kernelId()));
            if (result >= 0) {
                new Descriptor(result).close();
            } else {
                assertThat(-result).isIn(EACCES, EINVAL);
            }
            return result >= 0;
        }
    }
}
