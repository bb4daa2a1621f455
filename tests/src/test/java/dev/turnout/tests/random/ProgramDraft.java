package dev.turnout.tests.random;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content.Functions;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A program that is being written: its code, the functions that were called so far, its tables and static branches. */
final class ProgramDraft {
    /** In place of a label: no function. */
    static final int MISSING = -1;

    private static final int MOST_FUNCTIONS = 8;

    final Ingredients ingredients;
    final CodeDraft code = new CodeDraft();

    private final List<Signature> functions = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<FunctionTable> functionTables = new ArrayList<>();
    private final List<Site> sites = new ArrayList<>();

    private record Table(int map, List<Integer> labels) {}

    private record FunctionTable(int map, List<Integer> labels, boolean mutable) {}

    private record Site(int slot, int label, int key, long value, boolean inverse) {}

    ProgramDraft(Ingredients ingredients) {
        this.ingredients = ingredients;
        functions.add(new Signature(code.label(), ingredients.bytes > 0, 0, false));
    }

    /** The functions that are called, in the order of their first call; main is the first. More may come. */
    Signature function(int number) {
        return functions.get(number);
    }

    int functions() {
        return functions.size();
    }

    /** A function that comes behind {@code caller}: so there is no recursion. Empty if there are enough of them. */
    Optional<Signature> callee(int caller, boolean callback, boolean memory) {
        List<Signature> behind = new ArrayList<>();
        for (int i = caller + 1; i < functions.size(); i++) {
            Signature one = functions.get(i);
            if (one.callback() == callback && (memory || !one.memory())) {
                behind.add(one);
            }
        }
        if (!behind.isEmpty() && ingredients.random.nextBoolean()) {
            return Optional.of(ingredients.pick(behind));
        }
        if (functions.size() >= MOST_FUNCTIONS) {
            return Optional.empty();
        }
        Signature fresh = new Signature(
                code.label(),
                !callback && memory && ingredients.random.nextBoolean(),
                callback ? 1 : ingredients.random.nextInt(4),
                callback);
        functions.add(fresh);
        return Optional.of(fresh);
    }

    /** The functions behind {@code caller} that are called and return as this one, itself among them. */
    List<Signature> alike(int caller, Signature signature) {
        return functions.subList(caller + 1, functions.size()).stream()
                .filter(one -> one.memory() == signature.memory()
                        && one.numbers() == signature.numbers()
                        && one.callback() == signature.callback())
                .toList();
    }

    /** The map of a new jump table, whose entries go to the labels. */
    int table(List<Integer> labels) {
        tables.add(new Table(ingredients.maps.size(), labels));
        return table("table" + tables.size(), labels.size());
    }

    /** The map of a new function table, whose rows are the functions at the labels, or missing where it is {@link #MISSING}. */
    int functionTable(List<Integer> labels, boolean mutable) {
        functionTables.add(new FunctionTable(ingredients.maps.size(), labels, mutable));
        return table("functions" + functionTables.size(), labels.size());
    }

    private int table(String name, int entries) {
        ingredients.maps.add(new MapDefinition(
                name,
                MapKind.INSN_ARRAY,
                4,
                16,
                entries,
                0,
                new DebugType.Void(),
                new DebugType.Void(),
                new MapDefinition.Content.Empty()));
        return ingredients.maps.size() - 1;
    }

    /** The next instruction is a static branch that goes to the label. */
    void site(int label, int key, long value, boolean inverse) {
        sites.add(new Site(code.slot(), label, key, value, inverse));
    }

    BpfProgram finish(List<Integer> starts) {
        Code whole = code.code();
        List<FunctionRange> ranges = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : whole.size();
            ranges.add(new FunctionRange("f" + i, starts.get(i), end, i == 0));
        }
        List<MapDefinition> maps = new ArrayList<>(ingredients.maps);
        for (Table table : tables) {
            List<Integer> slots = table.labels.stream().map(code::slotOf).toList();
            maps.set(table.map, maps.get(table.map).withContent(new MapDefinition.Content.Targets(slots)));
        }
        for (FunctionTable table : functionTables) {
            maps.set(table.map, maps.get(table.map).withContent(content(table)));
        }
        List<BranchSite> branches = sites.stream()
                .map(site -> new BranchSite(site.slot, code.slotOf(site.label), site.key, site.value, site.inverse))
                .toList();
        return new BpfProgram(
                "random",
                ingredients.isPacket() ? "xdp" : ".text",
                ingredients.entry,
                "GPL",
                whole,
                ranges,
                maps,
                ingredients.keys,
                branches,
                List.of());
    }

    private Functions content(FunctionTable table) {
        List<Integer> rows = table.labels.stream()
                .map(label -> label == MISSING ? Functions.MISSING : code.slotOf(label))
                .toList();
        List<Integer> candidates = rows.stream()
                .filter(row -> row != Functions.MISSING)
                .sorted()
                .distinct()
                .toList();
        return new Functions(rows, candidates, table.mutable, rows.contains(Functions.MISSING));
    }
}
