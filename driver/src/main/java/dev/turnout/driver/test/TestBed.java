package dev.turnout.driver.test;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.driver.load.Loader;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.CodeCounts;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.helper.ScriptedWorld;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A loaded object that a test works on. Owned by one thread. What a bed cannot do for a reason of the program throws {@link
 * BedFailure}; what the engine lacks throws {@link SkippedTest}.
 */
public interface TestBed extends AutoCloseable {
    /**
     * What a run gave.
     *
     * @param output the packet or the context as the program left it; empty if the engine does not show it
     */
    record Outcome(int result, ByteString output) {}

    /**
     * All programs of an object, verified and loaded on a machine of ours.
     *
     * @param world that programs ask for what is not in their input; the bed sets its clock
     * @param feed how packets become inputs
     * @throws BedFailure if something is not accepted
     */
    static TestBed onMachine(BpfObject object, Loader loader, ScriptedWorld world, PacketFeed feed) {
        return MachineBed.load(object, loader, world, feed);
    }

    /**
     * All programs of an object in the running kernel.
     *
     * @throws BedFailure if the kernel refuses something
     */
    static TestBed inKernel(BpfObject object) {
        return KernelBed.load(object);
    }

    /** Where the beds of a text's tests come from. */
    @FunctionalInterface
    interface Maker {
        /**
         * An object, freshly loaded.
         *
         * @param test the title of the test that it is for
         * @throws BedFailure if something is not accepted
         */
        TestBed make(String test, BpfObject object);
    }

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

    /**
     * What the object's maps hold, by name and by key, on CPU 0 for maps that have a value a CPU. Of maps of plain values, and of
     * those only the ones with keys: the others cannot be looked through without taking what is in them. Sections are not among
     * them, nor arrays of more than {@value #LONGEST_SHOWN} entries, nor maps of so few that forget what was not used lately, for what
     * they forget is an engine's own. Of arrays what is zero is not shown.
     */
    Map<String, Map<ByteString, ByteString>> contents();

    /** The longest array that {@link #contents} shows: a kernel is asked about each entry. */
    int LONGEST_SHOWN = 4096;

    /** Kinds that make room for what is new. */
    Set<MapKind> FORGETFUL = Set.of(MapKind.LRU_HASH, MapKind.LRU_PERCPU_HASH);

    /** Whether {@link #contents} shows a map. */
    static boolean isShown(MapDefinition map) {
        return map.kind().valueKind() == MapKind.Values.PLAIN
                && (map.maxEntries() > LONGEST_SHOWN || !FORGETFUL.contains(map.kind()))
                && switch (map.kind().keys()) {
                    case ANY -> true;
                    case INDEX ->
                        map.maxEntries() <= LONGEST_SHOWN && !map.name().startsWith(".");
                    case NONE -> false;
                };
    }

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
