package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.map.ProgramArrayMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A {@code prog_array}: the programs that tail calls go on in, by index. Entries can be replaced while programs run, by many threads
 * at once: a run that comes to one goes on in the old program or the new one, as a whole, and none is lost.
 */
public final class ProgramArray {
    private final ProgramArrayMap array;
    private final Map<String, Program> programs;
    private final Lifetime lifetime;

    ProgramArray(ProgramArrayMap array, Map<String, Program> programs, Lifetime lifetime) {
        this.array = array;
        this.programs = programs;
        this.lifetime = lifetime;
    }

    public String name() {
        return array.definition().name();
    }

    /** How many entries it has; their indices begin with 0. */
    public int size() {
        return Math.toIntExact(array.definition().maxEntries());
    }

    /**
     * The name of the program at an index, if there is one.
     *
     * @throws IndexOutOfBoundsException if there is no such entry
     */
    public Optional<String> get(int index) {
        return lifetime.during(() -> Optional.ofNullable(entries().get(checked(index))));
    }

    /** The names of all programs that it holds, by index. */
    public SortedMap<Integer, String> entries() {
        return lifetime.during(array::names);
    }

    /**
     * Puts a program of this machine into an entry; runs that begin after this returned go on in it.
     *
     * @throws IndexOutOfBoundsException if there is no such entry
     * @throws IllegalArgumentException if the program is of another machine, whose maps and slots are not those of the callers
     * @throws MapException if the program is of another type than those that go through the array
     */
    public void set(int index, Program program) {
        lifetime.during(() -> {
            checked(index);
            if (!program.equals(programs.get(program.name()))) {
                throw new IllegalArgumentException("program `" + program.name() + "` is of another machine");
            }
            Diagnostics diagnostics = new Diagnostics();
            if (!array.put(index, program.target(), diagnostics)) {
                throw new MapException(diagnostics);
            }
            return index;
        });
    }

    /**
     * Empties an entry: tail calls through it take their block.
     *
     * @return whether there was a program
     * @throws IndexOutOfBoundsException if there is no such entry
     */
    public boolean remove(int index) {
        return lifetime.during(() -> array.clear(checked(index)) == 0);
    }

    private int checked(int index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("`" + name() + "` has " + size() + " entries, and no " + index);
        }
        return index;
    }

    @Override
    public String toString() {
        return name() + "=" + entries();
    }
}
