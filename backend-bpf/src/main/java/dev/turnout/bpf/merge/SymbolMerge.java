package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfFile;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.elf.UniqueNames;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Resolves names. Static symbols stay as many as they are. A global name has one definition: the one that is not weak, else the first
 * weak one; whatever else is called so must agree with it in type. Two definitions that are not weak are a mistake, but for what a name
 * alone identifies: a {@linkplain SharedKeys key}, and a map that is pinned by its name. Jump tables and function tables
 * have global symbols only because libbpf wants them; they belong to one function, and get names of their own.
 */
final class SymbolMerge {
    private static final int NONE = -1;

    private final SectionMerge sections;
    private final Diagnostics diagnostics;
    private final List<ElfFile.Symbol> locals = new ArrayList<>();
    private final List<ElfFile.Symbol> globals = new ArrayList<>();
    private final Map<String, GlobalName> names = new LinkedHashMap<>();
    private final List<int[]> indices = new ArrayList<>();
    /** By input, section and place. */
    private final Map<List<Integer>, NavigableMap<Long, Lost>> lost = new HashMap<>();

    private final List<SameType> sameTypes = new ArrayList<>();
    private final List<TypeMerge.TypeUse> leftTypes = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /**
     * A definition that another one stands for.
     *
     * @param from bytes from the start of the input's section
     * @param winner the index of the output's symbol
     */
    record Lost(long from, long size, int winner) {}

    /** The type of this id of one input is said elsewhere. */
    record SameType(LinkInput input, int id, LinkInput standard, int standardId) {}

    private SymbolMerge(SectionMerge sections, Diagnostics diagnostics) {
        this.sections = sections;
        this.diagnostics = diagnostics;
    }

    /** Mistakes are reported; what is returned then is of no use. */
    static SymbolMerge of(List<LinkInput> inputs, SectionMerge sections, Diagnostics diagnostics) {
        SymbolMerge merge = new SymbolMerge(sections, diagnostics);
        for (LinkInput input : inputs) {
            int[] ofInput = new int[Math.max(1, input.image().symbols().size())];
            merge.indices.add(ofInput);
            for (ElfImage.Symbol symbol :
                    input.image().symbols().stream().skip(1).toList()) {
                ofInput[symbol.index()] = merge.local(input, symbol);
            }
        }
        // Local symbols come first in a file, so the numbers of the others are known only now.
        int before = diagnostics.errorCount();
        for (GlobalName name : merge.names.values()) {
            merge.resolve(name);
            SharedKeys.mixed(name, merge.names).ifPresent(diagnostics::report);
        }
        merge.tables(inputs);
        if (diagnostics.errorCount() == before) {
            merge.names.values().forEach(merge::sayIfUnresolved);
        }
        return merge;
    }

    /** The symbol's index in the output if it is local; a global one is noted. */
    private int local(LinkInput input, ElfImage.Symbol symbol) {
        if (symbol.section() == 0) {
            if (!symbol.isLocal() && !symbol.name().isEmpty()) {
                note(input, symbol);
            }
            return symbol.isLocal() ? 0 : NONE;
        }
        if (symbol.section() == Elf.ABSOLUTE && symbol.isLocal()) {
            return add(locals, symbol, symbol.name(), symbol.section(), symbol.value());
        }
        if (input.section(symbol).isEmpty()) {
            throw input.broken(
                    DiagnosticCode.O0113,
                    "the symbol `" + symbol.name() + "` is in section " + symbol.section() + " of "
                            + input.image().sections().size());
        }
        Optional<SectionMerge.Place> place = sections.place(input, symbol.section());
        if (place.isPresent() && place.get().left() && input.declaration(symbol) != 0) {
            leftTypes.add(new TypeMerge.TypeUse(input, input.declaration(symbol)));
        }
        if (place.isEmpty() || place.get().left()) {
            return NONE;
        }
        SectionMerge.Output to = place.get().to();
        if (symbol.type() == Elf.SECTION) {
            return numbers.computeIfAbsent("section " + to.name, _ -> add(locals, symbol, "", to.index, 0));
        }
        if (!place.get().holds(symbol.value(), symbol.size())) {
            throw input.broken(
                    DiagnosticCode.O0113,
                    "the symbol `" + symbol.name() + "` is said to be " + Long.toUnsignedString(symbol.size())
                            + " bytes at byte " + Long.toUnsignedString(symbol.value()) + " of section `" + to.name
                            + "`, which has " + place.get().from().size());
        }
        if (symbol.isLocal()) {
            return add(locals, symbol, symbol.name(), to.index, place.get().base() + symbol.value());
        }
        if (!isOwnTable(to.name)) {
            note(input, symbol);
        }
        return NONE;
    }

    private static boolean isOwnTable(String section) {
        return section.equals(Elf.JUMP_TABLES) || section.equals(Elf.FUNCTION_TABLES);
    }

    private void note(LinkInput input, ElfImage.Symbol symbol) {
        names.computeIfAbsent(symbol.name(), GlobalName::new).add(new GlobalName.Occurrence(input, symbol));
    }

    private static int add(List<ElfFile.Symbol> to, ElfImage.Symbol symbol, String name, int section, long value) {
        to.add(new ElfFile.Symbol(
                name, symbol.binding(), symbol.type(), symbol.visibility(), section, value, symbol.size()));
        return to.size();
    }

    private void resolve(GlobalName name) {
        GlobalName.Occurrence standard = name.standard();
        boolean isDefined = standard.isDefinition();
        int section = 0;
        long value = 0;
        if (isDefined) {
            SectionMerge.Place place = place(standard);
            section = place.to().index;
            value = place.base() + standard.symbol().value();
        }
        globals.add(new ElfFile.Symbol(
                name.name(),
                name.binding(),
                standard.symbol().type(),
                name.visibility(),
                section,
                value,
                isDefined ? standard.symbol().size() : 0));
        int index = locals.size() + globals.size();
        for (GlobalName.Occurrence one : name.all()) {
            indices.get(one.input().number())[one.symbol().index()] = index;
            if (!one.equals(standard)) {
                join(name, one, standard, index);
            }
        }
    }

    private void join(GlobalName name, GlobalName.Occurrence one, GlobalName.Occurrence standard, int index) {
        if (one.isDefinition()) {
            ElfImage.Symbol symbol = one.symbol();
            lost.computeIfAbsent(List.of(one.input().number(), symbol.section()), _ -> new TreeMap<>())
                    .put(symbol.value(), new Lost(symbol.value(), symbol.size(), index));
        }
        Optional<Diagnostic> mistake = Agreement.mistake(name.name(), one, standard);
        mistake.ifPresent(diagnostics::report);
        if (mistake.isEmpty() && one.type() != 0 && standard.type() != 0) {
            sameTypes.add(new SameType(one.input(), one.type(), standard.input(), standard.type()));
        }
    }

    private void sayIfUnresolved(GlobalName name) {
        GlobalName.Occurrence standard = name.standard();
        if (!standard.isDefinition() && standard.home().isEmpty() && name.binding() != Elf.WEAK) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.O0145,
                            "nobody defines `" + name.name() + "`, which `"
                                    + standard.input().name() + "` needs")
                    .withHelp("link the object that defines it too, now or later: a loader refuses this one"));
        }
    }

    private SectionMerge.Place place(GlobalName.Occurrence one) {
        return sections.place(one.input(), one.symbol().section())
                .orElseThrow(() -> new IllegalStateException("a definition in a section that is left out"));
    }

    /** The symbols of tables: each is somebody's own, so that of two of one name the second gets another. */
    private void tables(List<LinkInput> inputs) {
        UniqueNames taken = new UniqueNames(names.keySet());
        for (LinkInput input : inputs) {
            for (ElfImage.Symbol symbol : input.image().symbols()) {
                Optional<SectionMerge.Place> place = sections.place(input, symbol.section());
                if (place.isPresent()
                        && !symbol.isLocal()
                        && isOwnTable(place.get().to().name)) {
                    String name = own(input, symbol, taken.of(symbol.name()));
                    int section = place.get().to().index;
                    add(globals, symbol, name, section, place.get().base() + symbol.value());
                    indices.get(input.number())[symbol.index()] = locals.size() + globals.size();
                }
            }
        }
    }

    private String own(LinkInput input, ElfImage.Symbol symbol, String name) {
        boolean byName =
                symbol.name().startsWith(Elf.MUTABLE_PREFIX) || symbol.name().startsWith(Elf.CANDIDATES_PREFIX);
        if (byName && !name.equals(symbol.name())) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.O0140,
                            "the mutable table `"
                                    + symbol.name().substring(symbol.name().indexOf('.', 4) + 1) + "` of `"
                                    + input.name() + "` is defined in another object too")
                    .withNote("a host finds a mutable table by its name, and could reach one of them only"));
        }
        return name;
    }

    /** The symbols of the output, from index 1 on. */
    List<ElfFile.Symbol> symbols() {
        List<ElfFile.Symbol> all = new ArrayList<>(locals);
        all.addAll(globals);
        return all;
    }

    /** The index of an input's symbol in the output; nothing if it is left out. */
    Optional<Integer> index(LinkInput input, int symbol) {
        int index = indices.get(input.number())[symbol];
        return index == NONE ? Optional.empty() : Optional.of(index);
    }

    /** The definition around a byte of an input's section that another one stands for. */
    Optional<Lost> lostAt(LinkInput input, int section, long offset) {
        return Optional.ofNullable(lost.get(List.of(input.number(), section)))
                .map(places -> places.floorEntry(offset))
                .map(Map.Entry::getValue)
                .filter(one -> offset - one.from() < one.size());
    }

    /** Types of variables whose section is not in the output. */
    List<TypeMerge.TypeUse> leftTypes() {
        return List.copyOf(leftTypes);
    }

    /** Types that the resolution of names made one. */
    List<SameType> sameTypes() {
        return List.copyOf(sameTypes);
    }
}
