package dev.turnout.bpf.merge;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What types say of the sections of variables: which variable lies where. Sections of one name become one, with true places and sizes: clang
 * leaves them 0 and has the loader look up the symbols of global variables, and only of those.
 */
final class VariableMerge {
    private static final int MOST_VARIABLES = 0xffff;

    private final SectionMerge sections;
    private final MergedTypes types;
    private final Map<String, List<Variable>> bySection = new LinkedHashMap<>();

    /** @param id of the variable in the output */
    private record Variable(int id, long offset, long size) {}

    private VariableMerge(SectionMerge sections, MergedTypes types) {
        this.sections = sections;
        this.types = types;
    }

    /** Adds the sections of variables to the types. */
    static void addTo(MergedTypes types, List<LinkInput> inputs, SectionMerge sections, NamePool names) {
        VariableMerge merge = new VariableMerge(sections, types);
        for (LinkInput input : inputs) {
            Map<List<Object>, Long> places = places(input);
            for (BtfType type : input.btf().types()) {
                if (type instanceof BtfType.DataSection section) {
                    merge.section(input, section, places);
                }
            }
        }
        merge.bySection.forEach((name, variables) -> merge.add(names.named(name), name, variables));
    }

    /** Where global variables are, by section index and name of the type. */
    private static Map<List<Object>, Long> places(LinkInput input) {
        Map<List<Object>, Long> places = new HashMap<>();
        for (ElfImage.Symbol symbol : input.image().symbols()) {
            if (!symbol.isLocal() && symbol.type() != Elf.SECTION && symbol.section() != 0) {
                boolean key = input.section(symbol)
                        .filter(one -> one.name().equals(Elf.STATIC_KEYS))
                        .isPresent();
                String name = key ? SharedKeys.keyOf(symbol.name()) : symbol.name();
                places.putIfAbsent(List.of(symbol.section(), name), symbol.value());
            }
        }
        return places;
    }

    private void section(LinkInput input, BtfType.DataSection section, Map<List<Object>, Long> places) {
        Optional<SectionMerge.Place> place = sections.place(input, section.name());
        if (place.isPresent() && place.get().left()) {
            return;
        }
        List<Variable> variables = bySection.computeIfAbsent(section.name(), _ -> new ArrayList<>());
        for (BtfType.Placement one : section.variables()) {
            if (types.stays(input, one.variable())) {
                long offset = one.offset();
                if (place.isPresent()) {
                    String name =
                            input.btf().find(one.variable()).map(BtfType::name).orElse("");
                    // A static variable has the name of its function before its own in the symbol; its place is written
                    // down.
                    Long symbol = isStatic(input, one)
                            ? null
                            : places.get(List.<Object>of(place.get().from().index(), name));
                    offset = place.get().base() + (symbol == null ? offset : symbol);
                }
                variables.add(new Variable(types.id(input, one.variable()), offset, one.size()));
            }
        }
    }

    private static boolean isStatic(LinkInput input, BtfType.Placement one) {
        return input.btf().find(one.variable()).orElse(null) instanceof BtfType.Variable variable
                && variable.linkage() == BtfType.Linkage.STATIC;
    }

    private void add(int number, String name, List<Variable> variables) {
        if (variables.isEmpty()) {
            return;
        }
        if (variables.size() > MOST_VARIABLES) {
            throw new ElfImage.Broken(
                    DiagnosticCode.O0118,
                    "section `" + name + "` of the output has " + variables.size() + " variables, " + MOST_VARIABLES
                            + " can be described");
        }
        variables.sort(Comparator.comparingLong(Variable::offset));
        long size = sections.output(name).map(section -> section.size).orElse(0L);
        List<Integer> record = new ArrayList<>();
        record.add(number);
        record.add(TypeShape.DATA_SECTION << 24 | variables.size());
        record.add((int) size);
        for (Variable variable : variables) {
            record.add(variable.id());
            record.add((int) variable.offset());
            record.add((int) variable.size());
        }
        types.add(record);
    }
}
