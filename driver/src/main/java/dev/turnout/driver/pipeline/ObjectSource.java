package dev.turnout.driver.pipeline;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.codegen.Generated;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.frontend.parse.SourceText;
import dev.turnout.ir.model.ByteString;
import java.util.Optional;

/**
 * A file from which an object comes: a text of ours, or any BPF object file.
 *
 * @param name of the file
 * @param text the way from the text; absent for an object file
 * @param file the object, where it need not be made of the text
 */
public record ObjectSource(String name, Optional<Compilation> text, Optional<BpfObject> file) {
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    /**
     * Opens a file by what it holds, not by its name; a name that ends in {@code .o} says object even if it is broken.
     *
     * @param policy by which the instructions of an object file are read
     * @return empty if an object file cannot be read, which was reported
     */
    public static Optional<ObjectSource> open(
            String name,
            byte[] bytes,
            SourceReader reader,
            CompileOptions options,
            Policy policy,
            Diagnostics diagnostics) {
        if (isObject(name, bytes)) {
            return ElfReader.read(ByteString.copyOf(bytes), policy, diagnostics)
                    .map(object -> new ObjectSource(name, Optional.empty(), Optional.of(object)));
        }
        Diagnostics decoding = new Diagnostics();
        SourceFile source = SourceText.decode(name, bytes, decoding);
        Compilation compilation = new Compilation(source, reader, options);
        for (Diagnostic one : decoding.all()) {
            compilation.diagnostics().report(one);
        }
        return Optional.of(new ObjectSource(name, Optional.of(compilation), Optional.empty()));
    }

    private static boolean isObject(String name, byte[] bytes) {
        if (name.endsWith(".o")) {
            return true;
        }
        for (int i = 0; i < ELF.length; i++) {
            if (bytes.length <= i || bytes[i] != ELF[i]) {
                return false;
            }
        }
        return true;
    }

    /** The object, made if need be; empty if the text is wrong, which its compilation says. */
    public Optional<BpfObject> object() {
        return file.or(() -> text.flatMap(Compilation::generated).map(Generated::object));
    }

    /** The same with another object, such as one with other values of {@code config}. */
    public ObjectSource with(BpfObject object) {
        return new ObjectSource(name, text, Optional.of(object));
    }
}
