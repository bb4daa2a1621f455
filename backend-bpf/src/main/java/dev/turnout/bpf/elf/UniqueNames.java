package dev.turnout.bpf.elf;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives each taker of a name one of its own: {@code f}, {@code f.2}, {@code f.3}. */
public final class UniqueNames {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Integer> last = new HashMap<>();

    public UniqueNames() {}

    /** None of these is given. */
    public UniqueNames(Collection<String> taken) {
        this.taken.addAll(taken);
    }

    /** A name that was not given yet. */
    public String of(String name) {
        String candidate = name;
        while (!taken.add(candidate)) {
            candidate = name + "." + last.merge(name, 2, (known, _) -> known + 1);
        }
        return candidate;
    }
}
