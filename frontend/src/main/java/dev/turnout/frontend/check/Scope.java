package dev.turnout.frontend.check;

import dev.turnout.frontend.typed.Symbol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The locals that are visible at a point of a body: a stack of blocks. */
final class Scope {
    private final List<Symbol.Local> visible = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    void open() {
        marks.add(visible.size());
    }

    void close() {
        int mark = marks.removeLast();
        while (visible.size() > mark) {
            visible.removeLast();
        }
    }

    void add(Symbol.Local local) {
        visible.add(local);
    }

    Symbol.@Nullable Local find(String name) {
        for (int i = visible.size() - 1; i >= 0; i--) {
            if (visible.get(i).name().equals(name)) {
                return visible.get(i);
            }
        }
        return null;
    }

    List<String> names() {
        return visible.stream().map(Symbol.Local::name).toList();
    }
}
