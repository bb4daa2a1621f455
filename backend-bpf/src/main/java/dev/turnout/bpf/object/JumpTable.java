package dev.turnout.bpf.object;

import java.util.List;

/**
 * A jump table.
 *
 * @param name unique in the object. {@code BPF.JT.<function>.<k>} is the custom; the name of the function, not its number,
 *     so that two objects can be linked
 * @param owner the function that holds its targets, and that alone may use it
 * @param targets one an entry: slots from the start of the owner's <i>section</i>, at which instructions of the owner begin
 */
public record JumpTable(String name, String owner, List<Integer> targets) {
    public JumpTable {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("jump table " + name + " is empty");
        }
    }

    /** The customary name. */
    public static String name(String function, int number) {
        return name(function) + "." + number;
    }

    /** The name of all tables of a function together. */
    static String name(String function) {
        return "BPF.JT." + function;
    }
}
