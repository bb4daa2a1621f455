package dev.turnout.runtime.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.runtime.memory.Memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuSlotsTest {
    private final Machine machine = Machine.create(new ScriptedWorld(), 3);
    private final CpuSlots slots = machine.slots();

    @AfterEach
    void free() {
        machine.close();
    }

    @Test
    void the_lowest_free_slot_is_leased_and_knows_its_number() {
        CpuSlots.Lease zero = slots.lease();
        CpuSlots.Lease one = slots.lease();
        assertThat(zero.slot()).isZero();
        assertThat(one.slot()).isEqualTo(1);
        assertThat(Memory.loadInt(one.workspace().control() + ControlBlock.SLOT))
                .isEqualTo(1);
        zero.close();
        CpuSlots.Lease again = slots.lease();
        assertThat(again.slot()).isZero();
        // The first lease is over: to end it once more must not free the slot of the second.
        zero.close();
        assertThat(slots.lease().slot()).isEqualTo(2);
    }

    @Test
    void a_grace_period_waits_for_the_leases_of_its_beginning_and_no_others() {
        CpuSlots.GracePeriod quiet = slots.gracePeriod();
        assertThat(quiet.isOver()).isTrue();
        CpuSlots.Lease first = slots.lease();
        CpuSlots.GracePeriod period = slots.gracePeriod();
        CpuSlots.Lease later = slots.lease();
        assertThat(period.isOver()).isFalse();
        first.close();
        assertThat(period.isOver()).isTrue();
        assertThat(slots.lease().slot()).isZero();
        assertThat(period.isOver()).isTrue();
        assertThat(quiet.isOver()).isTrue();
        assertThat(later.slot()).isEqualTo(1);
    }
}
