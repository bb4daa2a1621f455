package dev.turnout.frontend.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.check.TypeChecker;
import dev.turnout.frontend.name.StandardImports;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.ir.eval.Evaluator;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.pass.ConstructSsa;
import dev.turnout.ir.verify.IrChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A source text, compiled as far as this module goes. Whatever is run is run twice, as lowered and in SSA form without
 * claims, and must come to the same.
 */
final class Source {
    private static final long FUEL = 1_000_000;

    final LoweredProgram lowered;
    final Module proven;
    final Diagnostics diagnostics;
    private Consumer<World> setting = _ -> {};
    World world;

    private Source(LoweredProgram lowered, Module proven, Diagnostics diagnostics) {
        this.lowered = lowered;
        this.proven = proven;
        this.diagnostics = diagnostics;
        this.world = new World(lowered.module());
    }

    /** Compiles a text that must be right up to its claims. */
    static Source of(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Ast.File file = Parser.parse(new SourceFile("test.turn", text), diagnostics);
        TypedProgram program = TypeChecker.check(file, StandardImports.preludeOnly(diagnostics), diagnostics)
                .orElse(null);
        assertThat(diagnostics.hasErrors()).as("%s", diagnostics.all()).isFalse();
        assertThat(program).isNotNull();
        LoweredProgram lowered = Lowering.lower(program, diagnostics);
        IrChecker.require(lowered.module());
        List<Function> functions = new ArrayList<>();
        for (Function function : lowered.module().functions()) {
            functions.add(ConstructSsa.run(function));
        }
        Module ssa = lowered.module().withFunctions(functions);
        IrChecker.require(ssa);
        Module proven = ProofCheck.check(lowered, ssa, diagnostics);
        IrChecker.require(proven);
        return new Source(lowered, proven, diagnostics);
    }

    /** What the world is before each run. */
    Source in(Consumer<World> setting) {
        this.setting = setting;
        return this;
    }

    /** Runs a function both ways; gives what it returns. {@link #world} is that of the second run. */
    long run(String function, long... arguments) {
        assertThat(diagnostics.hasErrors()).as("%s", diagnostics.all()).isFalse();
        World first = new World(lowered.module());
        setting.accept(first);
        long plain = new Evaluator(lowered.module(), first, FUEL).run(function, arguments);
        world = new World(proven);
        setting.accept(world);
        long ssa = new Evaluator(proven, world, FUEL).run(function, arguments);
        assertThat(ssa).as("in SSA form").isEqualTo(plain);
        assertThat(world.output.toString()).isEqualTo(first.output.toString());
        assertThat(world.packet()).isEqualTo(first.packet());
        return ssa;
    }

    List<String> errors() {
        return diagnostics.all().stream().map(Diagnostic::message).toList();
    }
}
