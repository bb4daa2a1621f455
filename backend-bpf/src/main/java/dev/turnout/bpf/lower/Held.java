package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a function holds at each place: records of ring buffers that it has reserved, or was given to give back, and locks. A
 * way out that lowering adds must give these back as every other way does, or Linux refuses the program.
 *
 * <p>A forward analysis. Source code holds the same on all ways that meet, so what one way does not hold is not held. Which
 * parameters a function gives back is read off its code: those that reach a release, directly or through a call.
 */
final class Held {
    /** What gives a held value back. */
    enum Release {
        DISCARD("ringbuf_discard"),
        UNLOCK("spin_unlock");

        private final String helper;

        Release(String helper) {
            this.helper = helper;
        }

        String helper() {
            return helper;
        }
    }

    /** Parameters that functions give back, by name and position. */
    static final class Takers {
        private final Map<String, Set<Integer>> taken = new HashMap<>();

        boolean takes(String function, int parameter) {
            return taken.getOrDefault(function, Set.of()).contains(parameter);
        }

        /** Of all functions of a module. As often over it as chains of calls are long. */
        static Takers of(Module module) {
            Takers takers = new Takers();
            boolean grew = true;
            while (grew) {
                grew = false;
                for (Function function : module.functions()) {
                    Definitions definitions = Definitions.of(function);
                    for (Block block : function.blocks()) {
                        for (Inst inst : block.insts()) {
                            for (Value given : takers.given(inst.op())) {
                                int position = function.parameters().indexOf(source(function, definitions, given));
                                grew |= position >= 0
                                        && takers.taken
                                                .computeIfAbsent(function.name(), _ -> new HashSet<>())
                                                .add(position);
                            }
                        }
                    }
                }
            }
            return takers;
        }

        /** Where a value that moves through blocks comes from, as far as it has one source. */
        private static Value source(Function function, Definitions definitions, Value value) {
            return definitions.op(value) instanceof Operation.Offset(Value base, Value _)
                    ? source(function, definitions, base)
                    : value;
        }

        /** The values that an operation gives back. */
        List<Value> given(Operation op) {
            return switch (op) {
                case Operation.CallHelper call
                when call.helper().equals("ringbuf_submit") || call.helper().equals("ringbuf_discard") ->
                    List.of(call.arguments().getFirst());
                case Operation.Call call -> {
                    List<Value> given = new ArrayList<>();
                    for (int i = 0; i < call.arguments().size(); i++) {
                        if (takes(call.function(), i)) {
                            given.add(call.arguments().get(i));
                        }
                    }
                    yield given;
                }
                default -> List.of();
            };
        }
    }

    private final Function function;
    private final Takers takers;
    private final Definitions definitions;
    private final List<@Nullable Map<Value, Release>> atEntry = new ArrayList<>();

    private Held(Function function, Takers takers) {
        this.function = function;
        this.takers = takers;
        this.definitions = Definitions.of(function);
    }

    static Held of(Function function, Takers takers) {
        Held held = new Held(function, takers);
        held.run();
        return held;
    }

    /** What is held at the beginning of a block, in the order in which it was taken. */
    Map<Value, Release> at(int block) {
        Map<Value, Release> known = block < atEntry.size() ? atEntry.get(block) : null;
        return known == null ? Map.of() : known;
    }

    /** What is held in front of an instruction of a block. */
    Map<Value, Release> at(int block, int index) {
        Map<Value, Release> now = new LinkedHashMap<>(at(block));
        function.blocks().get(block).insts().subList(0, index).forEach(inst -> step(inst, now));
        return now;
    }

    private void run() {
        function.blocks().forEach(_ -> atEntry.add(null));
        Map<Value, Release> first = new LinkedHashMap<>();
        for (int i = 0; i < function.parameters().size(); i++) {
            if (takers.takes(function.name(), i)) {
                first.put(function.parameters().get(i), Release.DISCARD);
            }
        }
        atEntry.set(0, first);
        int[] order = ControlFlowGraph.of(function).order();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int at : order) {
                Map<Value, Release> entry = atEntry.get(at);
                if (entry != null) {
                    changed |= leave(function.blocks().get(at), new LinkedHashMap<>(entry));
                }
            }
        }
    }

    private void step(Inst inst, Map<Value, Release> now) {
        if (inst.op() instanceof Operation.CallHelper call) {
            switch (call.helper()) {
                case "ringbuf_reserve" -> now.put(inst.result(), Release.DISCARD);
                case "spin_lock" -> now.put(call.arguments().getFirst(), Release.UNLOCK);
                case "spin_unlock" -> now.values().removeIf(release -> release == Release.UNLOCK);
                default -> {} // All others take nothing that is held, or are looked at below.
            }
        }
        takers.given(inst.op()).forEach(now::remove);
    }

    private boolean leave(Block block, Map<Value, Release> now) {
        block.insts().forEach(inst -> step(inst, now));
        boolean changed = false;
        for (Target target : block.terminator().targets()) {
            Map<Value, Release> there = new LinkedHashMap<>(now);
            Value none = nullOn(block.terminator(), target);
            if (none != null) {
                there.remove(none);
            }
            List<Value> parameters =
                    function.blocks().get(target.block().index()).parameters();
            int checked = parameters.size() - target.arguments().size();
            for (int i = 0; i < target.arguments().size(); i++) {
                Release moved = there.remove(target.arguments().get(i));
                if (moved != null) {
                    there.put(parameters.get(i + checked), moved);
                }
            }
            changed |= meet(target.block().index(), there);
        }
        return changed;
    }

    /** The value that is null where a branch goes. */
    private @Nullable Value nullOn(Terminator end, Target target) {
        if (end instanceof Terminator.Branch branch
                && definitions.op(branch.condition()) instanceof Operation.Compare compare
                && (compare.op() == CompareOp.EQ || compare.op() == CompareOp.NE)
                && !branch.then().equals(branch.otherwise())) {
            Target whenEqual = compare.op() == CompareOp.EQ ? branch.then() : branch.otherwise();
            if (target.equals(whenEqual)) {
                return definitions.op(compare.b()) instanceof Operation.Null
                        ? compare.a()
                        : definitions.op(compare.a()) instanceof Operation.Null ? compare.b() : null;
            }
        }
        return null;
    }

    private boolean meet(int block, Map<Value, Release> there) {
        Map<Value, Release> known = atEntry.get(block);
        if (known == null) {
            atEntry.set(block, there);
            return true;
        }
        return known.keySet().retainAll(there.keySet());
    }
}
