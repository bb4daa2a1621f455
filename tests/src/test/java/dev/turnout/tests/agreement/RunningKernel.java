package dev.turnout.tests.agreement;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelVerdict;

/** The kernel of this machine, asked about one program at a time. */
final class RunningKernel {
    /** Lines of a log that are kept: those that end it say why. */
    private static final int LINES = 2;

    private RunningKernel() {}

    static LinuxVerdict judge(BpfProgram program) {
        Diagnostics diagnostics = new Diagnostics();
        try (KernelObject object = new KernelObject()) {
            return object.judge(program, diagnostics)
                    .map(verdict -> (LinuxVerdict)
                            switch (verdict) {
                                case KernelVerdict.Accepted _ -> new LinuxVerdict.Accepted();
                                case KernelVerdict.Refused(int _, String log) ->
                                    log.isBlank()
                                            ? new LinuxVerdict.NotAsked("refused before the verifier")
                                            : new LinuxVerdict.Rejected(end(log));
                            })
                    .orElseGet(() -> new LinuxVerdict.NotAsked(
                            diagnostics.all().getFirst().code().name()));
        }
    }

    private static String end(String log) {
        var lines = log.lines()
                .filter(line ->
                        !line.isBlank() && !line.startsWith("processed ") && !line.startsWith("verification time"))
                .filter(line -> !line.startsWith("stack depth"))
                .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
