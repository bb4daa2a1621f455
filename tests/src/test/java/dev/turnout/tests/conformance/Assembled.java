package dev.turnout.tests.conformance;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.exec.RawProgram;

/** Code of a case, by the way that {@code exec} goes: from bytes. */
final class Assembled {
    private Assembled() {}

    static BpfProgram program(ConformanceCase one) {
        Diagnostics diagnostics = new Diagnostics();
        Code code = InsnParser.parse(new SourceFile(one.name(), one.asm()), diagnostics)
                .orElseThrow(() -> new AssertionError(one.name() + ": " + diagnostics.all()));
        return RawProgram.of(Encoder.encode(code).asBuffer(), one.memoryBytes(), diagnostics)
                .orElseThrow(() -> new AssertionError(one.name() + ": " + diagnostics.all()));
    }
}
