package dev.turnout.linux.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The running kernel is asked of every helper in every type of program, everywhere where it can be attached: a program that does
 * nothing but call it is refused in certain words if it may not.
 */
class HelperRowsTest {
    private static final int SLEEPABLE = 1 << 4;

    /** What depends on how the kernel was built, or locked down: it may refuse these although it knows them. */
    private static final Set<HelperFunction> OPTIONAL = EnumSet.of(
            HelperFunction.OVERRIDE_RETURN,
            HelperFunction.PROBE_WRITE_USER,
            HelperFunction.RC_REPEAT,
            HelperFunction.RC_KEYDOWN,
            HelperFunction.RC_POINTER_REL,
            HelperFunction.LWT_SEG6_STORE_BYTES,
            HelperFunction.LWT_SEG6_ADJUST_SRH,
            HelperFunction.LWT_SEG6_ACTION,
            HelperFunction.SKB_GET_XFRM_STATE,
            HelperFunction.SKB_CGROUP_CLASSID,
            HelperFunction.GET_CGROUP_CLASSID);

    /** Rows that are younger than Linux 6.18: what it says of them does not count. */
    private static final Map<ProgramType, Set<HelperFunction>> NEWER = new EnumMap<>(Map.of(
            ProgramType.CGROUP_SOCK, EnumSet.of(HelperFunction.SETSOCKOPT, HelperFunction.GETSOCKOPT),
            ProgramType.CGROUP_SOCK_ADDR, EnumSet.of(HelperFunction.SETSOCKOPT, HelperFunction.GETSOCKOPT),
            ProgramType.LWT_SEG6LOCAL, EnumSet.of(HelperFunction.SKB_PULL_DATA)));

    @BeforeEach
    void the_kernel_lets_us_in() {
        assumeTrue(KernelObject.permitted(new Diagnostics()), "bpf(2) is not permitted here");
    }

    @Test
    void the_kernel_lets_those_programs_call_that_the_row_names() {
        boolean current = major() >= 7;
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (ProgramType type : ProgramType.values()) {
            for (AttachType place : places(type)) {
                for (HelperFunction helper : HelperFunction.values()) {
                    boolean unknown =
                            !current && NEWER.getOrDefault(type, Set.of()).contains(helper);
                    if (unknown) {
                        continue;
                    }
                    asked++;
                    boolean row = helper.callers().contains(type, place);
                    boolean refused =
                            log(type, place, "GPL", calling(helper)).contains("program of this type cannot use helper");
                    if (row == refused && !(row && OPTIONAL.contains(helper))) {
                        wrong.add(helper.word() + " in " + type.word() + " at " + place + ": the row says " + row);
                    }
                }
            }
        }
        assertThat(asked).isGreaterThan(20 * HelperFunction.values().length);
        assertThat(wrong).isEmpty();
    }

    @Test
    void the_kernel_asks_for_the_licence_that_the_row_names() {
        List<String> wrong = new ArrayList<>();
        for (HelperFunction helper : HelperFunction.values()) {
            for (ProgramType type :
                    List.of(ProgramType.KPROBE, ProgramType.SCHED_CLS, ProgramType.XDP, ProgramType.SK_MSG)) {
                String log = log(type, AttachType.NONE, "", calling(helper));
                boolean callable = helper.allowedIn(type) && !log.contains("cannot use helper");
                if (callable && helper.gplOnly() != log.contains("GPL")) {
                    wrong.add(helper.word() + " in " + type.word() + ": " + log);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Where the kernel takes a program of the type. Those that need a function of the kernel are not among them. */
    private static List<AttachType> places(ProgramType type) {
        List<AttachType> places = new ArrayList<>();
        Set<Integer> tried = new HashSet<>();
        for (AttachType place : AttachType.values()) {
            if (place != AttachType.NONE
                    && log(type, place, "GPL", returning()).equals("accepted")
                    && tried.add(place.kernelId())) {
                places.add(place);
            }
        }
        // Where the kernel takes any place, it may still look at it, so that the place must be one of the type's own.
        boolean looks = places.size() <= 17;
        return looks ? places : List.of(type == ProgramType.SOCK_OPS ? AttachType.CGROUP_SOCK_OPS : places.getLast());
    }

    private static Code calling(HelperFunction helper) {
        return Code.of(List.of(new Insn.CallHelper(helper.id()), one(), new Insn.Exit()));
    }

    private static Code returning() {
        return Code.of(List.of(one(), new Insn.Exit()));
    }

    private static Insn one() {
        return new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(1));
    }

    /** What the kernel's verifier writes; {@code accepted} if it accepts. */
    private static String log(ProgramType type, AttachType place, String license, Code code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(1 << 14, 8);
            Attributes attributes = new Attributes(arena)
                    .word(0, type.kernelId())
                    .word(4, code.size())
                    .bytes(8, Encoder.encode(code))
                    .text(16, license)
                    .word(24, 1)
                    .word(28, (int) log.byteSize())
                    .pointer(32, log)
                    .word(44, type == ProgramType.SYSCALL ? SLEEPABLE : 0)
                    .word(68, place.kernelId());
            int result = Bpf.call(Command.PROG_LOAD, attributes);
            if (result >= 0) {
                new Descriptor(result).close();
                return "accepted";
            }
            return log.getString(0);
        }
    }

    private static int major() {
        return Integer.parseInt(System.getProperty("os.version").split("\\.", -1)[0]);
    }
}
