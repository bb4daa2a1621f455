package dev.turnout.frontend.check;

import dev.turnout.frontend.typed.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The locals that are visible at a point of a body: a stack of blocks. */
final class Scope {
    /** What a name meant before a block gave it to another local. */
    private record Hidden(String name, Symbol.@Nullable Local before) {}

    private final Map<String, Symbol.Local> visible = new HashMap<>();
    private final List<Hidden> hidden = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    void open() {
        marks.add(hidden.size());
    }

    void close() {
        int mark = marks.removeLast();
        while (hidden.size() > mark) {
            Hidden last = hidden.removeLast();
            Symbol.Local before = last.before;
            if (before == null) {
                visible.remove(last.name);
            } else {
                visible.put(last.name, before);
            }
        }
    }

    void add(Symbol.Local local) {
        hidden.add(new Hidden(local.name(), visible.put(local.name(), local)));
    }

    Symbol.@Nullable Local find(String name) {
        return visible.get(name);
    }

    /** Their names, sorted. */
    List<String> names() {
        return visible.keySet().stream().sorted().toList();
    }
}
