package dev.turnout.frontend.lower;

import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.stdlib.map.MapKind;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The variables marked {@code @scratch}: they lie in the one value that each CPU has of a hidden map, every one at a place of its own. No
 * function calls itself, so a place is used by one activation at a time, unless a program interrupts another one on its CPU that runs the
 * same function. The copies of a function share its places: they belong to programs of different kinds.
 */
final class Scratch {
    private final String map;
    private final IdentityHashMap<Symbol.Local, Integer> places = new IdentityHashMap<>();
    private int size;

    Scratch(TypedProgram program) {
        Set<String> taken = new HashSet<>();
        program.maps().forEach(one -> taken.add(one.linkName()));
        program.globals().forEach(one -> taken.add(one.linkName()));
        program.configs().forEach(one -> taken.add(one.linkName()));
        program.constants().forEach(one -> taken.add(one.linkName()));
        program.keys().forEach(one -> taken.add(one.linkName()));
        program.tables().forEach(one -> taken.add(one.linkName()));
        StringBuilder name = new StringBuilder("__scratch");
        while (taken.contains(name.toString())) {
            name.append('_');
        }
        map = name.toString();
    }

    /** The name of the map. */
    String map() {
        return map;
    }

    /** Bytes from the start of the value. */
    int place(Symbol.Local local) {
        return places.computeIfAbsent(local, _ -> {
            int at = size;
            size += (Shape.size(local.type()) + 7) / 8 * 8;
            return at;
        });
    }

    /** The map, once every function is lowered; nothing if no variable is in it. */
    Optional<MapDeclaration> declaration() {
        if (size == 0) {
            return Optional.empty();
        }
        DebugType index = new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED);
        DebugType word = new DebugType.Integer("u64", 64, DebugType.Encoding.UNSIGNED);
        return Optional.of(new MapDeclaration(
                map, MapKind.PERCPU_ARRAY.word(), index, new DebugType.Array(word, size / 8), 1, 0, false, List.of()));
    }
}
