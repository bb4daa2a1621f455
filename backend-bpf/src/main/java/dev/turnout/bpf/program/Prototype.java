package dev.turnout.bpf.program;

import java.util.List;

/**
 * What types say of a function. Numbers are ids in {@link Surroundings#types}.
 *
 * @param known whether they say anything; the rest means nothing if not
 * @param result 0 for void
 * @param parameters in order
 * @param tags annotations of the function itself: {@code exception_callback:name}
 */
public record Prototype(boolean known, int result, List<Parameter> parameters, List<String> tags) {
    /** Of a function in an object without types. */
    public static final Prototype UNKNOWN = new Prototype(false, 0, List.of(), List.of());

    public Prototype {
        parameters = List.copyOf(parameters);
        tags = List.copyOf(tags);
    }

    /**
     * A parameter.
     *
     * @param name may be empty
     * @param type its id
     * @param tags annotations: {@code arg:ctx}, {@code arg:nonnull}, {@code arg:nullable}, {@code arg:trusted}, {@code arg:arena}, …
     */
    public record Parameter(String name, int type, List<String> tags) {
        public Parameter {
            tags = List.copyOf(tags);
        }
    }
}
