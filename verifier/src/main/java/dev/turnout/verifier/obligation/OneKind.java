package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Violation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what each instruction has accessed: Linux rewrites accesses to contexts, sockets and kernel objects, each in another
 * way, so one instruction cannot be for such a thing and for something else. Not thread-safe; one per analysis.
 */
final class OneKind {
    /** Plain memory: accessed as the instruction says. */
    private static final String PLAIN = "plain memory";

    private final Map<Integer, String> seen = new HashMap<>();

    /** The instruction at {@code slot} is about to make its access, which is allowed by itself. */
    Optional<Violation> check(State state, int slot, Insn insn) {
        Optional<Reg> base = insn.accessBase();
        if (base.isEmpty() || !(state.reg(base.get()) instanceof Value.Pointer pointer)) {
            return Optional.empty();
        }
        String kind = kind(pointer.region());
        String before = seen.putIfAbsent(slot, kind);
        if (before == null || before.equals(kind)) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                        DiagnosticCode.V0177,
                        slot,
                        "this instruction is used for " + before + " on one path, and for " + kind + " on another")
                .note("accesses to both are put into different instructions when the program is loaded")
                .help("write the access twice, once on each path")
                .about(base.get()));
    }

    private static String kind(Region region) {
        return switch (region) {
            case Region.Context _ -> "the context";
            case Region.Socket socket -> socket.words();
            case Region.KernelObject _ -> "objects of the kernel";
            case Region.Arena _ -> "the arena";
            case Region.Stack _, Region.Packet _, Region.PacketMeta _, Region.PacketEnd _, Region.MapReference _ ->
                PLAIN;
            case Region.MapValue _, Region.OneOfMapValues _, Region.InsnTable _, Region.FunctionTables _ -> PLAIN;
            case Region.Memory _, Region.HelperMemory _, Region.Buffer _, Region.FlowKeys _ -> PLAIN;
            case Region.DynptrReference _ -> PLAIN;
            case Region.Allocated object -> object.standing() == Region.Standing.LOST ? "objects of the kernel" : PLAIN;
        };
    }
}
