package dev.turnout.bpf.program;

import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A program as a loader hands it to a machine.
 *
 * @param name of its main function
 * @param section ELF section, which names type and attach point
 * @param entry what it is called with
 * @param license text; empty if none is stated
 * @param code all functions, main first, at slot 0
 * @param functions in order of their start; the first is main
 * @param maps what {@code MAP_INDEX} and {@code MAP_INDEX_VALUE} loads index
 * @param keys static keys of the object, by the index that branch sites use
 * @param branchSites static branches, in order of slot; those of one slot in the order in which they were written
 * @param lines source lines, in order of slot; may be empty
 * @param faults words that are no instructions, in order of slot: a program that has one must be refused
 * @param surroundings what the object says of types, of names that the kernel has to provide, and of what the program is for
 */
public record BpfProgram(
        String name,
        String section,
        Entry entry,
        String license,
        Code code,
        List<FunctionRange> functions,
        List<MapDefinition> maps,
        List<KeyDefinition> keys,
        List<BranchSite> branchSites,
        List<LineInfo> lines,
        List<Fault> faults,
        Surroundings surroundings) {
    public BpfProgram {
        functions = List.copyOf(functions);
        maps = List.copyOf(maps);
        keys = List.copyOf(keys);
        // A stable order, so that all records of a site stand side by side: see branchesAt.
        branchSites = branchSites.stream()
                .sorted(Comparator.comparingInt(BranchSite::slot))
                .toList();
        lines = List.copyOf(lines);
        faults = List.copyOf(faults);
    }

    /** A program that stands alone: nothing is known of types, and it uses no name of the kernel. */
    public BpfProgram(
            String name,
            String section,
            Entry entry,
            String license,
            Code code,
            List<FunctionRange> functions,
            List<MapDefinition> maps,
            List<KeyDefinition> keys,
            List<BranchSite> branchSites,
            List<LineInfo> lines) {
        this(
                name,
                section,
                entry,
                license,
                code,
                functions,
                maps,
                keys,
                branchSites,
                lines,
                List.of(),
                Surroundings.NONE);
    }

    /** A program all of whose words are instructions. */
    public BpfProgram(
            String name,
            String section,
            Entry entry,
            String license,
            Code code,
            List<FunctionRange> functions,
            List<MapDefinition> maps,
            List<KeyDefinition> keys,
            List<BranchSite> branchSites,
            List<LineInfo> lines,
            Surroundings surroundings) {
        this(name, section, entry, license, code, functions, maps, keys, branchSites, lines, List.of(), surroundings);
    }

    /** The same program before a kernel of these types. */
    public BpfProgram on(KernelBtf kernel) {
        return new BpfProgram(
                name,
                section,
                entry,
                license,
                code,
                functions,
                maps,
                keys,
                branchSites,
                lines,
                faults,
                surroundings.on(kernel));
    }

    /** Whether its verdict may depend on a kernel's types: its context is typed by them, or it uses names or helpers that are. */
    public boolean needsKernelTypes() {
        return !surroundings.symbols().isEmpty()
                || !surroundings.relocations().isEmpty()
                || arena().isPresent()
                || type().filter(type -> type.context() == ContextLayout.OPAQUE).isPresent()
                || code.insns().stream()
                        .anyMatch(insn -> insn instanceof Insn.CallHelper(int id)
                                && HelperFunction.ofId(id)
                                        .filter(HelperFunction::knowsKernelTypes)
                                        .isPresent());
    }

    /** The same program with other code of the same slots. */
    public BpfProgram with(Code other) {
        return new BpfProgram(
                name, section, entry, license, other, functions, maps, keys, branchSites, lines, faults, surroundings);
    }

    /** The same program with other code of the same slots, which uses other maps. */
    public BpfProgram with(Code other, List<MapDefinition> others) {
        return new BpfProgram(
                name,
                section,
                entry,
                license,
                other,
                functions,
                others,
                keys,
                branchSites,
                lines,
                faults,
                surroundings);
    }

    /** How a program is entered. */
    public sealed interface Entry {
        /** r1 = the context of the type. */
        record Context(ProgramType type) implements Entry {}

        /** r1 = address of {@code bytes} bytes of memory (0 if there are none), r2 = their number. */
        record Memory(long bytes) implements Entry {}
    }

    /** The program type, if it has one. */
    public Optional<ProgramType> type() {
        return switch (entry) {
            case Entry.Context context -> Optional.of(context.type());
            case Entry.Memory _ -> Optional.empty();
        };
    }

    /** Where it is going to be attached, as its section says; where that says nothing, what Linux takes it for. */
    public AttachType attach() {
        return type().map(type -> ProgramSection.of(section)
                        .filter(row -> row.type() == type && row.attach() != AttachType.NONE)
                        .map(ProgramSection::attach)
                        .orElse(type.attachedByDefault()))
                .orElse(AttachType.NONE);
    }

    /** Whether its section says that it is loaded so. */
    public boolean has(ProgramSection.Trait trait) {
        return ProgramSection.of(section).filter(row -> row.has(trait)).isPresent();
    }

    /**
     * A function.
     *
     * @param start first slot
     * @param end slot behind the last
     * @param global whether it is verified alone, from its types
     * @param prototype what types say of it
     */
    public record FunctionRange(String name, int start, int end, boolean global, Prototype prototype) {
        /** A function of which no types say anything. */
        public FunctionRange(String name, int start, int end, boolean global) {
            this(name, start, end, global, Prototype.UNKNOWN);
        }
    }

    /** The function that holds {@code slot}. */
    public FunctionRange functionAt(int slot) {
        int low = 0;
        int high = functions.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (functions.get(middle).start() <= slot) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return functions.get(low);
    }

    /** What a call of a kernel function names; absent if that is no function, or nothing. */
    public Optional<KernelSymbol> kernelFunction(Insn.CallKernel call) {
        List<KernelSymbol> symbols = surroundings.symbols();
        return call.module() == 0 && call.btfId() >= 0 && call.btfId() < symbols.size()
                ? Optional.of(symbols.get(call.btfId())).filter(symbol -> symbol.kind() == KernelSymbol.Kind.FUNCTION)
                : Optional.empty();
    }

    /** The row of the function that such a call names; absent if there is none. */
    public Optional<KernelFunction> kernelRow(Insn.CallKernel call) {
        return kernelFunction(call).map(KernelSymbol::name).flatMap(KernelFunction::ofSymbol);
    }

    /** The map of a number; numbers from {@code maps().size()} on stand for what the maps of a map of maps are like. */
    public MapDefinition map(int number) {
        return number < maps.size()
                ? maps.get(number)
                : maps.get(number - maps.size()).inner().orElseThrow();
    }

    /** The number of what the maps in map {@code outer} are like; absent if nothing is known of them, or it holds no maps. */
    public OptionalInt innerMap(int outer) {
        return outer < maps.size() && maps.get(outer).inner().isPresent()
                ? OptionalInt.of(maps.size() + outer)
                : OptionalInt.empty();
    }

    /** The number of the arena map; absent if the program uses none. */
    public OptionalInt arena() {
        for (int i = 0; i < maps.size(); i++) {
            if (maps.get(i).kind() == MapKind.ARENA) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** The records of the site at {@code slot}, in the order in which they were written; none if it is no site. */
    public List<BranchSite> branchesAt(int slot) {
        int from = firstBranchFrom(slot);
        return branchSites.subList(from, firstBranchFrom(slot + 1));
    }

    private int firstBranchFrom(int slot) {
        int low = 0;
        int high = branchSites.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (branchSites.get(middle).slot() < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The line that {@code slot} came from: the last entry at or before it. */
    public Optional<LineInfo> lineAt(int slot) {
        int count = linesUpTo(slot);
        return count == 0 ? Optional.empty() : Optional.of(lines.get(count - 1));
    }

    /** The number of lines that begin at or before {@code slot}. */
    public int linesUpTo(int slot) {
        int low = 0;
        int high = lines.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lines.get(middle).slot() <= slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
