package dev.turnout.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final int RUNS = 20_000;
    /** Enough for the compiler to have been at it, on a machine that does much else. */
    private static final int MOST_ROUNDS = 500;

    @Test
    void a_run_allocates_nothing_once_it_is_compiled() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Machine machine = Turnout.load(Turnout.compile("pass.turn", Texts.PASS));
                Runner runner = machine.program("pass").runner()) {
            assumeFalse(machine.engine().equals("interp"), "the interpreter keeps its registers on the heap");
            runner.feed(Texts.packet("00"));
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < MOST_ROUNDS && allocated >= RUNS; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int run = 0; run < RUNS; run++) {
                    runner.run();
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated).as("bytes in " + RUNS + " runs").isLessThan(RUNS);
        }
    }
}
