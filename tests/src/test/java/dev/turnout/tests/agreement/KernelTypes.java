package dev.turnout.tests.agreement;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import java.util.List;
import java.util.Optional;

/** Which programs cannot be judged without the types of a kernel, told by the program and not by a verdict on it. */
final class KernelTypes {
    /** Stems of sections whose context the kernel's types describe, or whose target is looked up among them. */
    private static final List<String> SECTIONS =
            List.of("fentry", "fexit", "fmod_ret", "fsession", "lsm", "iter", "tp_btf", "struct_ops", "freplace");

    /** Helpers that give or take pointers to typed objects of the kernel, by number; Linux 7.2's {@code bpf.h}. */
    private static final List<Integer> HELPERS = List.of(
            136, // skc_to_tcp6_sock
            137, // skc_to_tcp_sock
            138, // skc_to_tcp_timewait_sock
            139, // skc_to_tcp_request_sock
            140, // skc_to_udp6_sock
            153, // per_cpu_ptr
            154, // this_cpu_ptr
            156, // task_storage_get
            157, // task_storage_delete
            158, // get_current_task_btf
            175, // task_pt_regs
            178, // skc_to_unix_sock
            180, // find_vma
            191, // copy_from_user_task
            196 // skc_to_mptcp_sock
            );

    private KernelTypes() {}

    /** Why, in a word or two; empty if the program can be judged alone. */
    static Optional<String> of(String section) {
        String name = section.startsWith("?") ? section.substring(1) : section;
        for (String stem : SECTIONS) {
            if (name.startsWith(stem)
                    && (name.length() == stem.length() || "/._".indexOf(name.charAt(stem.length())) >= 0)) {
                return Optional.of("typed context");
            }
        }
        return Optional.empty();
    }

    /** The same, of a program that Linux's loader spoilt, because the kernel there has not the types that it asks for. */
    static Optional<String> of(LinuxVerdict verdict) {
        return verdict instanceof LinuxVerdict.Rejected(String log) && log.contains("CO-RE relocation")
                ? Optional.of("relocation against a kernel")
                : Optional.empty();
    }

    /** The same, of a program that could be read. */
    static Optional<String> of(BpfProgram program) {
        Optional<String> bySection = of(program.section());
        if (bySection.isPresent()) {
            return bySection;
        }
        Code code = program.code();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            if (insn instanceof Insn.CallKernel) {
                return Optional.of("kernel function");
            }
            if (insn instanceof Insn.Wide wide && wide.kind() == WideKind.BTF_ID) {
                return Optional.of("kernel symbol");
            }
            if (insn instanceof Insn.CallHelper call && HELPERS.contains(call.id())) {
                return Optional.of("helper with kernel types");
            }
        }
        return Optional.empty();
    }
}
