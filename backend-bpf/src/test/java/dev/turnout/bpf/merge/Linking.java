package dev.turnout.bpf.merge;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.codegen.CodeGenerator;
import dev.turnout.bpf.codegen.Options;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.object.ElfWriter;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.text.IrParser;
import dev.turnout.stdlib.target.TargetProfile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Objects to link: those that clang made of the C files of {@code resources/merge} and {@code resources/objects}, and our own. */
final class Linking {
    static final List<String> OF_CLANG = List.of(
            "merge/front",
            "merge/back",
            "merge/wrong",
            "objects/callbacks",
            "objects/counters",
            "objects/dispatch",
            "objects/fields",
            "objects/fit",
            "objects/plain",
            "objects/programs",
            "objects/surroundings");

    private Linking() {}

    /** What came of linking, and what was said. */
    record Linked(ObjectLinker.Result result, List<Diagnostic> said) {
        ByteString file() {
            return result.object().orElseThrow(() -> new AssertionError(said.toString()));
        }

        BpfObject read() {
            return Linking.read(file());
        }

        List<DiagnosticCode> codes() {
            return said.stream().map(Diagnostic::code).toList();
        }
    }

    static ObjectLinker.Input clang(String name) {
        try (InputStream in = Linking.class.getResourceAsStream("/" + name + ".o")) {
            if (in == null) {
                throw new IllegalArgumentException("no object " + name);
            }
            return new ObjectLinker.Input(
                    name.substring(name.indexOf('/') + 1) + ".o", ByteString.copyOf(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of ours, of the text of a module. */
    static ObjectLinker.Input module(String name, TargetProfile target, String module) {
        Diagnostics diagnostics = new Diagnostics();
        BpfObject object = CodeGenerator.generate(IrParser.read(module), target, Options.DEFAULT, diagnostics);
        if (!diagnostics.all().isEmpty()) {
            throw new AssertionError(diagnostics.all().toString());
        }
        return new ObjectLinker.Input(name, ElfWriter.write(object));
    }

    static Linked link(List<ObjectLinker.Input> inputs) {
        Diagnostics diagnostics = new Diagnostics();
        ObjectLinker.Result result = ObjectLinker.link(inputs, diagnostics);
        return new Linked(result, new ArrayList<>(diagnostics.all()));
    }

    static Linked link(ObjectLinker.Input... inputs) {
        return link(List.of(inputs));
    }

    static BpfObject read(ByteString file) {
        Diagnostics diagnostics = new Diagnostics();
        return ElfReader.read(file, Policy.LINUX, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
    }
}
