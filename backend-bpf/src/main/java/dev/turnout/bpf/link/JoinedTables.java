package dev.turnout.bpf.link;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapDefinition.Content;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The jump tables of each function as one instruction array, for a kernel, which takes 64 maps a program. Right because an instruction names
 * a place in a map, not a map: the tables lie behind each other, and each use adds where its own begins. Not done for our own machine, whose
 * verifier and compiler lead a switch to the arms of its table only, and know tables by their maps.
 */
public final class JoinedTables {
    private final BpfProgram program;
    private final List<MapDefinition> maps = new ArrayList<>();
    private final int[] numbers;
    private final int[] shifts;

    private JoinedTables(BpfProgram program) {
        this.program = program;
        this.numbers = new int[program.maps().size()];
        this.shifts = new int[numbers.length];
        place();
    }

    /** The same program, with at most one map of jump tables for each of its functions. */
    public static BpfProgram of(BpfProgram program) {
        JoinedTables joined = new JoinedTables(program);
        return joined.maps.size() == program.maps().size() ? program : joined.program();
    }

    /** How many maps the program needs so. */
    public static int mapsNeeded(BpfProgram program) {
        return new JoinedTables(program).maps.size();
    }

    private void place() {
        Map<String, List<Integer>> together = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            MapDefinition map = program.maps().get(i);
            if (map.content() instanceof Content.Targets(List<Integer> targets) && isOfOneFunction(targets)) {
                String owner = program.functionAt(targets.getFirst()).name();
                together.computeIfAbsent(owner, _ -> new ArrayList<>()).add(i);
            } else {
                numbers[i] = maps.size();
                maps.add(map);
            }
        }
        together.values().forEach(this::join);
    }

    private void join(List<Integer> tables) {
        MapDefinition first = program.maps().get(tables.getFirst());
        List<Integer> targets = new ArrayList<>();
        for (int table : tables) {
            numbers[table] = maps.size();
            MapDefinition map = program.maps().get(table);
            shifts[table] = targets.size() * 8;
            if (map.content() instanceof Content.Targets(List<Integer> own)) {
                targets.addAll(own);
            }
        }
        maps.add(new MapDefinition(
                first.name(),
                first.kind(),
                first.keySize(),
                first.valueSize(),
                targets.size(),
                first.flags(),
                first.key(),
                first.value(),
                new Content.Targets(targets)));
    }

    /** Linux wants no less of an array; others stay alone, so that it is they that are refused. */
    private boolean isOfOneFunction(List<Integer> targets) {
        if (targets.isEmpty()) {
            return false;
        }
        FunctionRange owner = program.functionAt(targets.getFirst());
        return targets.stream().allMatch(target -> owner.start() <= target && target < owner.end());
    }

    private BpfProgram program() {
        List<Insn> insns = program.code().insns().stream().map(this::moved).toList();
        return program.with(Code.of(insns), maps);
    }

    private Insn moved(Insn insn) {
        if (insn instanceof Insn.Wide(var dst, WideKind kind, int low, int high)) {
            boolean map = kind == WideKind.MAP_INDEX || kind == WideKind.MAP_INDEX_VALUE;
            if (map && low >= 0 && low < numbers.length) {
                int shift = kind == WideKind.MAP_INDEX_VALUE ? shifts[low] : 0;
                return new Insn.Wide(dst, kind, numbers[low], high + shift);
            }
        }
        return insn;
    }
}
