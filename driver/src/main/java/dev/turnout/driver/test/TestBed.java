package dev.turnout.driver.test;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.CodeCounts;
import dev.turnout.runtime.engine.Input;
import java.util.List;
import java.util.Optional;

/** A loaded object that a test works on. Owned by one thread. */
public interface TestBed extends AutoCloseable {
    /**
     * What a run gave.
     *
     * @param output the packet or the context as the program left it; empty if the engine does not show it
     */
    record Outcome(int result, ByteString output) {}

    /** The name of the engine. */
    String engine();

    Outcome run(String program, Input input);

    /** The address of a copy of these bytes in memory of the process that programs may read by their helpers. */
    long userMemory(ByteString bytes);

    /** The value of a key, on CPU 0 for maps that have one a CPU. */
    Optional<ByteString> lookup(String map, ByteString key);

    /** 0 or a negative error number. */
    int update(String map, ByteString key, ByteString value, long flags);

    /** 0 or a negative error number. */
    int delete(String map, ByteString key);

    /**
     * Adds a value to a queue, stack or Bloom filter.
     *
     * @return 0 or a negative error number
     */
    int push(String map, ByteString value, long flags);

    /** Takes the next value of a queue or stack; empty if there is none. */
    Optional<ByteString> pop(String map);

    /** The next value of a queue or stack, which stays there; empty if there is none. */
    Optional<ByteString> peek(String map);

    /** Whether a Bloom filter may hold a value. */
    boolean holds(String map, ByteString value);

    /** How many entries a map has. */
    int entries(String map);

    /** Records of a ring buffer that are finished and not taken yet. */
    int events(String map);

    /** Takes the oldest record of a ring buffer; empty if none is finished. */
    Optional<ByteString> nextEvent(String map);

    /** The bytes of a data section; empty if no program uses it. */
    Optional<ByteString> data(String section);

    void writeData(String section, ByteString bytes);

    void clock(long nanos);

    void key(String name, long value);

    /**
     * What the emitted code of a function has now.
     *
     * @return empty if no program has code of it
     */
    Optional<CodeCounts> counts(WrittenFunction function);

    /** Static branches on a key, in all programs. */
    int sites(String key);

    /** Lines printed since the last call. */
    List<String> output();

    @Override
    void close();
}
