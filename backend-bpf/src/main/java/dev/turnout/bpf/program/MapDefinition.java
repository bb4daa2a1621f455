package dev.turnout.bpf.program;

import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;

/**
 * A map that a program uses, by content. Two programs of an object share a map if they share its name.
 *
 * @param name unique in the object; sections of data are {@code .rodata}, {@code .data}, {@code .bss}
 * @param keySize bytes
 * @param valueSize bytes
 * @param flags as the kernel numbers them
 * @param key type for people; {@link DebugType.Void} where unknown
 * @param value likewise
 * @param content what it holds at load
 */
public record MapDefinition(
        String name,
        MapKind kind,
        int keySize,
        int valueSize,
        long maxEntries,
        int flags,
        DebugType key,
        DebugType value,
        Content content) {
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
    }

    /** The same map with other content. */
    public MapDefinition withContent(Content other) {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, flags, key, value, other);
    }

    /** Whether a load from it at a constant offset is a constant. */
    public boolean frozen() {
        return content instanceof Content.Data data && data.frozen();
    }
}
