package dev.turnout.linux.load;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.linux.feature.RunningTypes;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramType;
import java.util.List;

/**
 * Where a program is going to be attached, as the kernel wants to know it when the program is loaded: for types whose context is a
 * function's arguments or a structure's member, that function or member among the kernel's types. Source: libbpf 1.8,
 * {@code libbpf_find_attach_btf_id}; Linux 7.2, {@code check_attach_btf_id}.
 *
 * @param attach {@code expected_attach_type}
 * @param type {@code attach_btf_id}; 0 where the type has none, or the kernel does not know the name, which it then says itself
 */
record AttachPoint(int attach, int type) {
    static AttachPoint of(BpfProgram program) {
        AttachType attach = program.attach();
        String target = program.surroundings().target();
        ProgramType type = program.type().orElseThrow();
        if (target.isEmpty()) {
            return new AttachPoint(attach.kernelId(), 0);
        }
        if (type == ProgramType.STRUCT_OPS) {
            return member(RunningTypes.all(), target, attach);
        }
        return new AttachPoint(
                attach.kernelId(),
                type == ProgramType.TRACING || type == ProgramType.LSM
                        ? function(RunningTypes.all(), target, attach)
                        : 0);
    }

    /** Raw tracepoints have no function but the type of one; the other prefixes name functions that exist to be attached to. */
    private static int function(KernelBtf kernel, String target, AttachType attach) {
        if (attach == AttachType.TRACE_RAW_TP) {
            return kernel.named("btf_trace_" + target, BtfType.Typedef.class);
        }
        String prefix = switch (attach) {
            case TRACE_ITER -> "bpf_iter_";
            case LSM_MAC, LSM_CGROUP -> "bpf_lsm_";
            default -> "";
        };
        return kernel.named(prefix + target, BtfType.Function.class);
    }

    /** Of {@code struct.member}: the attach type is the index of the member. */
    private static AttachPoint member(KernelBtf kernel, String target, AttachType otherwise) {
        int dot = target.indexOf('.');
        int id = dot < 0 ? 0 : kernel.named(target.substring(0, dot), BtfType.Composite.class);
        if (kernel.find(id).orElse(null) instanceof BtfType.Composite struct) {
            List<BtfType.Member> members = struct.members();
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i).name().equals(target.substring(dot + 1))) {
                    return new AttachPoint(i, id);
                }
            }
        }
        return new AttachPoint(otherwise.kernelId(), 0);
    }

    void into(Attributes attributes) {
        attributes.word(68, attach).word(108, type);
    }
}
