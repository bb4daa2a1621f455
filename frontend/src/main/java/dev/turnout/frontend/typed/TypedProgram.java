package dev.turnout.frontend.typed;

import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import java.util.List;

/**
 * A whole program, imports included: one namespace of symbols of the object. Everything is in a fixed order: modules in
 * the order in which imports first name them, the main file last, declarations as in the text.
 *
 * @param name of the main file, without path and ending
 * @param license of the main file; empty if none is stated
 * @param constants aggregate constants, which need memory if they are used as places
 * @param functions of imported modules too; those that no program and no test reaches are included
 * @param tests of the main file
 */
public record TypedProgram(
        String name,
        String license,
        List<StructType> structs,
        List<EnumType> enums,
        List<Symbol.Named> constants,
        List<Symbol.Config> configs,
        List<Symbol.Global> globals,
        List<Symbol.MapSymbol> maps,
        List<Symbol.Key> keys,
        List<Symbol.Table> tables,
        List<TypedFunction> functions,
        List<TypedTest> tests) {
    public TypedProgram {
        structs = List.copyOf(structs);
        enums = List.copyOf(enums);
        constants = List.copyOf(constants);
        configs = List.copyOf(configs);
        globals = List.copyOf(globals);
        maps = List.copyOf(maps);
        keys = List.copyOf(keys);
        tables = List.copyOf(tables);
        functions = List.copyOf(functions);
        tests = List.copyOf(tests);
    }
}
