package dev.turnout.linux.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.stdlib.program.ProgramType;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RightsTest {
    private static final long BPF = 1L << 39;
    private static final long NET_ADMIN = 1L << 12;
    private static final long SYS_ADMIN = 1L << 21;

    @Test
    void a_user_without_rights_is_told_which_the_type_needs() {
        Rights nobody = Rights.of("Name:\tjava\nCapEff:\t0000000000000000\nSeccomp:\t0\n", true);
        assertThat(nobody.reason(Optional.of(ProgramType.XDP)))
                .isEqualTo(
                        "this process lacks CAP_BPF and CAP_NET_ADMIN, and `kernel.unprivileged_bpf_disabled` is set");
        assertThat(nobody.missing(Optional.of(ProgramType.KPROBE))).containsExactly("CAP_BPF", "CAP_PERFMON");
        assertThat(nobody.missing(Optional.empty())).containsExactly("CAP_BPF");
    }

    @Test
    void only_what_is_missing_is_named() {
        Rights some = new Rights(BPF, false, true);
        assertThat(some.missing(Optional.of(ProgramType.SCHED_CLS))).containsExactly("CAP_NET_ADMIN");
        assertThat(some.missing(Optional.of(ProgramType.SOCKET_FILTER))).isEmpty();
        assertThat(new Rights(BPF | NET_ADMIN, false, true).missing(Optional.of(ProgramType.XDP)))
                .isEmpty();
    }

    @Test
    void the_right_of_administrators_stands_for_the_finer_ones() {
        assertThat(new Rights(SYS_ADMIN, false, true).missing(Optional.of(ProgramType.EXT)))
                .isEmpty();
    }

    @Test
    void who_has_the_rights_is_told_of_filters() {
        assertThat(Rights.of("CapEff:\t000001ffffffffff\nSeccomp:\t2\n", false).reason(Optional.empty()))
                .contains("seccomp");
        assertThat(Rights.of("CapEff:\t000001ffffffffff\nSeccomp:\t0\n", false).reason(Optional.empty()))
                .contains("security module");
    }
}
