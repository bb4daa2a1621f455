package dev.turnout.driver.exec;

import dev.turnout.bpf.asm.Decoder;
import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Bytes without an object around them, as a program. Nothing says where its functions are, so they are found as Linux finds
 * them: the main function begins at slot 0, another wherever a local call goes or an address is taken, and each ends where the
 * next begins. A call that goes nowhere begins no function; the verifier names it.
 */
public final class RawProgram {
    /** Bytes of the longest program. */
    public static final int MOST_BYTES = 8 * ProgramLoader.MOST_SLOTS;

    private static final String NAME = "main";

    private RawProgram() {}

    /**
     * The program that {@code bytes} are.
     *
     * @param bytes instruction words, little endian
     * @param memory bytes of memory that it is called with
     * @return empty if they are none, which was reported: O0101 if they cannot be cut into words, O0132 if there are too many,
     *     else a word that is no instruction
     */
    public static Optional<BpfProgram> of(ByteBuffer bytes, long memory, Diagnostics diagnostics) {
        if (bytes.remaining() == 0) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.O0101, "the bytecode is empty")
                    .withHelp(
                            "the shortest program is `r0 = 0; exit`: b7 00 00 00 00 00 00 00 95 00 00 00 00 00 00 00"));
            return Optional.empty();
        }
        if (bytes.remaining() > MOST_BYTES) {
            diagnostics.report(tooLarge());
            return Optional.empty();
        }
        return Decoder.decode(bytes, "the bytecode", Policy.RFC, diagnostics).map(code -> of(code, memory));
    }

    /** What is said of more than {@link #MOST_BYTES}. */
    public static Diagnostic tooLarge() {
        return Diagnostic.general(
                DiagnosticCode.O0132,
                "the bytecode has more than " + ProgramLoader.MOST_SLOTS + " slots, the most that a program may have");
    }

    /** The program that {@code code}, which is not empty, is. */
    public static BpfProgram of(Code code, long memory) {
        return new BpfProgram(
                NAME,
                "",
                new BpfProgram.Entry.Memory(memory),
                "",
                code,
                functions(code),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private static List<FunctionRange> functions(Code code) {
        BitSet starts = new BitSet(code.size());
        starts.set(0);
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            long target = target(slot, code.at(slot));
            if (target >= 0 && target < code.size() && code.begins((int) target)) {
                starts.set((int) target);
            }
        }
        List<FunctionRange> functions = new ArrayList<>();
        for (int start = 0; start >= 0; ) {
            int next = starts.nextSetBit(start + 1);
            String name = start == 0 ? NAME : "function_" + start;
            functions.add(new FunctionRange(name, start, next < 0 ? code.size() : next, false));
            start = next;
        }
        return functions;
    }

    /** Where the function that an instruction names would begin; -1 if it names none. */
    private static long target(int slot, Insn insn) {
        if (insn instanceof Insn.CallLocal(int distance)) {
            return slot + 1L + distance;
        }
        return insn instanceof Insn.Wide wide && wide.kind() == WideKind.FUNCTION ? slot + 1L + wide.low() : -1;
    }
}
