package dev.turnout.driver.load;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.image.LiveTable;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A function table of a loaded object, in the form that it has on the object's target. May be read and changed by many threads, while
 * programs run; what they may do and what comes of it is that of {@link LiveTable}, whichever form it is.
 */
public sealed interface LoadedTable {
    String name();

    /** Whether rows can be replaced. */
    boolean mutable();

    /** Whether rows can be missing. */
    boolean nullable();

    /** Functions that a row may hold, by name. */
    List<String> candidates();

    /** The functions of all rows; an empty name where one is missing. */
    List<String> rows();

    /**
     * Replaces a row.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException if the table is not mutable, or the function is none of its candidates
     */
    void set(int index, String function);

    /**
     * Empties a row.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     * @throws IllegalArgumentException if the table is not mutable, or its rows may not be missing
     */
    void clear(int index);

    /** Addresses that programs call. */
    record Called(LiveTable table) implements LoadedTable {
        @Override
        public String name() {
            return table.name();
        }

        @Override
        public boolean mutable() {
            return table.mutable();
        }

        @Override
        public boolean nullable() {
            return table.nullable();
        }

        @Override
        public List<String> candidates() {
            return table.candidates();
        }

        @Override
        public List<String> rows() {
            return table.rows();
        }

        @Override
        public void set(int index, String function) {
            table.set(index, function);
        }

        @Override
        public void clear(int index) {
            table.clear(index);
        }
    }

    /**
     * Numbers that programs choose by, of a mutable table on a target without indirect calls: a variable of {@code .data}, whose type
     * names the number of each candidate, and 0 if a row may be missing.
     */
    record Numbered(String name, int offset, int size, DebugType.Enumeration held, BpfMap section)
            implements LoadedTable {
        private static final int ROW = 8;

        /** The table that a variable is, if it is one. */
        static Optional<LoadedTable> of(DataSection.Variable variable, BpfMap section) {
            return variable.type() instanceof DebugType.Array(DebugType.Enumeration held, long size)
                            && held.name().equals(variable.name() + "_row")
                            && held.size() == ROW
                    ? Optional.of(new Numbered(variable.name(), variable.offset(), (int) size, held, section))
                    : Optional.empty();
        }

        @Override
        public boolean mutable() {
            return true;
        }

        @Override
        public boolean nullable() {
            return held.members().stream().anyMatch(member -> member.value() == 0);
        }

        @Override
        public List<String> candidates() {
            return held.members().stream()
                    .filter(member -> member.value() != 0)
                    .map(DebugType.Enumerator::name)
                    .sorted()
                    .toList();
        }

        private long address(int index) {
            return section.direct() + offset + (long) ROW * Objects.checkIndex(index, size);
        }

        @Override
        public List<String> rows() {
            List<String> rows = new ArrayList<>(size);
            for (int index = 0; index < size; index++) {
                long number = Memory.loadLongVolatile(address(index));
                rows.add(held.members().stream()
                        .filter(member -> number != 0 && member.value() == number)
                        .map(DebugType.Enumerator::name)
                        .findFirst()
                        .orElse(""));
            }
            return rows;
        }

        @Override
        public void set(int index, String function) {
            for (DebugType.Enumerator member : held.members()) {
                if (member.value() != 0 && member.name().equals(function)) {
                    Memory.storeLongVolatile(address(index), member.value());
                    return;
                }
            }
            throw new IllegalArgumentException(
                    "`" + function + "` is no candidate of table `" + name + "`: these are " + candidates());
        }

        @Override
        public void clear(int index) {
            if (!nullable()) {
                throw new IllegalArgumentException("rows of table `" + name + "` may not be missing");
            }
            Memory.storeLongVolatile(address(index), 0);
        }
    }
}
