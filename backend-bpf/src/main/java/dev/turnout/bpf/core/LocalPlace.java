package dev.turnout.bpf.core;

import dev.turnout.bpf.btf.BtfType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in a type as the program's author saw it.
 *
 * @param root number of the type that the way starts from
 * @param steps members by name and elements by index; the first is the index into an array of roots. Members without a name leave no step
 */
record LocalPlace(TypeTable types, int root, List<Step> steps) {
    /**
     * A step.
     *
     * @param type of the struct of a member; of an element
     * @param name empty for an element
     */
    record Step(int type, int index, String name) {}

    /**
     * Reads the way of a field: {@code 0:1:2}.
     *
     * @return nothing if it does not fit the type
     */
    static Optional<LocalPlace> ofField(TypeTable types, int root, String access) {
        List<Integer> indices = indices(access);
        if (indices.isEmpty()) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(root, indices.getFirst(), ""));
        int id = root;
        for (int index : indices.subList(1, indices.size())) {
            int at = types.strip(id);
            switch (types.at(at)) {
                case BtfType.Composite struct
                when index < struct.members().size() -> {
                    BtfType.Member member = struct.members().get(index);
                    if (!member.name().isEmpty()) {
                        steps.add(new Step(at, index, member.name()));
                    }
                    id = member.type();
                }
                case BtfType.Array array -> {
                    id = array.of();
                    steps.add(new Step(types.strip(id), index, ""));
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new LocalPlace(types, root, steps));
    }

    private static List<Integer> indices(String access) {
        List<Integer> indices = new ArrayList<>();
        for (String part : access.split(":", -1)) {
            if (part.isEmpty() || part.length() > 6 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return List.of();
            }
            indices.add(Integer.parseInt(part));
        }
        return indices.size() > 64 ? List.of() : indices;
    }

    /** The member that a step names. */
    BtfType.Member member(Step step) {
        if (types.at(step.type) instanceof BtfType.Composite struct) {
            return struct.members().get(step.index);
        }
        throw new IllegalStateException(step + " is no member");
    }
}
