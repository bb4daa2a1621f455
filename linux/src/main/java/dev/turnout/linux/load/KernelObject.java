package dev.turnout.linux.load;

import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.link.JoinedTables;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.DebugType;
import dev.turnout.linux.feature.RunningTypes;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The programs of an object in the running kernel, and the maps that they share by name. For one thread. */
public final class KernelObject implements AutoCloseable {
    private final Map<String, KernelMap> maps = new LinkedHashMap<>();
    private final List<KernelMap> allMaps = new ArrayList<>();
    private final List<KernelProgram> programs = new ArrayList<>();
    private final List<Descriptor> types = new ArrayList<>();
    private PinnedMaps pins = PinnedMaps.NONE;

    /** Whether this user may load programs here; reports if not. Makes a map of four bytes to find out. */
    public static boolean permitted(Diagnostics diagnostics) {
        MapDefinition tiny = new MapDefinition(
                "turnout_probe",
                MapKind.ARRAY,
                4,
                4,
                1,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty());
        return switch (KernelMap.create(tiny)) {
            case KernelMap.Made.Created(KernelMap map) -> {
                map.close();
                yield true;
            }
            case KernelMap.Made.Refused(int error) -> {
                diagnostics.report(KernelErrors.map(tiny, error));
                yield false;
            }
        };
    }

    /** Maps and data sections by name; jump tables are not among them. */
    public Map<String, KernelMap> maps() {
        return Collections.unmodifiableMap(maps);
    }

    /** Where the instructions of jump tables are by now, by the table's map, of all programs that were loaded. */
    public Map<String, List<InstructionEntry>> instructions() {
        Map<String, List<InstructionEntry>> tables = new LinkedHashMap<>();
        for (KernelMap map : allMaps) {
            if (map.definition().kind() == MapKind.INSN_ARRAY) {
                tables.put(map.definition().name(), map.instructions());
            }
        }
        return tables;
    }

    /** The map of this name; reports if there is none. */
    public Optional<KernelMap> map(String name, Diagnostics diagnostics) {
        KernelMap map = maps.get(name);
        if (map == null) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.R0109, "the program uses no map `" + name + "`")
                    .withNote(
                            maps.isEmpty()
                                    ? "it uses no map at all"
                                    : "its maps are `" + String.join("`, `", maps.keySet()) + "`"));
        }
        return Optional.ofNullable(map);
    }

    /**
     * From now on takes those maps that are declared to be pinned by name from a folder, where they are: a program then works on the maps that
     * other programs use.
     *
     * @param declared all maps of the object
     */
    public void usePinned(List<ObjectMap> declared, Path folder) {
        pins = new PinnedMaps(
                folder,
                declared.stream().filter(ObjectMap::pinned).map(ObjectMap::name).collect(Collectors.toSet()));
    }

    /** Loads a program; reports if the kernel refuses it. */
    public Optional<KernelProgram> load(BpfProgram program, Diagnostics diagnostics) {
        Optional<KernelVerdict> verdict = judge(program, diagnostics);
        if (verdict.isEmpty()) {
            return Optional.empty();
        }
        return switch (verdict.get()) {
            case KernelVerdict.Accepted(KernelProgram loaded) -> Optional.of(loaded);
            case KernelVerdict.Refused(int error, String log) -> {
                diagnostics.report(KernelErrors.program(program, error, log));
                yield Optional.empty();
            }
        };
    }

    /**
     * The kernel's verdict on a program.
     *
     * @return empty if it cannot even be asked (no permission, a map refused, an instruction that no kernel has), which was
     *     reported
     */
    public Optional<KernelVerdict> judge(BpfProgram given, Diagnostics diagnostics) {
        BpfProgram program = fit(JoinedTables.of(given));
        Optional<String> missing = missing(program);
        if (missing.isPresent()) {
            diagnostics.report(KernelErrors.lacks(missing.get()));
            return Optional.empty();
        }
        if (program.type().isEmpty()) {
            diagnostics.report(Diagnostic.general(
                    DiagnosticCode.R0112, "the kernel runs no program that is given raw memory instead of a context"));
            return Optional.empty();
        }
        List<KernelMap> bound = new ArrayList<>();
        for (MapDefinition definition : program.maps()) {
            Optional<KernelMap> map = bind(definition, diagnostics);
            if (map.isEmpty()) {
                return Optional.empty();
            }
            bound.add(map.get());
        }
        KernelVerdict verdict = load(program, program.type().get(), bound, diagnostics);
        if (verdict instanceof KernelVerdict.Refused(int error, String log)
                && error == KernelErrors.EPERM
                && log.isEmpty()) {
            diagnostics.report(KernelErrors.notPermitted(program.type()));
            return Optional.empty();
        }
        return Optional.of(verdict);
    }

    /**
     * Puts loaded programs where an object's tables want them.
     *
     * @param tables program arrays with rows; those that no loaded program uses are passed over
     * @return false if something was refused, which was reported
     */
    public boolean fill(List<ObjectMap> tables, Diagnostics diagnostics) {
        for (ObjectMap table : tables) {
            KernelMap map = maps.get(table.name());
            if (map == null) {
                continue;
            }
            for (ObjectMap.Row row : table.rows()) {
                KernelProgram program = program(row.symbol())
                        .orElseThrow(() -> new IllegalStateException(row.symbol() + " is not loaded"));
                int result = map.put(row.index(), program);
                if (result != 0) {
                    diagnostics.report(KernelErrors.entry(table.name(), row.index(), row.symbol(), -result));
                    return false;
                }
            }
        }
        return true;
    }

    /** A program that was loaded, by its name. */
    public Optional<KernelProgram> program(String name) {
        return programs.stream()
                .filter(one -> one.program().name().equals(name))
                .findFirst();
    }

    /** Makes a map that no program names, for a map of maps; reports if it is refused. */
    public Optional<KernelMap> unnamed(MapDefinition definition, Diagnostics diagnostics) {
        return switch (KernelMap.create(definition)) {
            case KernelMap.Made.Created(KernelMap map) -> {
                allMaps.add(map);
                yield Optional.of(map);
            }
            case KernelMap.Made.Refused(int error) -> {
                diagnostics.report(KernelErrors.map(definition, error));
                yield Optional.empty();
            }
        };
    }

    /**
     * Puts maps into maps of maps where an object wants them; those that are named nowhere else are made for it.
     *
     * @param declared all maps of the object
     * @return false if something was refused, which was reported
     */
    public boolean nest(List<ObjectMap> declared, Diagnostics diagnostics) {
        for (ObjectMap outer : declared) {
            KernelMap map = maps.get(outer.name());
            if (map == null || outer.kind().valueKind() != MapKind.Values.MAP) {
                continue;
            }
            for (ObjectMap.Row row : outer.rows()) {
                Optional<KernelMap> inner = declared.stream()
                        .filter(one -> one.name().equals(row.symbol()))
                        .findFirst()
                        .flatMap(one -> bind(one.definition(), diagnostics));
                if (inner.isEmpty()) {
                    return false;
                }
                int result = map.put(KernelMap.index(row.index()), inner.get(), 0);
                if (result != 0) {
                    diagnostics.report(KernelErrors.entry(outer.name(), row.index(), row.symbol(), -result));
                    return false;
                }
            }
        }
        return true;
    }

    /** What the kernel's tables hold now: for each program array, names of loaded programs by index. */
    public Map<String, Map<Integer, String>> tables() {
        Map<String, Map<Integer, String>> all = new LinkedHashMap<>();
        maps.forEach((name, map) -> {
            if (map.definition().kind() != MapKind.PROG_ARRAY) {
                return;
            }
            Map<Integer, String> held = new TreeMap<>();
            for (KernelEntry entry : map.entries()) {
                int id = entry.values().getFirst().asBuffer().getInt(0);
                programs.stream()
                        .filter(program -> program.id() == id)
                        .findFirst()
                        .ifPresent(program -> held.put(
                                entry.key().asBuffer().getInt(0),
                                program.program().name()));
            }
            all.put(name, held);
        });
        return all;
    }

    /** With the running kernel's numbers in the instructions that depend on its types; unchanged if none does. */
    private static BpfProgram fit(BpfProgram program) {
        return program.surroundings().relocations().isEmpty() ? program : KernelFit.fit(program, RunningTypes.all());
    }

    /** What no kernel has. */
    private static Optional<String> missing(BpfProgram program) {
        for (Insn insn : program.code().insns()) {
            if (insn instanceof Insn.StaticJump) {
                return Optional.of("static branches");
            }
            if (insn instanceof Insn.CallIndirect) {
                return Optional.of("indirect calls (callx)");
            }
        }
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Functions) {
                return Optional.of("function tables");
            }
        }
        return Optional.empty();
    }

    private Optional<KernelMap> bind(MapDefinition definition, Diagnostics diagnostics) {
        boolean shared = definition.kind() != MapKind.INSN_ARRAY;
        KernelMap known = shared ? maps.get(definition.name()) : null;
        if (known != null) {
            if (known.definition().equals(definition)) {
                return Optional.of(known);
            }
            diagnostics.report(Diagnostic.general(
                    DiagnosticCode.R0111,
                    "two programs define map `" + definition.name() + "` differently, so they cannot share it"));
            return Optional.empty();
        }
        Optional<KernelMap> made = switch (pins.find(definition, diagnostics)) {
            case PinnedMaps.Found.There(KernelMap map) -> {
                allMaps.add(map);
                yield Optional.of(map);
            }
            case PinnedMaps.Found.Nothing _ -> unnamed(definition, diagnostics);
            case PinnedMaps.Found.Unusable _ -> Optional.empty();
        };
        if (shared) {
            made.ifPresent(map -> maps.put(definition.name(), map));
        }
        return made;
    }

    private KernelVerdict load(BpfProgram program, ProgramType type, List<KernelMap> bound, Diagnostics diagnostics) {
        ProgramTypes described = ProgramTypes.of(program);
        int typesDescriptor = loadTypes(described);
        if (typesDescriptor < 0 && typesDescriptor != -KernelErrors.EPERM) {
            diagnostics.report(KernelErrors.types(program, -typesDescriptor));
        }
        ProgramLoad.Loaded loaded = new ProgramLoad(program, type, bound, described, typesDescriptor).carryOut();
        if (loaded.result() < 0) {
            return new KernelVerdict.Refused(-loaded.result(), loaded.log());
        }
        KernelProgram held = new KernelProgram(program, new Descriptor(loaded.result()));
        programs.add(held);
        return new KernelVerdict.Accepted(held);
    }

    /** A descriptor, or a negative number: a kernel that does not take the types may take the program without. */
    private int loadTypes(ProgramTypes made) {
        try (Arena arena = Arena.ofConfined()) {
            int result = Bpf.call(
                    Command.BTF_LOAD,
                    new Attributes(arena)
                            .bytes(0, made.types())
                            .word(16, made.types().size()));
            if (result >= 0) {
                types.add(new Descriptor(result));
            }
            return result;
        }
    }

    /** Closes programs and maps; the kernel frees them. */
    @Override
    public void close() {
        programs.forEach(KernelProgram::close);
        allMaps.forEach(KernelMap::close);
        types.forEach(Descriptor::close);
        programs.clear();
        allMaps.clear();
        types.clear();
        maps.clear();
    }
}
