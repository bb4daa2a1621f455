package dev.turnout.tests.maps;

import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.map.MapKind.Keys;

/**
 * An operation on a map.
 *
 * @param inside whether a program does it, else a host
 * @param key empty where the kind has none
 * @param value what is written; empty where nothing is
 * @param flags of the operation; of {@link Verb#LOOKUP_ON} the CPU
 */
record MapOperation(Verb verb, boolean inside, ByteString key, ByteString value, long flags) {
    /** What is done. */
    enum Verb {
        LOOKUP,
        UPDATE,
        DELETE,
        PUSH,
        POP,
        PEEK,
        /** The value on another CPU. */
        LOOKUP_ON,
        /** Look up, and add to the value in place; under its lock if it has one. */
        ADD,
        /** Over all elements: their number, and a sum that does not depend on their order. */
        WALK,
        /** Of maps of targets: where a packet with this key would go, or what to do instead. */
        REDIRECT,
        /** The key behind one; of tables, whose order is free, all keys. */
        NEXT,
        TAKE;

        boolean byProgram() {
            return this != NEXT && this != TAKE;
        }

        boolean byHost() {
            return this != LOOKUP_ON && this != ADD && this != WALK && this != REDIRECT;
        }

        /** Whether programs that do it with maps of such a kind can be loaded. */
        boolean of(MapKind kind) {
            boolean targets = isTargets(kind);
            return switch (this) {
                case LOOKUP -> kind.keys() != Keys.NONE && kind != MapKind.CPUMAP;
                case UPDATE, DELETE, ADD -> kind.keys() != Keys.NONE && !targets;
                case PUSH, PEEK -> kind.keys() == Keys.NONE;
                case POP -> kind == MapKind.QUEUE || kind == MapKind.STACK;
                case LOOKUP_ON -> kind.perCpu();
                case WALK -> kind.keys() != Keys.NONE && kind != MapKind.LPM_TRIE && !targets;
                case REDIRECT -> targets;
                case NEXT, TAKE -> true;
            };
        }
    }

    static boolean isTargets(MapKind kind) {
        return kind == MapKind.DEVMAP || kind == MapKind.DEVMAP_HASH || kind == MapKind.CPUMAP;
    }

    @Override
    public String toString() {
        return (inside ? "program " : "host ")
                + verb
                + (key.size() > 0 ? " key " + key : "")
                + (value.size() > 0 ? " value " + value : "")
                + (flags != 0 ? " flags " + Long.toHexString(flags) : "");
    }
}
