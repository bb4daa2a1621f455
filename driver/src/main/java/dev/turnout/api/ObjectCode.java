package dev.turnout.api;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfWriter;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import java.util.List;

/** A BPF object that is not loaded yet: compiled from a text, or read from a file of any compiler. Immutable. */
public final class ObjectCode {
    private final BpfObject object;
    private final List<Diagnostic> warnings;

    ObjectCode(BpfObject object, List<Diagnostic> warnings) {
        this.object = object;
        this.warnings = List.copyOf(warnings);
    }

    BpfObject object() {
        return object;
    }

    /** What the compiler said of a text that is right: warnings. */
    public List<Diagnostic> warnings() {
        return warnings;
    }

    /** Names of the programs, in the order of the object. */
    public List<String> programs() {
        return object.programs().stream().map(ObjectFunction::name).toList();
    }

    /** The bytes of an ELF file, as {@code turnout build} writes it and, made for its target, Linux loads it. */
    public byte[] toElf() {
        return ElfWriter.write(object).toArray();
    }
}
