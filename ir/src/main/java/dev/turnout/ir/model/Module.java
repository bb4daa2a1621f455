package dev.turnout.ir.model;

import java.util.List;
import java.util.Optional;

/**
 * A whole program: what becomes one object.
 *
 * @param license text of the licence section; empty if none is stated
 * @param fields of the kernel's structs that functions refer to
 * @param kernelFunctions functions of the kernel that functions call
 * @param functions in declaration order
 */
public record Module(
        String name,
        String license,
        List<Global> globals,
        List<MapDeclaration> maps,
        List<Key> keys,
        List<CallTable> tables,
        List<KernelField> fields,
        List<KernelDeclaration> kernelFunctions,
        List<Function> functions) {
    public Module {
        globals = List.copyOf(globals);
        maps = List.copyOf(maps);
        keys = List.copyOf(keys);
        tables = List.copyOf(tables);
        fields = List.copyOf(fields);
        kernelFunctions = List.copyOf(kernelFunctions);
        functions = List.copyOf(functions);
    }

    /** A module that knows nothing of the kernel's structs and functions. */
    public Module(
            String name,
            String license,
            List<Global> globals,
            List<MapDeclaration> maps,
            List<Key> keys,
            List<CallTable> tables,
            List<Function> functions) {
        this(name, license, globals, maps, keys, tables, List.of(), List.of(), functions);
    }

    public Optional<Function> function(String name) {
        return functions.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The same module with other functions. */
    public Module withFunctions(List<Function> others) {
        return new Module(name, license, globals, maps, keys, tables, fields, kernelFunctions, others);
    }
}
