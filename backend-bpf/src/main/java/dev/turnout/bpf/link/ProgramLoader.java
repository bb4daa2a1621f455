package dev.turnout.bpf.link;

import dev.turnout.bpf.btf.BtfBuilder;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.CoreRelocation;
import dev.turnout.bpf.object.FunctionTable;
import dev.turnout.bpf.object.ObjectBranchSite;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.Reference;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Fault;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.bpf.program.TypeRelocation;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Loads one program of an object. The main function comes first; a function is placed behind all others when an instruction
 * that refers to it is first met, and its own references are followed before the rest of the one that referred to it: depth
 * first, in instruction order. A function table refers to all functions that its rows may hold. Every program has its own copy of the functions that it reaches.
 */
public final class ProgramLoader {
    /** Slots that Linux takes of a privileged program. */
    public static final int MOST_SLOTS = 1_000_000;

    private final BpfObject object;
    private final Diagnostics diagnostics;
    private final Map<String, Placed> placed = new LinkedHashMap<>();
    private final ProgramMaps maps;
    private final ProgramSymbols symbols;
    private final Map<String, Integer> keyIndices = new LinkedHashMap<>();
    private final Map<String, Placed> homes = new LinkedHashMap<>();
    private final BtfBuilder fieldTypes = new BtfBuilder();
    private final List<TypeRelocation> fields = new ArrayList<>();
    private int slots;
    private boolean failed;

    /** A function, where it comes from, and the slot in the program where it starts. */
    private record Placed(ObjectFunction function, CodeSection section, int start) {
        int rebase(int sectionSlot) {
            return sectionSlot - function.start() + start;
        }

        /** A slot in words. */
        String where(int sectionSlot) {
            return "slot " + (sectionSlot - function.start()) + " of `" + function.name() + "`";
        }

        boolean holds(int sectionSlot) {
            return sectionSlot >= function.start() && sectionSlot < function.end();
        }
    }

    private ProgramLoader(BpfObject object, String main, Diagnostics diagnostics) {
        this.object = object;
        this.diagnostics = diagnostics;
        maps = new ProgramMaps(object, main, this::fail);
        symbols = new ProgramSymbols(object, this::fail);
        for (ObjectKey key : object.keys()) {
            keyIndices.put(key.name(), keyIndices.size());
        }
        for (CodeSection section : object.sections()) {
            for (ObjectFunction function : section.functions()) {
                homes.put(function.name(), new Placed(function, section, 0));
            }
        }
    }

    /**
     * An entry program, called with the context of its type.
     *
     * @return nothing if a mistake was reported
     */
    public static Optional<BpfProgram> load(BpfObject object, String program, Diagnostics diagnostics) {
        Optional<ObjectFunction> main =
                object.function(program).filter(function -> function.kind() == ObjectFunction.Kind.PROGRAM);
        if (main.isEmpty()) {
            diagnostics.report(missing("program", program, object.programs()));
            return Optional.empty();
        }
        String section = object.sectionOf(program).orElseThrow().name();
        Optional<ProgramType> type = ProgramType.ofSection(section);
        if (type.isEmpty()) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.O0131,
                            "the section `" + section + "` of program `" + program + "` names no program type")
                    .withHelp("put it into a section like `xdp`, `tc` or `socket`"));
            return Optional.empty();
        }
        return new ProgramLoader(object, program, diagnostics).link(program, new BpfProgram.Entry.Context(type.get()));
    }

    /**
     * Any function, called with the address of {@code bytes} bytes of memory and their number.
     *
     * @return nothing if a mistake was reported
     */
    public static Optional<BpfProgram> loadFunction(
            BpfObject object, String function, long bytes, Diagnostics diagnostics) {
        if (object.function(function).isEmpty()) {
            diagnostics.report(missing(
                    "function",
                    function,
                    object.sections().stream()
                            .flatMap(section -> section.functions().stream())
                            .toList()));
            return Optional.empty();
        }
        return new ProgramLoader(object, function, diagnostics).link(function, new BpfProgram.Entry.Memory(bytes));
    }

    private static Diagnostic missing(String what, String name, List<ObjectFunction> there) {
        Diagnostic diagnostic =
                Diagnostic.general(DiagnosticCode.O0130, "the object has no " + what + " `" + name + "`");
        if (there.isEmpty()) {
            return diagnostic.withNote("it has no " + what + " at all");
        }
        StringBuilder list = new StringBuilder("it has ");
        int shown = Math.min(there.size(), 12);
        for (int i = 0; i < shown; i++) {
            list.append(i == 0 ? "`" : ", `").append(there.get(i).name()).append('`');
        }
        if (shown < there.size()) {
            list.append(" and ").append(there.size() - shown).append(" more");
        }
        return diagnostic.withNote(list.toString());
    }

    private void fail(Diagnostic diagnostic) {
        failed = true;
        diagnostics.report(diagnostic);
    }

    private Optional<BpfProgram> link(String main, BpfProgram.Entry entry) {
        place(main);
        if (slots > MOST_SLOTS) {
            fail(Diagnostic.general(
                    DiagnosticCode.O0132,
                    "program `" + main + "` has " + slots + " slots, " + MOST_SLOTS + " are allowed"));
            return Optional.empty();
        }
        List<Insn> insns = new ArrayList<>(slots);
        List<BpfProgram.FunctionRange> functions = new ArrayList<>(placed.size());
        List<BranchSite> sites = new ArrayList<>();
        List<LineInfo> lines = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        List<TypeRelocation> relocations = new ArrayList<>();
        Prototypes prototypes = new Prototypes(object.types());
        for (Placed one : placed.values()) {
            ObjectFunction function = one.function;
            functions.add(new BpfProgram.FunctionRange(
                    function.name(),
                    one.start,
                    one.rebase(function.end()),
                    function.kind() == ObjectFunction.Kind.GLOBAL,
                    prototypes.of(function.name())));
            copyCode(one, insns);
            copyBranchSites(one, sites);
            copyLines(one, lines);
            for (CoreRelocation relocation : one.section.coreRelocations()) {
                if (one.holds(relocation.slot())) {
                    relocations.add(new TypeRelocation(
                            one.rebase(relocation.slot()), relocation.type(), relocation.access(), relocation.kind()));
                }
            }
            for (Fault fault : one.section.faults()) {
                if (one.holds(fault.slot())) {
                    faults.add(fault.at(one.rebase(fault.slot())));
                }
            }
        }
        if (failed) {
            return Optional.empty();
        }
        String section = known(homes, main).section.name();
        List<KeyDefinition> keys = new ArrayList<>(object.keys().size());
        for (ObjectKey key : object.keys()) {
            keys.add(new KeyDefinition(key.name(), key.initial(), key.type()));
        }
        return Optional.of(new BpfProgram(
                main,
                section,
                entry,
                object.license(),
                Code.of(insns),
                functions,
                maps.definitions(),
                keys,
                sites,
                lines,
                faults,
                new Surroundings(
                        fields.isEmpty() ? object.types().all() : fieldTypes.build(),
                        symbols.all(),
                        AttachTarget.of(object, main, section),
                        fields.isEmpty() ? relocations : fields,
                        KernelBtf.NONE)));
    }

    /** Lays out {@code main} and all that it reaches. The stack is explicit: a hostile chain of calls may be long. */
    private void place(String main) {
        Deque<Walk> walks = new ArrayDeque<>();
        walks.push(new Walk(append(main)));
        while (!walks.isEmpty()) {
            Walk walk = walks.element();
            String callee = walk.nextUnplaced(object, placed);
            if (callee.isEmpty()) {
                walks.pop();
            } else {
                walks.push(new Walk(append(callee)));
            }
        }
    }

    /** The references of a function, of which those before {@code next} are followed. */
    private static final class Walk {
        private final Placed at;
        private final List<Relocation> relocations;
        private int next;
        /** What the reference before {@code next} still leads to: more than one function if it is a table. */
        private final Deque<String> named = new ArrayDeque<>();

        Walk(Placed at) {
            this.at = at;
            relocations = at.section.relocations();
            next = firstAt(relocations, at.function.start(), Relocation::slot);
        }

        /** The next function referred to that has no place; empty if there is none. */
        String nextUnplaced(BpfObject object, Map<String, Placed> placed) {
            while (true) {
                while (!named.isEmpty()) {
                    String callee = named.remove();
                    if (!placed.containsKey(callee)) {
                        return callee;
                    }
                }
                if (next == relocations.size()
                        || !at.holds(relocations.get(next).slot())) {
                    return "";
                }
                named.addAll(named(object, relocations.get(next++).to()));
            }
        }

        private static List<String> named(BpfObject object, Reference to) {
            return switch (to) {
                case Reference.ToFunction(String callee) -> List.of(callee);
                case Reference.ToFunctionTable(String table) ->
                    object.functionTable(table).map(FunctionTable::candidates).orElse(List.of());
                case Reference.ToMap _, Reference.ToArena _, Reference.ToData _, Reference.ToJumpTable _ -> List.of();
                case Reference.ToKernelFunction _, Reference.ToExtern _, Reference.ToField _ -> List.of();
            };
        }
    }

    /** Index of the first element at or behind {@code slot} of a list in order of slot. */
    private static <T> int firstAt(List<T> list, int slot, ToIntFunction<T> slotOf) {
        int low = 0;
        int high = list.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slotOf.applyAsInt(list.get(middle)) < slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Placed append(String name) {
        Placed home = known(homes, name);
        Placed here = new Placed(home.function, home.section, slots);
        slots += home.function.end() - home.function.start();
        placed.put(name, here);
        return here;
    }

    private static <T> T known(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) {
            throw new IllegalArgumentException("the object refers to `" + name + "`, which it does not have");
        }
        return found;
    }

    private void copyCode(Placed from, List<Insn> insns) {
        Code code = from.section.code();
        var relocations = from.section.relocations();
        int next = firstAt(relocations, from.function.start(), Relocation::slot);
        for (int slot = from.function.start(); slot < from.function.end(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            if (next < relocations.size() && relocations.get(next).slot() == slot) {
                insns.add(resolve(from, slot, insn, relocations.get(next).to()));
                next++;
            } else if (insn instanceof Insn.CallLocal) {
                throw new IllegalArgumentException(
                        "the call at slot " + slot + " of " + from.section.name() + " names no function");
            } else {
                insns.add(insn);
            }
        }
    }

    private Insn resolve(Placed from, int slot, Insn insn, Reference to) {
        int here = from.rebase(slot);
        return switch (to) {
            case Reference.ToFunction(String name) -> {
                int distance = known(placed, name).start - here - 1;
                yield insn instanceof Insn.CallLocal
                        ? new Insn.CallLocal(distance)
                        : wide(insn, WideKind.FUNCTION, distance, 0);
            }
            case Reference.ToMap(String map) -> wide(insn, WideKind.MAP_INDEX, maps.map(map), 0);
            case Reference.ToArena(String map, int offset) ->
                wide(insn, WideKind.MAP_INDEX_VALUE, maps.map(map), offset);
            case Reference.ToData(String section, int offset) ->
                wide(insn, WideKind.MAP_INDEX_VALUE, maps.data(section), offset);
            case Reference.ToJumpTable(String table, int offset) ->
                wide(
                        insn,
                        WideKind.MAP_INDEX_VALUE,
                        maps.jumpTable(table, from.function.name(), slot, from.start - from.function.start()),
                        offset);
            case Reference.ToFunctionTable(String table) ->
                wide(
                        insn,
                        WideKind.MAP_INDEX_VALUE,
                        maps.functionTable(table, function -> known(placed, function).start),
                        0);
            case Reference.ToKernelFunction(String name) ->
                new Insn.CallKernel(symbols.number(name, from.where(slot)), 0);
            case Reference.ToField field -> {
                // An object of our own making has no record of types: what its fields need becomes one.
                fields.add(new TypeRelocation(here, fieldTypes.add(field.root()), field.access(), 0));
                yield Insn.Wide.constant(((Insn.Wide) insn).dst(), field.offset());
            }
            case Reference.ToExtern(String name) ->
                wide(insn, WideKind.BTF_ID, symbols.number(name, from.where(slot)), 0);
        };
    }

    private static Insn.Wide wide(Insn insn, WideKind kind, int low, int high) {
        if (insn instanceof Insn.Wide wide) {
            return new Insn.Wide(wide.dst(), kind, low, high);
        }
        throw new IllegalArgumentException(insn + " cannot hold a reference");
    }

    private void copyBranchSites(Placed from, List<BranchSite> sites) {
        List<ObjectBranchSite> all = from.section.branchSites();
        int next = firstAt(all, from.function.start(), ObjectBranchSite::slot);
        while (next < all.size() && from.holds(all.get(next).slot())) {
            ObjectBranchSite site = all.get(next++);
            sites.add(new BranchSite(
                    from.rebase(site.slot()),
                    from.rebase(site.target()),
                    known(keyIndices, site.key()),
                    site.value(),
                    site.inverse()));
        }
    }

    private static void copyLines(Placed from, List<LineInfo> lines) {
        List<LineInfo> all = from.section.lines();
        int next = firstAt(all, from.function.start(), LineInfo::slot);
        while (next < all.size() && from.holds(all.get(next).slot())) {
            LineInfo line = all.get(next++);
            lines.add(new LineInfo(from.rebase(line.slot()), line.file(), line.line(), line.column(), line.text()));
        }
    }
}
