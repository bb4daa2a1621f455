package dev.turnout.bpf.object;

import dev.turnout.bpf.asm.Decoder;
import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfExt;
import dev.turnout.bpf.btf.BtfReader;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.DebugTypeReader;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.elf.UniqueNames;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Fault;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapField;
import dev.turnout.bpf.program.SpecialFields;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an ELF-64 object of BPF: of clang and gcc, and of {@link ElfWriter}. What a loader ignores is ignored (debugging
 * sections, relocations of data); what it refuses is reported. The file may be hostile: nothing here throws, and memory is
 * bounded by a multiple of the file's size plus {@link #MOST_ZEROS}.
 */
public final class ElfReader {
    /** Bytes of zero-filled data that a file may ask for without holding them. */
    static final long MOST_ZEROS = 64 << 20;

    private final ElfImage image;
    private final Policy policy;
    private final Diagnostics diagnostics;
    private final Map<Integer, Part> parts = new LinkedHashMap<>();
    private final UniqueNames functionNames = new UniqueNames();

    private final Map<String, Integer> functionTypes = new HashMap<>();
    private Btf btf = Btf.EMPTY;
    private BtfExt ext = BtfExt.EMPTY;
    private DebugTypeReader types = new DebugTypeReader(Btf.EMPTY);

    /** A section of code while it is read. */
    static final class Part {
        final ElfImage.Section section;
        final Code code;
        final List<ObjectFunction> functions = new ArrayList<>();
        final List<Relocation> relocations = new ArrayList<>();
        final List<ObjectBranchSite> sites = new ArrayList<>();
        Code relocated;

        final List<Fault> faults;

        Part(ElfImage.Section section, Code code, List<Fault> faults) {
            this.faults = faults;
            this.section = section;
            this.code = code;
            relocated = code;
        }

        Optional<ObjectFunction> startingAt(long slot) {
            return holding(slot).filter(function -> function.start() == slot);
        }

        Optional<ObjectFunction> holding(long slot) {
            int low = 0;
            int high = functions.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                ObjectFunction function = functions.get(middle);
                if (slot < function.start()) {
                    high = middle - 1;
                } else if (slot >= function.end()) {
                    low = middle + 1;
                } else {
                    return Optional.of(function);
                }
            }
            return Optional.empty();
        }
    }

    private ElfReader(ElfImage image, Policy policy, Diagnostics diagnostics) {
        this.image = image;
        this.policy = policy;
        this.diagnostics = diagnostics;
    }

    /**
     * Reads an object.
     *
     * @param policy what to let pass of constants in its code
     * @return nothing if a mistake was reported
     */
    public static Optional<BpfObject> read(ByteString file, Policy policy, Diagnostics diagnostics) {
        int before = diagnostics.errorCount();
        try {
            BpfObject object = new ElfReader(ElfImage.parse(file), policy, diagnostics).read();
            return diagnostics.errorCount() == before ? Optional.of(object) : Optional.empty();
        } catch (ElfImage.Broken broken) {
            diagnostics.report(broken.diagnostic());
            return Optional.empty();
        }
    }

    /** The types of an object, if it has any that can be read: for people who look at them. */
    public static Optional<Btf> readTypes(ByteString file, Diagnostics diagnostics) {
        try {
            return ElfImage.parse(file)
                    .section(".BTF")
                    .flatMap(section -> BtfReader.read(section.content(), diagnostics))
                    .map(BtfReader::btf);
        } catch (ElfImage.Broken broken) {
            diagnostics.report(broken.diagnostic());
            return Optional.empty();
        }
    }

    /**
     * The types of a kernel: what Linux shows as {@code /sys/kernel/btf/vmlinux}, or a 64-bit ELF file with a section of them.
     *
     * @return nothing if a mistake was reported
     */
    public static Optional<KernelBtf> kernelTypes(ByteString file, Diagnostics diagnostics) {
        boolean elf =
                file.size() >= 4 && file.at(0) == 0x7f && file.at(1) == 'E' && file.at(2) == 'L' && file.at(3) == 'F';
        if (!elf) {
            return KernelBtf.open(file, diagnostics);
        }
        try {
            return KernelBtf.open(ElfImage.sectionOf(file, ".BTF"), diagnostics);
        } catch (ElfImage.Broken broken) {
            diagnostics.report(broken.diagnostic());
            return Optional.empty();
        }
    }

    static ElfImage.Broken broken(DiagnosticCode code, String message) {
        return new ElfImage.Broken(code, message);
    }

    private BpfObject read() {
        readBtf();
        for (ElfImage.Section section : image.sections()) {
            if (section.isCode() && section.bytes().limit() > 0) {
                List<Fault> faults = new ArrayList<>();
                Decoder.decode(section.view(), "section `" + section.name() + "`", policy, diagnostics, faults)
                        .ifPresent(code -> parts.put(section.index(), new Part(section, code, faults)));
            }
        }
        functions();
        ExternReader externs = ExternReader.read(image, btf, types);
        List<DataSection> data = data();
        externs.configuration().ifPresent(data::add);
        List<ObjectMap> maps = new MapReader(image, btf, types, parts).read();
        TableReader tables = new TableReader(image, parts, btf, types);
        tables.readKeys();
        RelocationReader relocations = new RelocationReader(image, parts, data, maps, tables);
        relocations.read();
        tables.readBranchSites();
        List<CodeSection> sections = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Part part : parts.values()) {
            if (!names.add(part.section.name())) {
                throw broken(DiagnosticCode.O0113, "two sections of code are named `" + part.section.name() + "`");
            }
            sections.add(new CodeSection(
                    part.section.name(),
                    part.relocated,
                    part.functions,
                    part.relocations,
                    part.sites,
                    lines(part),
                    coreRelocations(part),
                    part.faults));
        }
        return new BpfObject(
                license(),
                sections,
                data,
                maps,
                tables.jumpTables(),
                tables.functionTables(),
                tables.keys(),
                externs.externs(),
                OperationReader.read(image, btf, parts),
                new ObjectTypes(btf, functionTypes));
    }

    private void readBtf() {
        Optional<ElfImage.Section> section = image.section(".BTF");
        if (section.isEmpty()) {
            return;
        }
        BtfReader.read(section.get().content(), diagnostics).ifPresent(reader -> {
            btf = reader.btf();
            types = new DebugTypeReader(btf);
            image.section(".BTF.ext")
                    .flatMap(one -> reader.ext(one.content(), diagnostics))
                    .ifPresent(read -> ext = read);
        });
    }

    private String license() {
        return image.section(Elf.LICENSE)
                .map(section -> {
                    byte[] bytes = section.content().toArray();
                    int end = 0;
                    while (end < bytes.length && end < 256 && bytes[end] != 0) {
                        end++;
                    }
                    return new String(bytes, 0, end, StandardCharsets.UTF_8);
                })
                .orElse("");
    }

    private void functions() {
        Map<Integer, List<ElfImage.Symbol>> bySection = new HashMap<>();
        for (ElfImage.Symbol symbol : image.symbols()) {
            if (symbol.type() == Elf.FUNC && parts.containsKey(symbol.section())) {
                bySection
                        .computeIfAbsent(symbol.section(), _ -> new ArrayList<>())
                        .add(symbol);
            }
        }
        for (Part part : parts.values()) {
            List<ElfImage.Symbol> symbols = bySection.getOrDefault(part.section.index(), new ArrayList<>());
            symbols.sort(Comparator.comparingLong(ElfImage.Symbol::value));
            Map<Long, Integer> ids = functionTypes(part.section.name());
            long start = -1;
            long end = 0;
            for (ElfImage.Symbol symbol : symbols) {
                // gcc folds equal functions into one under all their names; a reference finds it by its place.
                if (symbol.value() == start
                        && symbol.size() == end - start
                        && part.section.name().equals(BpfObject.TEXT)) {
                    continue;
                }
                if (symbol.name().isEmpty()) {
                    throw broken(
                            DiagnosticCode.O0115,
                            "the function at byte " + Long.toUnsignedString(symbol.value()) + " of section `"
                                    + part.section.name() + "` has no name");
                }
                checkPlace(part, symbol);
                if (symbol.value() < end) {
                    throw broken(
                            DiagnosticCode.O0115,
                            "function `" + symbol.name() + "` overlaps another at byte " + symbol.value()
                                    + " of section `" + part.section.name() + "`");
                }
                start = symbol.value();
                end = symbol.value() + symbol.size();
                part.functions.add(new ObjectFunction(
                        // Static functions of linked objects may share a name.
                        functionNames.of(symbol.name()),
                        (int) (symbol.value() / 8),
                        (int) (end / 8),
                        kind(part, symbol),
                        signature(ids.getOrDefault(symbol.value(), 0))));
                Integer type = ids.get(symbol.value());
                if (type != null) {
                    functionTypes.put(part.functions.getLast().name(), type);
                }
            }
        }
    }

    private static void checkPlace(Part part, ElfImage.Symbol symbol) {
        long size = part.section.bytes().limit();
        boolean inside = symbol.value() >= 0
                && symbol.size() > 0
                && symbol.value() <= size
                && symbol.size() <= size - symbol.value();
        boolean aligned = symbol.value() % 8 == 0 && symbol.size() % 8 == 0;
        if (inside && aligned) {
            int start = (int) (symbol.value() / 8);
            int end = (int) ((symbol.value() + symbol.size()) / 8);
            if (part.code.begins(start) && (end == part.code.size() || part.code.begins(end))) {
                return;
            }
        }
        throw broken(
                DiagnosticCode.O0115,
                "function `" + symbol.name() + "` is said to be " + Long.toUnsignedString(symbol.size())
                        + " bytes at byte " + Long.toUnsignedString(symbol.value()) + " of section `"
                        + part.section.name() + "`, which is no run of its instructions");
    }

    private static ObjectFunction.Kind kind(Part part, ElfImage.Symbol symbol) {
        boolean text = part.section.name().equals(BpfObject.TEXT);
        if (!text && symbol.isLocal()) {
            throw new ElfImage.Broken(Diagnostic.general(
                            DiagnosticCode.O0115,
                            "function `" + symbol.name() + "` in section `" + part.section.name() + "` is static")
                    .withNote("a loader takes each function outside `.text` for a program, which must be global")
                    .withHelp("leave out its section attribute, so that it goes to `.text`"));
        }
        if (!text) {
            return ObjectFunction.Kind.PROGRAM;
        }
        boolean hidden = symbol.visibility() == Elf.HIDDEN || symbol.visibility() == Elf.INTERNAL;
        return symbol.isLocal() || hidden ? ObjectFunction.Kind.STATIC : ObjectFunction.Kind.GLOBAL;
    }

    private Map<Long, Integer> functionTypes(String section) {
        Map<Long, Integer> ids = new HashMap<>();
        for (BtfExt.FunctionInfo info : ext.functions().getOrDefault(section, List.of())) {
            if (btf.find(info.type()).orElse(null) instanceof BtfType.Function) {
                ids.put(info.offset(), info.type());
            }
        }
        return ids;
    }

    private DebugType signature(int type) {
        return types.type(type) instanceof DebugType.Function signature ? signature : new DebugType.Void();
    }

    private List<DataSection> data() {
        List<DataSection> sections = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Map<Integer, List<ElfImage.Symbol>> symbols = new HashMap<>();
        for (ElfImage.Symbol symbol : image.symbols()) {
            if (symbol.type() == Elf.OBJECT) {
                symbols.computeIfAbsent(symbol.section(), _ -> new ArrayList<>())
                        .add(symbol);
            }
        }
        Map<String, BtfType.DataSection> described = new HashMap<>();
        for (BtfType type : btf.types()) {
            if (type instanceof BtfType.DataSection one) {
                described.putIfAbsent(one.name(), one);
            }
        }
        long zeros = 0;
        for (ElfImage.Section section : image.sections()) {
            DataSection probe = new DataSection(section.name(), ByteString.EMPTY, 1, List.of());
            boolean stored = section.type() == Elf.PROGBITS;
            boolean isData = probe.frozen() || probe.zeroFilled() || probe.variable();
            boolean held = stored || section.type() == Elf.NOBITS;
            // gcc writes `.data` and `.bss` even where they are empty; no map has a value of no bytes.
            if (!isData || (section.flags() & Elf.ALLOC) == 0 || !held || section.size() == 0) {
                continue;
            }
            if (!names.add(section.name())) {
                throw broken(DiagnosticCode.O0113, "two sections of data are named `" + section.name() + "`");
            }
            ByteString bytes = section.content();
            if (!stored) {
                zeros += section.size();
                if (section.size() < 0 || zeros < 0 || zeros > MOST_ZEROS) {
                    throw broken(
                            DiagnosticCode.O0112,
                            "section `" + section.name() + "` asks for "
                                    + Long.toUnsignedString(section.size()) + " bytes of zeros, " + MOST_ZEROS
                                    + " are allowed");
                }
                bytes = ByteString.zeros((int) section.size());
            }
            int align = Math.clamp(section.align(), 1, 4096);
            List<DataSection.Variable> variables = variables(
                    symbols.getOrDefault(section.index(), List.of()),
                    bytes.size(),
                    described.getOrDefault(section.name(), new BtfType.DataSection("", 0, List.of())));
            List<MapField> fields = fields(probe, variables, bytes.size());
            sections.add(new DataSection(section.name(), bytes, align, variables, fields));
        }
        return sections;
    }

    private List<MapField> fields(DataSection section, List<DataSection.Variable> variables, int size) {
        Map<String, Integer> places = new HashMap<>();
        variables.forEach(variable -> places.put(variable.name(), variable.offset()));
        return section.readOnly() ? List.of() : SpecialFields.ofSection(btf, section.name(), places, size);
    }

    private List<DataSection.Variable> variables(
            List<ElfImage.Symbol> symbols, int size, BtfType.DataSection described) {
        Map<String, Integer> ids = new HashMap<>();
        for (BtfType.Placement placement : described.variables()) {
            btf.find(placement.variable()).ifPresent(variable -> ids.put(variable.name(), placement.variable()));
        }
        List<DataSection.Variable> variables = new ArrayList<>();
        for (ElfImage.Symbol symbol : symbols) {
            boolean fits = symbol.value() >= 0
                    && symbol.size() > 0
                    && symbol.value() <= size
                    && symbol.size() <= size - symbol.value();
            if (!fits) {
                continue;
            }
            DebugType type = types.type(ids.getOrDefault(symbol.name(), 0));
            variables.add(new DataSection.Variable(
                    symbol.name(),
                    (int) symbol.value(),
                    (int) symbol.size(),
                    type.size() == symbol.size() ? type : new DebugType.Void(),
                    !symbol.isLocal()));
        }
        variables.sort(Comparator.comparingInt(DataSection.Variable::offset));
        return variables;
    }

    /** Lines at instructions, in order; what stands elsewhere helps nobody and hurts nobody. */
    private List<LineInfo> lines(Part part) {
        List<BtfExt.LineInfo> infos = new ArrayList<>(ext.lines().getOrDefault(part.section.name(), List.of()));
        infos.sort(Comparator.comparingLong(BtfExt.LineInfo::offset));
        List<LineInfo> lines = new ArrayList<>(infos.size());
        long last = -1;
        for (BtfExt.LineInfo info : infos) {
            if (info.offset() > last && info.offset() % 8 == 0 && begins(part, info.offset() / 8)) {
                last = info.offset();
                lines.add(new LineInfo((int) (last / 8), info.file(), info.line(), info.column(), info.text()));
            }
        }
        return lines;
    }

    private List<CoreRelocation> coreRelocations(Part part) {
        List<CoreRelocation> found = new ArrayList<>();
        for (BtfExt.CoreRelocation info : ext.relocations().getOrDefault(part.section.name(), List.of())) {
            if (info.offset() % 8 == 0 && begins(part, info.offset() / 8)) {
                found.add(new CoreRelocation((int) (info.offset() / 8), info.type(), info.access(), info.kind()));
            }
        }
        found.sort(Comparator.comparingInt(CoreRelocation::slot));
        return found;
    }

    private static boolean begins(Part part, long slot) {
        return slot < part.code.size() && part.code.begins((int) slot);
    }
}
