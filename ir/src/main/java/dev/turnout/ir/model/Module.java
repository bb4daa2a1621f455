package dev.turnout.ir.model;

import java.util.List;
import java.util.Optional;

/**
 * A whole program: what becomes one object.
 *
 * @param license text of the licence section; empty if none is stated
 * @param functions in declaration order
 */
public record Module(
        String name,
        String license,
        List<Global> globals,
        List<MapDeclaration> maps,
        List<Key> keys,
        List<CallTable> tables,
        List<Function> functions) {
    public Module {
        globals = List.copyOf(globals);
        maps = List.copyOf(maps);
        keys = List.copyOf(keys);
        tables = List.copyOf(tables);
        functions = List.copyOf(functions);
    }

    public Optional<Function> function(String name) {
        return functions.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The same module with other functions. */
    public Module withFunctions(List<Function> others) {
        return new Module(name, license, globals, maps, keys, tables, others);
    }
}
