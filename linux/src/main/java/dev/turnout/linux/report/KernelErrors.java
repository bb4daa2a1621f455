package dev.turnout.linux.report;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.linux.feature.Lack;
import dev.turnout.linux.feature.RunningKernel;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
            Map.entry(3, "ESRCH"),
            Map.entry(E2BIG, "E2BIG"),
            Map.entry(9, "EBADF"),
            Map.entry(11, "EAGAIN"),
            Map.entry(ENOMEM, "ENOMEM"),
            Map.entry(EACCES, "EACCES"),
            Map.entry(14, "EFAULT"),
            Map.entry(16, "EBUSY"),
            Map.entry(17, "EEXIST"),
            Map.entry(19, "ENODEV"),
            Map.entry(20, "ENOTDIR"),
            Map.entry(EINVAL, "EINVAL"),
            Map.entry(24, "EMFILE"),
            Map.entry(ENOSPC, "ENOSPC"),
            Map.entry(34, "ERANGE"),
            Map.entry(36, "ENAMETOOLONG"),
            Map.entry(ENOSYS, "ENOSYS"),
            Map.entry(95, "EOPNOTSUPP"),
            Map.entry(ENOTSUPP, "ENOTSUPP"));

    private KernelErrors() {}

    /** An error number with its name, if we know it. */
    public static String name(int error) {
        return NAMES.getOrDefault(error, "error " + error);
    }

    /** @param type of the program that was to be loaded; empty if it was a map, or anything */
    public static Diagnostic notPermitted(Optional<ProgramType> type) {
        return Diagnostic.general(
                        DiagnosticCode.R0120,
                        "the kernel does not permit this user to load "
                                + type.map(one -> "`" + one.word() + "` programs")
                                        .orElse("BPF programs") + ": "
                                + Rights.mine().reason(type))
                .withHelp("run as root (`sudo`), or on Turnout's own machine: `--engine interp` needs no rights");
    }

    /** Whether a diagnostic says that this user may not do what was tried. */
    public static boolean isOfRights(Diagnostic diagnostic) {
        return diagnostic.code() == DiagnosticCode.R0120;
    }

    /** What no kernel has, or this one has not. */
    public static Diagnostic lacks(String what) {
        return lacks(new Lack(what, Optional.empty()));
    }

    /** What the kernel lacks, since when there is such a thing, and what it would take instead. */
    public static Diagnostic lacks(Lack lack) {
        Diagnostic diagnostic = Diagnostic.general(
                DiagnosticCode.R0121,
                "the running kernel (" + RunningKernel.here().release() + ") has no " + lack.what()
                        + lack.since()
                                .map(since -> ": that came with Linux " + since)
                                .orElse(""));
        return diagnostic.withHelp(RunningKernel.target()
                .map(target -> "it takes what is built with `--target " + target.word()
                        + "`; `--engine interp` runs everything else")
                .orElse("`--engine interp` runs it on Turnout's own machine"));
    }

    /** A map that was not made. */
    public static Diagnostic map(MapDefinition definition, int error) {
        RunningKernel kernel = RunningKernel.here();
        boolean locked = kernel.olderThan(5, 11)
                && Rights.mine().missing(Optional.empty()).isEmpty();
        if (error == EPERM && !locked) {
            return notPermitted(Optional.empty());
        }
        if (error == ENOSYS) {
            return lacks("bpf(2)");
        }
        if (definition.kind() == MapKind.INSN_ARRAY && !kernel.has(MapKind.INSN_ARRAY)) {
            return lacks(new Lack("instruction arrays, which jump tables need", Optional.of("6.19")));
        }
        if (!kernel.has(definition.kind())) {
            return lacks("maps of kind `" + definition.kind().word() + "`");
        }
        if (error == ENOMEM || error == EPERM) {
            return Diagnostic.general(
                            DiagnosticCode.R0125,
                            "the kernel has no memory for map `" + definition.name() + "`: " + bytes(definition))
                    .withHelp("make its `max_entries` smaller, or raise the limit that this process runs under"
                            + (kernel.olderThan(5, 11)
                                    ? ": `ulimit -l unlimited`"
                                    : ": `memory.max` of its control group"));
        }
        Diagnostic refused = Diagnostic.general(
                        DiagnosticCode.R0123,
                        "the kernel refuses map `" + definition.name() + "` of kind `"
                                + definition.kind().word() + "`: " + name(error))
                .withNote("it was to have " + MapShape.of(definition).words());
        return error == E2BIG
                ? refused.withHelp("E2BIG means that keys, values or entries are more than the kind takes")
                : refused;
    }

    private static String bytes(MapDefinition definition) {
        long entry = (definition.keySize() + 7 & -8) + (definition.valueSize() + 7L & -8);
        return String.format(Locale.ROOT, "%,d bytes and more", entry * definition.maxEntries());
    }

    /** @param index of the program array {@code map} */
    public static Diagnostic entry(String map, int index, String program, int error) {
        return Diagnostic.general(
                DiagnosticCode.R0123,
                "the kernel does not take program `" + program + "` at index " + index + " of map `" + map + "`: "
                        + name(error));
    }

    /** A program that was not loaded: what the kernel lacks for it, or else what the kernel says of it. */
    public static Diagnostic program(BpfProgram program, int error, String log) {
        if (error == EPERM && log.isBlank()) {
            return notPermitted(program.type());
        }
        Optional<Lack> lack = Lack.of(program);
        if (lack.isPresent()) {
            return lacks(lack.get());
        }
        Complaint complaint = Complaint.of(program, log);
        if (error == ENOMEM && !complaint.effort()) {
            return Diagnostic.general(
                    DiagnosticCode.R0125,
                    "the kernel has no memory to load program `" + program.name() + "` of "
                            + program.code().size() + " instructions");
        }
        Diagnostic diagnostic = Diagnostic.general(
                DiagnosticCode.R0122,
                "the kernel refuses program `" + program.name() + "`: " + name(error)
                        + (complaint.message().isEmpty() ? "" : ": " + complaint.message()));
        if (complaint.slot().isPresent()) {
            diagnostic = diagnostic.withNote(place(program, complaint.slot().getAsInt()));
        }
        if (!complaint.last().isEmpty()) {
            diagnostic = diagnostic.withNote("its last words:\n" + String.join("\n", complaint.last()));
        }
        return complaint.effort()
                ? diagnostic.withHelp("it found nothing wrong and gave up: too many ways, or too long a program;"
                        + " `./turnout explain R0122` says what makes them fewer")
                : diagnostic;
    }

    /** Where an instruction stands, in words. */
    private static String place(BpfProgram program, int slot) {
        Optional<LineInfo> line = slot < program.code().size() ? program.lineAt(slot) : Optional.empty();
        return "at instruction " + slot
                + line.map(one -> ", line " + one.line() + " of " + one.file()
                                + (one.text().isBlank()
                                        ? ""
                                        : ": `" + one.text().strip() + "`"))
                        .orElse("");
    }

    /** A program that the kernel loaded and does not run on an input. */
    public static Diagnostic testRun(BpfProgram program, int error) {
        return Diagnostic.general(
                DiagnosticCode.R0124,
                error == ENOTSUPP
                        ? "the kernel has no test run for programs of type `"
                                + program.type().map(ProgramType::word).orElse("none") + "`"
                        : "the kernel does not run program `" + program.name() + "` on this input: " + name(error));
    }

    /** A map that was made earlier, by somebody else, and is not like the one that a program declares. */
    public static Diagnostic otherShape(MapDefinition declared, String place, MapShape there) {
        return Diagnostic.general(
                        DiagnosticCode.R0126,
                        "`" + place + "` is pinned already and is not like map `" + declared.name()
                                + "` of the program")
                .withNote("there: " + there.words())
                .withNote("here: " + MapShape.of(declared).words())
                .withHelp("remove the pin if nobody uses it any more (`rm " + place
                        + "`), or give the program's map another name or the same shape");
    }

    /** Something that is pinned by the name of a map, and is none that can be had. */
    public static Diagnostic noMap(MapDefinition declared, String place, int error) {
        return Diagnostic.general(
                        DiagnosticCode.R0126,
                        "`" + place + "`, by whose name map `" + declared.name()
                                + "` is pinned, is no map that can be had: " + name(error))
                .withHelp("remove what is there, or give the program's map another name");
    }

    /** Types that a program brings along and the kernel does not read; it is loaded without. */
    public static Diagnostic types(BpfProgram program, int error) {
        return Diagnostic.general(
                DiagnosticCode.R0127,
                "the kernel does not read the types of program `" + program.name() + "` (" + name(error)
                        + "): it is loaded without, and the kernel's log has no source lines");
    }
}
