package dev.turnout.bpf.object;

import dev.turnout.bpf.btf.Btf;
import java.util.Map;

/**
 * The types of a file that was read, as it has them. An object that has just been made has none: its parts say their types themselves,
 * and {@link ElfWriter} makes a record of them.
 *
 * @param all by id
 * @param functions the id of the FUNC, by the function's name in the object
 */
public record ObjectTypes(Btf all, Map<String, Integer> functions) {
    public static final ObjectTypes NONE = new ObjectTypes(Btf.EMPTY, Map.of());

    public ObjectTypes {
        functions = Map.copyOf(functions);
    }
}
