package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.ir.model.Function;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Families of functions: types of functions as values, under names that no two share. A name is the type as the user writes it,
 * and a number behind it where two structs are called alike.
 */
final class Families {
    /** Functions that see packets exist twice, and a value of the one kind is never one of the other. */
    private record Family(Type.Function type, boolean copied) {}

    private final Map<Family, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> byFunction = new HashMap<>();

    String name(Type.Function type, boolean copied) {
        return names.computeIfAbsent(new Family(type, copied), _ -> {
            String text = type + (copied ? " copied" : "");
            String name = text;
            for (int number = 2; !taken.add(name); number++) {
                name = text + " " + number;
            }
            return name;
        });
    }

    /** A function of the object is used as a value. */
    void of(String function, Type.Function type, boolean copied) {
        byFunction.put(function, name(type, copied));
    }

    /** The function, with its family if it has one. */
    Function mark(Function function) {
        String family = byFunction.get(function.name());
        return family != null && function.kind() instanceof Function.Kind.Subprogram plain
                ? new Function(
                        function.name(),
                        plain.of(family),
                        function.result(),
                        function.signature(),
                        function.blocks(),
                        function.at())
                : function;
    }
}
