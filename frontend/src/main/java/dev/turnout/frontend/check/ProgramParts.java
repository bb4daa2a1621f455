package dev.turnout.frontend.check;

import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedFunction;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.frontend.typed.TypedTest;
import java.util.ArrayList;
import java.util.List;

/** Gathers what was resolved into a program, in the order of modules and texts. */
final class ProgramParts {
    private final Compilation compilation;
    private final List<StructType> structs = new ArrayList<>();
    private final List<EnumType> enums = new ArrayList<>();
    private final List<Symbol.Named> constants = new ArrayList<>();
    private final List<Symbol.Config> configs = new ArrayList<>();
    private final List<Symbol.Global> globals = new ArrayList<>();
    private final List<Symbol.MapSymbol> maps = new ArrayList<>();
    private final List<Symbol.Key> keys = new ArrayList<>();
    private final List<Symbol.Table> tables = new ArrayList<>();

    ProgramParts(Compilation compilation) {
        this.compilation = compilation;
    }

    TypedProgram assemble(String license, List<FunctionSymbol> functions, List<TypedTest> tests) {
        for (Module module : compilation.graph().modules()) {
            for (Decl.Named declaration : module.declarations()) {
                Entity entity = compilation.declarations().known(declaration);
                if (entity != null) {
                    add(declaration, entity);
                }
            }
        }
        List<TypedFunction> bodies = new ArrayList<>();
        for (FunctionSymbol function : functions) {
            TypedFunction body = compilation.bodies().of(function);
            if (body != null) {
                bodies.add(body);
            }
        }
        return new TypedProgram(
                compilation.graph().main().name(),
                license,
                structs,
                enums,
                constants,
                configs,
                globals,
                maps,
                keys,
                tables,
                bodies,
                tests);
    }

    private void add(Decl.Named declaration, Entity entity) {
        switch (entity) {
            case Entity.TypeName name -> {
                if (declaration instanceof Decl.Struct && name.type() instanceof StructType struct) {
                    structs.add(struct);
                }
                if (declaration instanceof Decl.Enum && name.type() instanceof EnumType enumeration) {
                    enums.add(enumeration);
                }
            }
            case Entity.Constant constant -> {
                if (constant.symbol().type().aggregate()) {
                    constants.add(constant.symbol());
                }
            }
            case Entity.Config config -> configs.add(config.symbol());
            case Entity.Global global -> globals.add(global.symbol());
            case Entity.MapName map -> maps.add(map.symbol());
            case Entity.KeyName key -> keys.add(key.symbol());
            case Entity.Table table -> tables.add(table.symbol());
            case Entity.ExactNumber _, Entity.Function _, Entity.Extern _, Entity.KernelFunction _ -> {}
            case Entity.Intrinsic _, Entity.Invalid _ -> {}
        }
    }
}
