package dev.turnout.bpf.object;

import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Fault;
import dev.turnout.bpf.program.LineInfo;
import java.util.List;
import java.util.Optional;

/**
 * A section of code. All slots count from its start.
 *
 * @param name {@code .text}, or what names a program's type and attach point: {@code xdp}, {@code tc/ingress}
 * @param functions in order of start; they do not overlap
 * @param relocations in order of slot, at most one a slot. Every local call, kernel call, and load of the address of a
 *     function, map, datum or table has one
 * @param branchSites in order of slot; a multi-way site has one for each value
 * @param lines in order of slot, strictly
 * @param coreRelocations in order of slot
 * @param faults words that are no instructions, in order of slot: functions that hold one cannot be loaded
 */
public record CodeSection(
        String name,
        Code code,
        List<ObjectFunction> functions,
        List<Relocation> relocations,
        List<ObjectBranchSite> branchSites,
        List<LineInfo> lines,
        List<CoreRelocation> coreRelocations,
        List<Fault> faults) {
    public CodeSection {
        functions = List.copyOf(functions);
        relocations = List.copyOf(relocations);
        branchSites = List.copyOf(branchSites);
        lines = List.copyOf(lines);
        coreRelocations = List.copyOf(coreRelocations);
        faults = List.copyOf(faults);
        int end = 0;
        for (ObjectFunction function : functions) {
            if (function.start() < end || function.end() > code.size()) {
                throw new IllegalArgumentException(function + " in " + name + " of " + code.size() + " slots");
            }
            end = function.end();
        }
        for (int i = 0; i < relocations.size(); i++) {
            Relocation relocation = relocations.get(i);
            if (!code.begins(relocation.slot())
                    || (i > 0 && relocations.get(i - 1).slot() >= relocation.slot())) {
                throw new IllegalArgumentException(relocation + " in " + name);
            }
        }
    }

    /** A section all of whose words are instructions. */
    public CodeSection(
            String name,
            Code code,
            List<ObjectFunction> functions,
            List<Relocation> relocations,
            List<ObjectBranchSite> branchSites,
            List<LineInfo> lines,
            List<CoreRelocation> coreRelocations) {
        this(name, code, functions, relocations, branchSites, lines, coreRelocations, List.of());
    }

    /** A section of plain code: no static branches, nothing for the loader to adapt. */
    public static CodeSection of(
            String name,
            Code code,
            List<ObjectFunction> functions,
            List<Relocation> relocations,
            List<LineInfo> lines) {
        return new CodeSection(name, code, functions, relocations, List.of(), lines, List.of());
    }

    public Optional<ObjectFunction> function(String function) {
        return functions.stream().filter(one -> one.name().equals(function)).findFirst();
    }

    /** The function that holds {@code slot}. */
    public Optional<ObjectFunction> functionAt(int slot) {
        for (ObjectFunction function : functions) {
            if (slot >= function.start() && slot < function.end()) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    /** What the instruction at {@code slot} means by name, if it does. */
    public Optional<Reference> referenceAt(int slot) {
        int low = 0;
        int high = relocations.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int at = relocations.get(middle).slot();
            if (at == slot) {
                return Optional.of(relocations.get(middle).to());
            }
            if (at < slot) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }
}
