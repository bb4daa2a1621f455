package dev.turnout.bench.speed;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * How often something is timed. The runs of one sample are as many as it takes to last long enough for the clock and for the code
 * to be warm. The clock is the processor's time of this thread, the kernel's share included: what the machine does meanwhile
 * disturbs little, and test runs of the kernel happen on the thread that asks for them.
 *
 * @param samples of which the median counts
 * @param nanos that a sample lasts, at least, by the run that found out how often to repeat
 * @param clock nanoseconds, never going back; only differences count
 */
public record Sampling(int samples, double nanos, LongSupplier clock) {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    /** By the processor's time of the thread that asks. */
    public Sampling(int samples, double nanos) {
        this(samples, nanos, CLOCK::getCurrentThreadCpuTime);
    }

    /**
     * Nanoseconds of one run.
     *
     * @param median over the samples
     * @param least of any sample
     */
    public record Time(double median, double least) {
        /** What is left of this one without {@code frame}; never below a tenth of a nanosecond. */
        public Time without(Time frame) {
            return new Time(Math.max(0.1, median - frame.median), Math.max(0.1, least - frame.least));
        }
    }

    public Time time(Subject subject) {
        long times = 1;
        for (double took = nanos(subject, times); took < nanos; took = nanos(subject, times)) {
            times *= took < nanos / 10 ? 8 : 2;
        }
        double[] each = new double[samples];
        for (int i = 0; i < samples; i++) {
            each[i] = nanos(subject, times) / times;
        }
        Arrays.sort(each);
        return new Time(each[samples / 2], each[0]);
    }

    private double nanos(Subject subject, long times) {
        long start = clock.getAsLong();
        subject.run(times);
        return clock.getAsLong() - start;
    }
}
