package dev.turnout.bench.speed;

/** A workload on something that runs it. */
public interface Subject extends AutoCloseable {
    /**
     * Runs it so often, one run right after the other.
     *
     * @param times at least 1
     * @return result of the last run, lower half
     */
    int run(long times);

    @Override
    void close();
}
