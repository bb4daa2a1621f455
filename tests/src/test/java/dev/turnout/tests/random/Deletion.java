package dev.turnout.tests.random;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A program without some of its instructions. Whatever went to a deleted one goes to what follows it, as if it had become a
 * nop. The result need not make sense; whether it does is for the verifier to say.
 */
public final class Deletion {
    private final BpfProgram program;
    private final Code code;
    private final BitSet deleted;
    /** By old slot, and one behind the last: where what begins there is now. */
    private final int[] moved;

    private Deletion(BpfProgram program, BitSet deleted) {
        this.program = program;
        this.code = program.code();
        this.deleted = deleted;
        this.moved = new int[code.size() + 1];
    }

    /**
     * The program without the instructions that begin at these slots.
     *
     * @return empty if nothing would be left of a function that something still refers to, or of main
     */
    public static Optional<BpfProgram> of(BpfProgram program, BitSet slots) {
        return new Deletion(program, slots).without();
    }

    private Optional<BpfProgram> without() {
        List<Insn> kept = new ArrayList<>();
        int now = 0;
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            moved[slot] = now;
            if (!deleted.get(slot)) {
                now += code.at(slot).slots();
            }
        }
        moved[code.size()] = now;
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            if (!deleted.get(slot)) {
                kept.add(CodeDraft.aimed(code.at(slot), distance(slot)));
            }
        }
        List<FunctionRange> functions = new ArrayList<>();
        for (FunctionRange function : program.functions()) {
            if (moved[function.start()] < moved[function.end()]) {
                functions.add(new FunctionRange(
                        function.name(), moved[function.start()], moved[function.end()], function.global()));
            } else if (functions.isEmpty() || isWanted(function)) {
                return Optional.empty();
            }
        }
        return Optional.of(new BpfProgram(
                program.name(),
                program.section(),
                program.entry(),
                program.license(),
                Code.of(kept),
                functions,
                program.maps().stream().map(this::moved).toList(),
                program.keys(),
                program.branchSites().stream()
                        .filter(site -> !deleted.get(site.slot()))
                        .map(site -> new BranchSite(
                                moved[site.slot()], moved[site.target()], site.key(), site.value(), site.inverse()))
                        .toList(),
                List.of()));
    }

    /** The new distance of an instruction that stays; anything for those that have none. */
    private int distance(int slot) {
        Optional<Integer> target = target(slot);
        return target.isEmpty() ? 0 : moved[target.get()] - moved[slot] - 1;
    }

    private Optional<Integer> target(int slot) {
        Insn insn = code.at(slot);
        int distance;
        if (insn instanceof Insn.CallLocal call) {
            distance = call.distance();
        } else if (insn instanceof Insn.Wide wide && wide.kind() == WideKind.FUNCTION) {
            distance = wide.low();
        } else if (insn.jumpDistance().isPresent()) {
            distance = insn.jumpDistance().get();
        } else {
            return Optional.empty();
        }
        return Optional.of(Math.clamp(slot + 1L + distance, 0, code.size()));
    }

    private boolean isWanted(FunctionRange function) {
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Functions table
                    && table.candidates().contains(function.start())) {
                return true;
            }
        }
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            boolean refers = code.at(slot) instanceof Insn.CallLocal || code.at(slot) instanceof Insn.Wide;
            if (refers && !deleted.get(slot) && target(slot).equals(Optional.of(function.start()))) {
                return true;
            }
        }
        return false;
    }

    private MapDefinition moved(MapDefinition map) {
        return switch (map.content()) {
            case MapDefinition.Content.Targets table ->
                map.withContent(new MapDefinition.Content.Targets(
                        table.targets().stream().map(slot -> moved[slot]).toList()));
            case MapDefinition.Content.Functions table -> map.withContent(table.moved(slot -> moved[slot]));
            case MapDefinition.Content.Empty _, MapDefinition.Content.Data _ -> map;
        };
    }
}
