package dev.turnout.verifier.domain;

import dev.turnout.stdlib.program.SocketKind;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What a pointer points into. */
public sealed interface Region {
    /** In words, as a message says it. */
    String words();

    /** The program's context. */
    record Context() implements Region {
        @Override
        public String words() {
            return "the context";
        }
    }

    /**
     * A stack frame; offsets count from its frame pointer and are negative.
     *
     * @param depth 0 for main's
     */
    record Stack(int depth) implements Region {
        @Override
        public String words() {
            return depth == 0 ? "the stack" : "the stack of frame " + depth;
        }
    }

    /** The packet's bytes, from {@code data} on. */
    record Packet() implements Region {
        @Override
        public String words() {
            return "the packet";
        }
    }

    /** The bytes in front of the packet, from {@code data_meta} on. */
    record PacketMeta() implements Region {
        @Override
        public String words() {
            return "the packet's metadata";
        }
    }

    /** {@code data_end}. */
    record PacketEnd() implements Region {
        @Override
        public String words() {
            return "the packet's end";
        }
    }

    /**
     * A map itself: an argument for helpers.
     *
     * @param map as {@link dev.turnout.bpf.program.BpfProgram#map} takes it: a number past the last stands for an inner map
     */
    record MapReference(int map) implements Region {
        @Override
        public String words() {
            return "map " + map;
        }
    }

    /**
     * One value of a map.
     *
     * @param map index into the program's list
     * @param bytes its size
     * @param only whether the map has this one value: then all pointers into it point into one piece of memory
     */
    record MapValue(int map, String name, long bytes, boolean only) implements Region {
        @Override
        public String words() {
            return "a value of map `" + name + "`";
        }
    }

    /**
     * One value of one of several maps: which one depends on the way that control came. What is done through it must be
     * right for each.
     *
     * @param each two or more, by ascending map
     */
    record OneOfMapValues(List<MapValue> each) implements Region {
        public OneOfMapValues {
            each = List.copyOf(each);
        }

        @Override
        public String words() {
            StringBuilder words = new StringBuilder("a value of map ");
            for (int i = 0; i < each.size(); i++) {
                words.append(i == 0 ? "`" : " or `").append(each.get(i).name()).append('`');
            }
            return words.toString();
        }
    }

    /** The maps' values that a pointer into this may point to; none if it is no map's value. */
    default List<MapValue> mapValues() {
        return switch (this) {
            case MapValue value -> List.of(value);
            case OneOfMapValues values -> values.each;
            case Context _, Stack _, Packet _, PacketMeta _, PacketEnd _, MapReference _ -> List.of();
            case InsnTable _, FunctionTables _, Memory _, KernelObject _, Allocated _ -> List.of();
            case Socket _, HelperMemory _, Buffer _, FlowKeys _, DynptrReference _, Arena _ -> List.of();
        };
    }

    /** Whether every pointer into this is one into {@code other}. */
    default boolean leq(Region other) {
        return equals(other)
                || (!mapValues().isEmpty() && other.mapValues().containsAll(mapValues()))
                || (this instanceof FunctionTables mine
                        && other instanceof FunctionTables all
                        && all.each.containsAll(mine.each));
    }

    /** The least region above both, if there is one: only values of maps and function tables have any but themselves. */
    default Optional<Region> join(Region other) {
        if (other.leq(this)) {
            return Optional.of(this);
        }
        if (this instanceof FunctionTables(List<FunctionTable> mine)
                && other instanceof FunctionTables(List<FunctionTable> theirs)) {
            TreeMap<Integer, FunctionTable> tables = new TreeMap<>();
            mine.forEach(table -> tables.put(table.map(), table));
            theirs.forEach(table -> tables.put(table.map(), table));
            return Optional.of(new FunctionTables(List.copyOf(tables.values())));
        }
        if (mapValues().isEmpty() || other.mapValues().isEmpty()) {
            return Optional.empty();
        }
        TreeMap<Integer, MapValue> all = new TreeMap<>();
        mapValues().forEach(value -> all.put(value.map(), value));
        other.mapValues().forEach(value -> all.put(value.map(), value));
        return Optional.of(new OneOfMapValues(List.copyOf(all.values())));
    }

    /** A jump table: the entries of an instruction array. */
    record InsnTable(int map, String name, long bytes) implements Region {
        @Override
        public String words() {
            return "jump table `" + name + "`";
        }
    }

    /**
     * A function table of the program.
     *
     * @param map index into the program's list
     * @param bytes of all its rows
     */
    record FunctionTable(int map, String name, long bytes) {}

    /**
     * The rows of a function table; of one of several, if that depends on the way that control came.
     *
     * @param each one or more, by ascending map
     */
    record FunctionTables(List<FunctionTable> each) implements Region {
        public FunctionTables {
            each = List.copyOf(each);
        }

        /** Bytes that there are whichever it is. */
        public long bytes() {
            return each.stream().mapToLong(FunctionTable::bytes).min().orElseThrow();
        }

        @Override
        public String words() {
            StringBuilder words = new StringBuilder("function table ");
            for (int i = 0; i < each.size(); i++) {
                words.append(i == 0 ? "`" : " or `").append(each.get(i).name()).append('`');
            }
            return words.toString();
        }
    }

    /** The memory that the program is called with. */
    record Memory(long bytes) implements Region {
        @Override
        public String words() {
            return "the given memory";
        }
    }

    /** A socket, by the fields that a pointer to it shows. */
    record Socket(SocketKind kind) implements Region {
        @Override
        public String words() {
            return "a socket (`" + kind.kernelName() + "`)";
        }
    }

    /**
     * Memory of a size that is known, which a helper has given.
     *
     * @param what in words, for messages
     * @param packet whether it is a part of the packet, and gone when that moves
     */
    record HelperMemory(String what, long bytes, boolean writable, boolean packet) implements Region {
        /** What a ring buffer has reserved for the program, which submits or discards it. */
        public static final String RESERVED = "the reserved memory";

        public HelperMemory(String what, long bytes, boolean writable) {
            this(what, bytes, writable, false);
        }

        public boolean isReserved() {
            return what.equals(RESERVED);
        }

        @Override
        public String words() {
            return what;
        }
    }

    /** A buffer of the kernel whose size is checked when the program is attached. */
    record Buffer(String what, boolean writable) implements Region {
        @Override
        public String words() {
            return what;
        }
    }

    /** {@code struct bpf_flow_keys} of a flow dissector. */
    record FlowKeys() implements Region {
        @Override
        public String words() {
            return "the flow keys";
        }
    }

    /** A dynptr that is not the program's own: an argument of a callback or a global function. */
    record DynptrReference(SlotObject.Dynptr dynptr) implements Region {
        @Override
        public String words() {
            return "a dynptr";
        }
    }

    /** Memory of an arena map: any access is caught. */
    record Arena(int map) implements Region {
        @Override
        public String words() {
            return "the arena";
        }
    }

    /** How far a pointer to an object of the kernel is to be believed: {@code verifier.h}, the flags of a BTF pointer. */
    enum Trust {
        /** Read with faults caught; no argument for helpers. */
        UNTRUSTED,
        /** Found by walking, or given by a function that is traced: read with faults caught; helpers take it, for they look again. */
        WALKED,
        /** Alive inside of the RCU read section. */
        RCU,
        TRUSTED
    }

    /**
     * An object of the kernel.
     *
     * @param name of its type
     * @param type its number in the kernel's BTF; 0 if there is none here
     */
    record KernelObject(String name, int type, Trust trust) implements Region {
        @Override
        public String words() {
            return "the kernel's `" + name + "`";
        }
    }

    /** What a program has to do with an object that it, or another program, has allocated. */
    enum Standing {
        /** The program's own, to be given back; found by {@link Value.Pointer#resource()}. */
        OWNED,
        /** A list's or a tree's, which the program sees until it unlocks. */
        SEEN,
        /** A map's, which lives until the RCU read section ends. */
        KEPT,
        /** It may be gone: read with faults caught. */
        LOST
    }

    /**
     * An object of a struct type of the program's own.
     *
     * @param type its number in the program's BTF
     * @param bytes its size
     */
    record Allocated(String name, int type, long bytes, Standing standing) implements Region {
        /** The same object for one who has something else to do with it. */
        public Allocated as(Standing other) {
            return new Allocated(name, type, bytes, other);
        }

        @Override
        public String words() {
            return "an object of type `" + name + "`";
        }
    }
}
