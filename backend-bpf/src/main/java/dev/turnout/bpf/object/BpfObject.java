package dev.turnout.bpf.object;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An object in symbolic form.
 *
 * <p>How to make one: put subprograms into one section {@code .text} and each program into the section that names its type
 * (several programs may share it); emit code with a {@link Relocation} wherever an instruction means something by name;
 * name things uniquely. Functions, maps, keys, data sections, jump tables and function tables each have one name space.
 *
 * @param license text; empty if none is stated
 * @param sections code, in the order of the file
 * @param data {@code .rodata}, {@code .data}, {@code .bss} and their like, in the order of the file
 * @param maps in the order of the file
 * @param jumpTables in the order of the file
 * @param functionTables in the order of the file
 * @param keys in the order of the file
 * @param externs what the kernel has to provide, in the order of the file
 * @param operations which programs structures of operations name, in the order of the file
 * @param types of a file that was read
 */
public record BpfObject(
        String license,
        List<CodeSection> sections,
        List<DataSection> data,
        List<ObjectMap> maps,
        List<JumpTable> jumpTables,
        List<FunctionTable> functionTables,
        List<ObjectKey> keys,
        List<ObjectExtern> externs,
        List<StructOperation> operations,
        ObjectTypes types) {
    /** The section of subprograms. */
    public static final String TEXT = ".text";

    public BpfObject {
        sections = List.copyOf(sections);
        data = List.copyOf(data);
        maps = List.copyOf(maps);
        jumpTables = List.copyOf(jumpTables);
        functionTables = List.copyOf(functionTables);
        keys = List.copyOf(keys);
        externs = List.copyOf(externs);
        operations = List.copyOf(operations);
        unique("section", sections.stream().map(CodeSection::name).toList());
        unique(
                "function",
                sections.stream()
                        .flatMap(section -> section.functions().stream())
                        .map(ObjectFunction::name)
                        .toList());
        unique("data section", data.stream().map(DataSection::name).toList());
        unique("map", maps.stream().map(ObjectMap::name).toList());
        unique("jump table", jumpTables.stream().map(JumpTable::name).toList());
        unique(
                "function table",
                functionTables.stream().map(FunctionTable::name).toList());
        unique("key", keys.stream().map(ObjectKey::name).toList());
        unique("extern", externs.stream().map(ObjectExtern::name).toList());
    }

    /** An object of our own making: it has no types but those of its parts, and needs nothing of a kernel. */
    public BpfObject(
            String license,
            List<CodeSection> sections,
            List<DataSection> data,
            List<ObjectMap> maps,
            List<JumpTable> jumpTables,
            List<FunctionTable> functionTables,
            List<ObjectKey> keys) {
        this(license, sections, data, maps, jumpTables, functionTables, keys, List.of(), List.of(), ObjectTypes.NONE);
    }

    private static void unique(String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("two of " + what + " " + name);
            }
        }
    }

    /** The same object with other data sections. */
    public BpfObject withData(List<DataSection> others) {
        return new BpfObject(
                license, sections, others, maps, jumpTables, functionTables, keys, externs, operations, types);
    }

    /** The same object without the file's own record of types. */
    public BpfObject withoutTypes() {
        return new BpfObject(
                license, sections, data, maps, jumpTables, functionTables, keys, externs, operations, ObjectTypes.NONE);
    }

    public Optional<CodeSection> section(String name) {
        return sections.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Optional<DataSection> dataSection(String name) {
        return data.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Optional<ObjectMap> map(String name) {
        return maps.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Optional<JumpTable> jumpTable(String name) {
        return jumpTables.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Optional<FunctionTable> functionTable(String name) {
        return functionTables.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    public Optional<ObjectExtern> extern(String name) {
        return externs.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The section that holds the function of this name. */
    public Optional<CodeSection> sectionOf(String function) {
        return sections.stream()
                .filter(one -> one.function(function).isPresent())
                .findFirst();
    }

    public Optional<ObjectFunction> function(String name) {
        return sectionOf(name).flatMap(section -> section.function(name));
    }

    /** The entry programs, in the order of the file. */
    public List<ObjectFunction> programs() {
        return sections.stream()
                .flatMap(section -> section.functions().stream())
                .filter(function -> function.kind() == ObjectFunction.Kind.PROGRAM)
                .toList();
    }
}
