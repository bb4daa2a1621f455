package dev.turnout.linux.report;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Diagnostics about the running kernel. Error numbers are positive here. */
public final class KernelErrors {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int E2BIG = 7;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int ENOSYS = 38;
    /** What the kernel answers where a program type has no test run. */
    public static final int ENOTSUPP = 524;

    /** What operations on maps and programs answer, by number. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(EPERM, "EPERM"),
            Map.entry(ENOENT, "ENOENT"),
            Map.entry(E2BIG, "E2BIG"),
            Map.entry(9, "EBADF"),
            Map.entry(11, "EAGAIN"),
            Map.entry(ENOMEM, "ENOMEM"),
            Map.entry(EACCES, "EACCES"),
            Map.entry(14, "EFAULT"),
            Map.entry(16, "EBUSY"),
            Map.entry(17, "EEXIST"),
            Map.entry(19, "ENODEV"),
            Map.entry(EINVAL, "EINVAL"),
            Map.entry(ENOSPC, "ENOSPC"),
            Map.entry(34, "ERANGE"),
            Map.entry(ENOSYS, "ENOSYS"),
            Map.entry(95, "EOPNOTSUPP"),
            Map.entry(ENOTSUPP, "ENOTSUPP"));

    private static final int LOG_LINES = 12;

    private KernelErrors() {}

    /** An error number with its name, if we know it. */
    public static String name(int error) {
        return NAMES.getOrDefault(error, "error " + error);
    }

    public static Diagnostic notPermitted() {
        return Diagnostic.general(DiagnosticCode.R0120, "the kernel does not permit this user to load BPF programs")
                .withHelp("run as root or with CAP_BPF and CAP_NET_ADMIN, or use `--engine interp`");
    }

    public static Diagnostic lacks(String what) {
        return Diagnostic.general(
                        DiagnosticCode.R0121,
                        "the running kernel (" + System.getProperty("os.version", "unknown") + ") has no " + what)
                .withHelp("use `--engine interp`, or build for a target that the kernel has");
    }

    public static Diagnostic map(MapDefinition definition, int error) {
        if (error == EPERM) {
            return notPermitted();
        }
        if (error == ENOSYS) {
            return lacks("bpf(2)");
        }
        if (error == EINVAL && definition.kind() == MapKind.INSN_ARRAY) {
            return lacks("instruction arrays, which jump tables need (Linux 6.19)");
        }
        return Diagnostic.general(
                DiagnosticCode.R0123,
                "the kernel refuses map `" + definition.name() + "` of kind `"
                        + definition.kind().name().toLowerCase(Locale.ROOT) + "`: " + name(error));
    }

    /** @param index of the program array {@code map} */
    public static Diagnostic entry(String map, int index, String program, int error) {
        return Diagnostic.general(
                DiagnosticCode.R0123,
                "the kernel does not take program `" + program + "` at index " + index + " of map `" + map + "`: "
                        + name(error));
    }

    public static Diagnostic program(BpfProgram program, int error, String log) {
        if (error == EPERM && log.isEmpty()) {
            return notPermitted();
        }
        Diagnostic diagnostic = Diagnostic.general(
                DiagnosticCode.R0122, "the kernel refuses program `" + program.name() + "`: " + name(error));
        List<String> lines = log.lines().filter(line -> !line.isBlank()).toList();
        List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
        return last.isEmpty() ? diagnostic : diagnostic.withNote("its last words:\n" + String.join("\n", last));
    }

    public static Diagnostic testRun(BpfProgram program, int error) {
        return Diagnostic.general(
                DiagnosticCode.R0124,
                error == ENOTSUPP
                        ? "the kernel has no test run for programs of type `"
                                + program.type().map(type -> type.word()).orElse("none") + "`"
                        : "the kernel does not run program `" + program.name() + "` on this input: " + name(error));
    }
}
