package dev.turnout.tests.golden;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The running kernel as a judge. */
final class Kernel {
    /** What code is made for there: no jump tables, which no kernel before 6.19 has. */
    static final TargetProfile TARGET = TargetProfile.LINUX_6_12;

    private Kernel() {}

    /** Why it cannot be asked; empty if it can. */
    static Optional<String> whyNot() {
        Diagnostics diagnostics = new Diagnostics();
        return KernelObject.permitted(diagnostics)
                ? Optional.empty()
                : Optional.of("the kernel does not let this user load programs: "
                        + diagnostics.all().getFirst().message());
    }

    /** What it refuses of these programs. */
    static List<String> loadFailures(List<BpfProgram> programs) {
        List<String> failures = new ArrayList<>();
        try (KernelObject kernel = new KernelObject()) {
            for (BpfProgram program : programs) {
                Diagnostics diagnostics = new Diagnostics();
                Optional<KernelProgram> loaded = kernel.load(program, diagnostics);
                if (loaded.isEmpty()) {
                    failures.add("the kernel refuses " + program.name() + ":\n"
                            + new TerminalRenderer(false).render(diagnostics));
                }
            }
        }
        return failures;
    }
}
