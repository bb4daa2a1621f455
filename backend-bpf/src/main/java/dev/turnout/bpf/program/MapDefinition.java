package dev.turnout.bpf.program;

import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A map that a program uses, by content. Two programs of an object share a map if they share its name.
 *
 * @param name unique in the object; sections of data are {@code .rodata}, {@code .data}, {@code .bss}
 * @param keySize bytes
 * @param valueSize bytes
 * @param flags of {@link dev.turnout.stdlib.map.MapFlag}
 * @param extra as the kernel's {@code map_extra}: of a Bloom filter the number of hash functions; most kinds want 0
 * @param key type for people; {@link DebugType.Void} where unknown
 * @param value likewise
 * @param content what it holds at load
 * @param inner of a map of maps: what its maps are like
 * @param fields of a value, which only helpers may touch, in order of offset
 */
public record MapDefinition(
        String name,
        MapKind kind,
        int keySize,
        int valueSize,
        long maxEntries,
        int flags,
        long extra,
        DebugType key,
        DebugType value,
        Content content,
        Optional<MapDefinition> inner,
        List<MapField> fields) {
    public MapDefinition {
        fields = List.copyOf(fields);
    }

    /** A map that holds no maps, whose values are bytes alone. */
    public MapDefinition(
            String name,
            MapKind kind,
            int keySize,
            int valueSize,
            long maxEntries,
            int flags,
            DebugType key,
            DebugType value,
            Content content) {
        this(name, kind, keySize, valueSize, maxEntries, flags, 0, key, value, content, Optional.empty(), List.of());
    }

    /** What a map holds before the first run. */
    public sealed interface Content {
        /** Nothing, or zeros. */
        record Empty() implements Content {}

        /**
         * A data section: an array of one value.
         *
         * @param frozen whether programs may not write it, so that its bytes are constants
         */
        record Data(ByteString bytes, boolean frozen) implements Content {}

        /**
         * A jump table: an instruction array whose entries are slots of the program that owns it.
         *
         * @param targets one an entry, in order of index
         */
        record Targets(List<Integer> targets) implements Content {
            public Targets {
                targets = List.copyOf(targets);
            }
        }

        /**
         * A function table: an instruction array whose entries are functions of the program that owns it. What a program loads from
         * an entry is the function's address, or 0 where there is none.
         *
         * @param rows one an entry: the slot where the function starts, or {@link #MISSING}
         * @param candidates where the functions start that a row may ever hold, ascending, each once: those of the rows and, if the
         *     table is mutable, those that may be stored later
         * @param mutable whether rows may be replaced while programs run
         * @param nullable whether a row may be missing: one is, or, if the table is mutable, one may come to be
         */
        record Functions(List<Integer> rows, List<Integer> candidates, boolean mutable, boolean nullable)
                implements Content {
            /** In place of a slot: no function. */
            public static final int MISSING = -1;

            public Functions {
                rows = List.copyOf(rows);
                candidates = List.copyOf(candidates);
            }

            /**
             * The table over other slots.
             *
             * @param to where the function that started at a slot starts now, or {@link #MISSING} if it is gone
             */
            public Functions moved(IntUnaryOperator to) {
                return new Functions(
                        rows.stream()
                                .map(row -> row == MISSING ? MISSING : to.applyAsInt(row))
                                .toList(),
                        candidates.stream()
                                .map(to::applyAsInt)
                                .filter(start -> start != MISSING)
                                .toList(),
                        mutable,
                        nullable);
            }
        }
    }

    /** The same map with other content. */
    public MapDefinition withContent(Content other) {
        return new MapDefinition(
                name, kind, keySize, valueSize, maxEntries, flags, extra, key, value, other, inner, fields);
    }

    /** Whether its flags have this one. */
    public boolean has(MapFlag flag) {
        return flag.in(flags);
    }

    /** Whether a load from it at a constant offset is a constant. */
    public boolean frozen() {
        return content instanceof Content.Data data && data.frozen();
    }
}
