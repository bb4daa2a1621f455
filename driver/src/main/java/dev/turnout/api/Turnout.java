package dev.turnout.api;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.codegen.Generated;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.exec.RawProgram;
import dev.turnout.driver.load.LoadedObject;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.frontend.name.StandardImports;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.Options;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** The door: from a text or a file to something that runs. */
public final class Turnout {
    private Turnout() {}

    /**
     * Compiles a text that imports standard modules only.
     *
     * @param name of the text, for diagnostics
     * @throws CompileException if it is wrong
     */
    public static ObjectCode compile(String name, String text) {
        return compile(name, text, CompileSettings.standard());
    }

    /**
     * Compiles a text.
     *
     * @param name of the text, for diagnostics and for where its imports are
     * @throws CompileException if it is wrong
     * @throws IllegalArgumentException if no target has the word in the settings
     */
    public static ObjectCode compile(String name, String text, CompileSettings settings) {
        TargetProfile target = TargetProfile.ofWord(settings.target())
                .orElseThrow(() -> new IllegalArgumentException("no target is called " + settings.target()));
        SourceReader imports = (importing, relative) -> {
            String path = StandardImports.resolve(importing.name(), relative);
            return settings.imports().apply(path).map(found -> new SourceFile(path, found));
        };
        Compilation compilation = new Compilation(new SourceFile(name, text), imports, CompileOptions.of(target));
        Optional<BpfObject> object = compilation.generated().map(Generated::object);
        return new ObjectCode(
                object.orElseThrow(() -> new CompileException(compilation.diagnostics())),
                compilation.diagnostics().all());
    }

    /**
     * Reads an ELF object of any compiler.
     *
     * @throws CompileException if it is none
     */
    public static ObjectCode read(byte[] elf) {
        Diagnostics diagnostics = new Diagnostics();
        return new ObjectCode(
                ElfReader.read(ByteString.copyOf(elf), Policy.LINUX, diagnostics)
                        .orElseThrow(() -> new CompileException(diagnostics)),
                diagnostics.all());
    }

    /**
     * Loads all programs of an object with standard settings.
     *
     * @throws RejectedException if one of them could not be proven safe
     * @throws LoadException if something that it needs is not there
     */
    public static Machine load(ObjectCode code) {
        return load(code, LoadSettings.standard());
    }

    /**
     * Loads all programs of an object: each is proven safe, specialized and translated.
     *
     * @throws RejectedException if one of them could not be proven safe
     * @throws LoadException if something that it needs is not there, or if a setting does not fit it
     */
    public static Machine load(ObjectCode code, LoadSettings settings) {
        return Machine.load(code.object(), settings, Options.linux(), LoadedObject::link);
    }

    /**
     * Loads one function of an object for a memory: it is called with r1 = the address of the memory and r2 = its length, which
     * the proof knows. Without memory both are 0.
     *
     * @param memory bytes, at most 131072
     * @return a machine with one program, called as the function
     * @throws IllegalArgumentException if the memory is negative or larger
     * @throws RejectedException if it could not be proven safe
     * @throws LoadException if there is no such function, or as with {@link #load(ObjectCode, LoadSettings)}
     */
    public static Machine loadFunction(ObjectCode code, String function, int memory, LoadSettings settings) {
        demandRoom(memory);
        return Machine.load(
                code.object(),
                settings,
                Options.exec(),
                (object, diagnostics) -> ProgramLoader.loadFunction(object, function, memory, diagnostics)
                        .map(List::of));
    }

    /**
     * Loads raw instructions for a memory, with standard settings.
     *
     * @param instructions eight bytes each, little endian, without an object around them
     * @param memory bytes, at most 131072: r1 is its address, r2 its length; without memory both are 0
     * @return a machine with one program, called {@code main}
     * @throws IllegalArgumentException if the memory is negative or larger
     * @throws RejectedException if it could not be proven safe
     * @throws LoadException if the bytes are no instructions, or if something that they need is not there
     */
    public static Machine loadBytecode(byte[] instructions, int memory) {
        return loadBytecode(instructions, memory, LoadSettings.standard());
    }

    /** The same with settings. */
    public static Machine loadBytecode(byte[] instructions, int memory, LoadSettings settings) {
        demandRoom(memory);
        BpfObject none = new BpfObject("", List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
        return Machine.load(
                none,
                settings,
                Options.exec(),
                (_, diagnostics) -> RawProgram.of(ByteBuffer.wrap(instructions), memory, diagnostics)
                        .map(List::of));
    }

    private static void demandRoom(int memory) {
        if (memory < 0 || memory > Workspace.CONTEXT_ROOM) {
            throw new IllegalArgumentException(
                    "a memory of " + memory + " bytes: at most " + Workspace.CONTEXT_ROOM + " can be given");
        }
    }
}
