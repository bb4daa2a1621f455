package dev.turnout.verifier.log;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Tnum;
import dev.turnout.verifier.domain.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of registers, as Linux's log writes it: {@code R1=ctx() R2=scalar(smin=0,smax=umax=255,…)}. */
final class KernelState {
    private final BpfProgram program;
    private final Map<Integer, Integer> ids = new HashMap<>();

    KernelState(BpfProgram program) {
        this.program = program;
    }

    /** All readable registers on one line. */
    String registers(State state) {
        List<String> all = new ArrayList<>();
        for (int r = 0; r <= 10; r++) {
            Value value = state.reg(Reg.of(r));
            if (!(value instanceof Value.Unreadable)) {
                all.add("R" + r + "=" + value(state, value));
            }
        }
        return String.join(" ", all);
    }

    String value(State state, Value value) {
        return switch (value) {
            case Value.Unreadable _ -> "?";
            case Value.Scalar scalar -> number(state.num(scalar));
            case Value.Pointer pointer -> pointer(state, pointer);
            case Value.CodeAddress _ -> "insn()";
            case Value.FunctionAddress function -> "func" + (function.isNullable() ? "_or_null" : "") + "()";
            case Value.StackObject _ -> "object()";
        };
    }

    /** Our names are as large as the program; Linux counts what it names. */
    private int id(int name) {
        return ids.computeIfAbsent(name, _ -> ids.size() + 1);
    }

    private String number(Num num) {
        return num.isConstant() ? KernelInsn.number(num.constant()) : "scalar(" + String.join(",", bounds(num)) + ")";
    }

    private String pointer(State state, Value.Pointer pointer) {
        Num offset = state.offset(pointer);
        if (pointer.region() instanceof Region.Stack stack) {
            String frame = stack.depth() == state.depth() ? "fp" : "fp[" + stack.depth() + "]";
            return offset.isConstant() ? frame + KernelInsn.number(offset.constant()) : frame + "(" + var(offset) + ")";
        }
        List<String> parts = new ArrayList<>();
        if (pointer.isNullable()) {
            parts.add("id=" + id(pointer.nullId()));
        }
        if (pointer.resource() != 0) {
            parts.add("ref_obj_id=" + id(pointer.resource()));
        }
        MapDefinition map = map(pointer.region());
        if (map != null) {
            parts.add("map=" + map.name() + ",ks=" + map.keySize() + ",vs=" + map.valueSize());
        }
        if (!offset.isConstant()) {
            parts.add(var(offset));
        } else if (offset.constant() != 0) {
            parts.add("off=" + KernelInsn.number(offset.constant()));
        }
        if (pointer.region() instanceof Region.Packet) {
            parts.add("r="
                    + Math.max(0, state.packet().bound(false, pointer.form().key())));
        }
        return type(pointer) + "(" + String.join(",", parts) + ")";
    }

    private @Nullable MapDefinition map(Region region) {
        return switch (region) {
            case Region.MapReference reference -> program.map(reference.map());
            case Region.MapValue value -> program.map(value.map());
            case Region.Context _, Region.Stack _, Region.Packet _, Region.PacketMeta _, Region.PacketEnd _ -> null;
            case Region.OneOfMapValues _, Region.InsnTable _, Region.FunctionTables _, Region.Memory _ -> null;
            case Region.Socket _, Region.HelperMemory _, Region.Buffer _, Region.FlowKeys _, Region.Arena _ -> null;
            case Region.DynptrReference _, Region.KernelObject _, Region.Allocated _ -> null;
        };
    }

    /** The name of a value's type in messages. */
    static String type(Value value) {
        return switch (value) {
            case Value.Unreadable _ -> "?";
            case Value.Scalar _ -> "scalar";
            case Value.CodeAddress _ -> "insn";
            case Value.FunctionAddress _ -> "func";
            case Value.StackObject _ -> "scalar";
            case Value.Pointer pointer -> {
                String type = region(pointer.region());
                yield pointer.isNullable() ? type + "_or_null" : type;
            }
        };
    }

    private static String region(Region region) {
        return switch (region) {
            case Region.Context _ -> "ctx";
            case Region.Stack _ -> "fp";
            case Region.Packet _ -> "pkt";
            case Region.PacketMeta _ -> "pkt_meta";
            case Region.PacketEnd _ -> "pkt_end";
            case Region.MapReference _ -> "map_ptr";
            case Region.MapValue _, Region.OneOfMapValues _, Region.InsnTable _, Region.FunctionTables _ -> "map_value";
            case Region.Memory _, Region.HelperMemory _ -> "mem";
            case Region.Buffer _ -> "buf";
            case Region.FlowKeys _ -> "flow_keys";
            case Region.Arena _ -> "arena";
            case Region.DynptrReference _ -> "dynptr_ptr";
            case Region.Allocated object ->
                switch (object.standing()) {
                            case OWNED, SEEN -> "ptr_";
                            case KEPT -> "rcu_ptr_";
                            case LOST -> "untrusted_ptr_";
                        }
                        + object.name();
            case Region.Socket socket ->
                switch (socket.kind()) {
                    case COMMON -> "sock_common";
                    case FULL -> "sock";
                    case TCP -> "tcp_sock";
                    case XDP -> "xdp_sock";
                };
            case Region.KernelObject object ->
                switch (object.trust()) {
                            case UNTRUSTED -> "untrusted_ptr_";
                            case WALKED -> "ptr_";
                            case RCU -> "rcu_ptr_";
                            case TRUSTED -> "trusted_ptr_";
                        }
                        + object.name();
        };
    }

    private static String var(Num offset) {
        return String.join(",", bounds(offset));
    }

    /** Bounds that say something; one that another states as well stands with it: {@code smax=umax=255}. */
    private static List<String> bounds(Num num) {
        List<String> all = new ArrayList<>();
        boolean smin = num.sMin() != Long.MIN_VALUE;
        boolean smax = num.sMax() != Long.MAX_VALUE;
        boolean umin = num.uMin() != 0;
        boolean umax = num.uMax() != -1L;
        if (smin) {
            all.add((umin && num.uMin() == num.sMin() ? "smin=umin=" : "smin=") + KernelInsn.number(num.sMin()));
        }
        if (smax) {
            all.add((umax && num.uMax() == num.sMax() ? "smax=umax=" : "smax=") + KernelInsn.number(num.sMax()));
        }
        if (umin && !(smin && num.uMin() == num.sMin())) {
            all.add("umin=" + unsigned(num.uMin()));
        }
        if (umax && !(smax && num.uMax() == num.sMax())) {
            all.add("umax=" + unsigned(num.uMax()));
        }
        Tnum bits = num.bits();
        if (bits.mask() != -1L) {
            all.add("var_off=" + tnum(bits));
        }
        return all;
    }

    static String tnum(Tnum bits) {
        return "(0x" + Long.toHexString(bits.value()) + "; 0x" + Long.toHexString(bits.mask()) + ")";
    }

    private static String unsigned(long value) {
        return value >= 0 ? KernelInsn.number(value) : "0x" + Long.toHexString(value);
    }
}
