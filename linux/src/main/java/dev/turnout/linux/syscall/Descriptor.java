package dev.turnout.linux.syscall;

import java.util.concurrent.atomic.AtomicBoolean;

/** A file descriptor that is ours. */
public final class Descriptor implements AutoCloseable {
    private final int number;
    private final AtomicBoolean open = new AtomicBoolean(true);

    public Descriptor(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor " + number);
        }
        this.number = number;
    }

    public int number() {
        return number;
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            Bpf.close(number);
        }
    }
}
