package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import java.util.Optional;

/** The running kernel as a judge. */
final class Kernel {
    /** What code is made for there: no jump tables, which no kernel before 6.19 has. */
    static final List<TargetProfile> TARGETS = List.of(TargetProfile.LINUX_6_1, TargetProfile.LINUX_6_12);

    private Kernel() {}

    /** Why it cannot be asked; empty if it can. */
    static Optional<String> whyNot() {
        Diagnostics diagnostics = new Diagnostics();
        return KernelObject.permitted(diagnostics)
                ? Optional.empty()
                : Optional.of("the kernel does not let this user load programs: "
                        + diagnostics.all().getFirst().message());
    }
}
