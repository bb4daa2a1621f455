package dev.turnout.verifier.domain;

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

    /** A map itself: an argument for helpers. */
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
     */
    record MapValue(int map, String name, long bytes) implements Region {
        @Override
        public String words() {
            return "a value of map `" + name + "`";
        }
    }

    /** A jump table: the entries of an instruction array. */
    record InsnTable(int map, String name, long bytes) implements Region {
        @Override
        public String words() {
            return "jump table `" + name + "`";
        }
    }

    /** The memory that the program is called with. */
    record Memory(long bytes) implements Region {
        @Override
        public String words() {
            return "the given memory";
        }
    }

    /** An object of the kernel that this verifier has no types of. */
    record KernelObject(String name) implements Region {
        @Override
        public String words() {
            return "the kernel's `" + name + "`";
        }
    }
}
