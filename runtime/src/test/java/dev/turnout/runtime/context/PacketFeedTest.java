package dev.turnout.runtime.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.program.ProgramType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacketFeedTest {
    private final Workspace workspace = Workspace.create().orElseThrow();

    @AfterEach
    void free() {
        workspace.close();
    }

    private long field(String name) {
        var field = workspace.layout().field(name).orElseThrow();
        return Memory.load(workspace.context() + field.offset(), field.bytes());
    }

    private static byte[] ipv4Frame(int length) {
        byte[] frame = new byte[length];
        frame[12] = 8;
        frame[14] = 0x45;
        frame[26] = 10;
        frame[30] = 20;
        return frame;
    }

    @Test
    void an_xdp_context_holds_the_packets_ends_as_addresses() {
        byte[] frame = ipv4Frame(60);
        assertThat(new PacketFeed(false).feed(workspace, ProgramType.XDP, frame))
                .isTrue();
        assertThat(field("data_end") - field("data")).isEqualTo(60);
        assertThat(field("data")).isEqualTo(workspace.data());
        assertThat(field("data_meta")).isEqualTo(field("data"));
        assertThat(field("ingress_ifindex")).isEqualTo(1);
        assertThat(workspace.packet()).isEqualTo(frame);
    }

    @Test
    void linux_takes_no_frame_under_fourteen_bytes() {
        assertThat(new PacketFeed(true).feed(workspace, ProgramType.XDP, new byte[13]))
                .isFalse();
        assertThat(new PacketFeed(true).feed(workspace, ProgramType.XDP, new byte[14]))
                .isTrue();
        assertThat(new PacketFeed(false).feed(workspace, ProgramType.XDP, new byte[0]))
                .isTrue();
        assertThat(new PacketFeed(false).feed(workspace, ProgramType.SOCKET_FILTER, new byte[13]))
                .isFalse();
    }

    @Test
    void linux_shows_xdp_the_linear_part_only() {
        byte[] frame = new byte[5000];
        assertThat(new PacketFeed(true).feed(workspace, ProgramType.XDP, frame)).isTrue();
        assertThat(workspace.packet()).hasSize(3520);
        assertThat(new PacketFeed(true).feed(workspace, ProgramType.SCHED_CLS, frame))
                .isTrue();
        assertThat(workspace.packet()).hasSize(5000);
        assertThat(new PacketFeed(false).feed(workspace, ProgramType.XDP, frame))
                .isTrue();
        assertThat(workspace.packet()).hasSize(5000);
    }

    @Test
    void a_frame_that_is_too_long_is_refused() {
        assertThat(new PacketFeed(false).feed(workspace, ProgramType.XDP, new byte[65_535]))
                .isTrue();
        assertThat(new PacketFeed(false).feed(workspace, ProgramType.XDP, new byte[65_536]))
                .isFalse();
    }

    @Test
    void socket_programs_see_the_packet_from_the_network_header_on_and_tc_from_ethernet() {
        assertThat(new PacketFeed(true).feed(workspace, ProgramType.CGROUP_SKB, ipv4Frame(60)))
                .isTrue();
        assertThat(field("len")).isEqualTo(46);
        assertThat(workspace.packet()[0]).isEqualTo((byte) 0x45);
        assertThat(field("protocol")).isEqualTo(0x0008);
        assertThat(field("local_ip4")).isEqualTo(10);
        assertThat(field("remote_ip4")).isEqualTo(20);
        assertThat(new PacketFeed(true).feed(workspace, ProgramType.SCHED_CLS, ipv4Frame(60)))
                .isTrue();
        assertThat(field("len")).isEqualTo(60);
        assertThat(field("data_end") - field("data")).isEqualTo(60);
    }

    @Test
    void nothing_of_the_last_packet_stays_in_the_context() {
        new PacketFeed(false).feed(workspace, ProgramType.SCHED_CLS, ipv4Frame(60));
        Memory.storeInt(
                workspace.context()
                        + workspace.layout().field("mark").orElseThrow().offset(),
                7);
        new PacketFeed(false).feed(workspace, ProgramType.SCHED_CLS, new byte[20]);
        assertThat(field("mark")).isZero();
        assertThat(field("local_ip4")).isZero();
    }
}
