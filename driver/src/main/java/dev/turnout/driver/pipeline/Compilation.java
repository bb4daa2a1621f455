package dev.turnout.driver.pipeline;

import dev.turnout.bpf.codegen.CodeGenerator;
import dev.turnout.bpf.codegen.Generated;
import dev.turnout.bpf.codegen.Options;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.check.TypeChecker;
import dev.turnout.frontend.lower.LoweredProgram;
import dev.turnout.frontend.lower.Lowering;
import dev.turnout.frontend.lower.ProofCheck;
import dev.turnout.frontend.name.StandardImports;
import dev.turnout.frontend.parse.Parser;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.pass.Pipeline;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One text on its way to an object. The methods are the stages, in order; each asks the one before it, is made once, and is
 * empty when something before it was wrong, which {@link #diagnostics} then says. Owned by one thread.
 */
public final class Compilation {
    private final SourceFile source;
    private final CompileOptions options;
    private final Diagnostics diagnostics = new Diagnostics();
    private final StandardImports imports;

    private final Stage<Ast.File> ast = new Stage<>();
    private final Stage<TypedProgram> typed = new Stage<>();
    private final Stage<LoweredProgram> lowered = new Stage<>();
    private final Stage<Module> ssa = new Stage<>();
    private final Stage<Module> proven = new Stage<>();
    private final Stage<Module> optimised = new Stage<>();
    private final Stage<Generated> generated = new Stage<>();

    public Compilation(SourceFile source, SourceReader reader, CompileOptions options) {
        this.source = source;
        this.options = options;
        this.imports = new StandardImports(reader::read, diagnostics);
    }

    /** What was said so far. */
    public Diagnostics diagnostics() {
        return diagnostics;
    }

    public SourceFile source() {
        return source;
    }

    public CompileOptions options() {
        return options;
    }

    /** The tree; always there, with holes where the text is broken. */
    public Ast.File ast() {
        return ast.make(() -> Optional.of(Parser.parse(source, diagnostics))).orElseThrow();
    }

    /** Names resolved, types known. */
    public Optional<TypedProgram> typed() {
        return typed.make(() -> {
            Ast.File file = ast();
            return diagnostics.hasErrors()
                    ? Optional.empty()
                    : TypeChecker.check(file, imports, diagnostics).filter(_ -> !diagnostics.hasErrors());
        });
    }

    /** The first IR: variables in slots, claims about indices open. */
    public Optional<LoweredProgram> lowered() {
        return lowered.make(() ->
                typed().map(program -> Lowering.lower(program, diagnostics)).filter(_ -> !diagnostics.hasErrors()));
    }

    /** Variables are values. */
    public Optional<Module> ssa() {
        return ssa.make(() -> lowered()
                .map(from -> Pipeline.run(
                        Pipeline.BEFORE_CLAIMS, from.module(), options.checkPasses(), Pipeline.Observer.NONE)));
    }

    /** Claims about indices and rounds are shown, and gone. */
    public Optional<Module> proven() {
        return proven.make(() -> lowered()
                .flatMap(from -> ssa().map(module -> ProofCheck.check(from, module, diagnostics)))
                .filter(_ -> !diagnostics.hasErrors()));
    }

    /** After all passes. */
    public Optional<Module> optimised() {
        return optimised.make(() -> proven().map(module -> Pipeline.run(module, options.checkPasses())));
    }

    /** BPF in symbolic form, with a report of what each construct became. */
    public Optional<Generated> generated() {
        return generated.make(() -> optimised()
                .map(module -> CodeGenerator.generateWithReport(
                        module, options.target(), new Options(options.strictLowering(), sources()), diagnostics))
                .filter(_ -> !diagnostics.hasErrors()));
    }

    /** The texts that took part, by name. */
    public Map<String, SourceFile> sources() {
        Map<String, SourceFile> all = imports.texts();
        all.put(source.name(), source);
        return all;
    }

    /** A result that is made once. */
    private static final class Stage<T> {
        private boolean done;
        private Optional<T> result = Optional.empty();

        Optional<T> make(Supplier<Optional<T>> maker) {
            if (!done) {
                result = maker.get();
                done = true;
            }
            return result;
        }
    }
}
