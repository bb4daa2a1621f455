package dev.turnout.verifier.signature;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.Options;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The functions of a program that are verified alone: global ones, if their types are there, where Linux's verdict is asked for. */
public final class Signatures {
    private final BpfProgram program;
    private final Map<Integer, Signature> byStart = new TreeMap<>();

    private Signatures(BpfProgram program) {
        this.program = program;
    }

    public static Signatures of(BpfProgram program, Options options) {
        Signatures signatures = new Signatures(program);
        boolean any = program.functions().stream().skip(1).anyMatch(Signatures::isAlone);
        if (options.predicts() && any) {
            SignatureReader reader = new SignatureReader(program);
            for (int i = 1; i < program.functions().size(); i++) {
                BpfProgram.FunctionRange function = program.functions().get(i);
                if (isAlone(function)) {
                    signatures.byStart.put(function.start(), reader.read(i));
                }
            }
        }
        return signatures;
    }

    private static boolean isAlone(BpfProgram.FunctionRange function) {
        return function.global() && function.prototype().known();
    }

    /** The signature of the function that begins at {@code start}, if it is verified alone. */
    public Optional<Signature> at(long start) {
        return start == (int) start ? Optional.ofNullable(byStart.get((int) start)) : Optional.empty();
    }

    /** The signature of the function that holds {@code slot}, if it is verified alone. */
    public Optional<Signature> around(int slot) {
        return at(program.functionAt(slot).start());
    }
}
