package dev.turnout.bpf.lower;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The numbers that say where memory is accessed: indices of offsets, and what these are computed from. */
final class AddressInputs {
    private final Map<Value, Operation> definitions = new HashMap<>();
    private final Map<Value, Set<Value>> arguments = new HashMap<>();
    private final Set<Value> found = new HashSet<>();
    private final Deque<Value> work = new ArrayDeque<>();

    private AddressInputs() {}

    static Set<Value> of(Function function) {
        AddressInputs inputs = new AddressInputs();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                inputs.definitions.put(inst.result(), inst.op());
                if (inst.op() instanceof Operation.Offset offset) {
                    inputs.add(offset.index());
                }
            }
            inputs.edges(function, block.terminator());
        }
        while (!inputs.work.isEmpty()) {
            inputs.spread(inputs.work.pop());
        }
        return inputs.found;
    }

    private void edges(Function function, Terminator end) {
        if (end instanceof Terminator.Checked checked) {
            add(checked.offset());
        }
        List<Target> targets = end.targets();
        for (int i = 0; i < targets.size(); i++) {
            int skipped = end instanceof Terminator.Checked && i == 0 ? 1 : 0;
            List<Value> parameters = function.block(targets.get(i).block()).parameters();
            for (int k = 0; k < targets.get(i).arguments().size(); k++) {
                arguments
                        .computeIfAbsent(parameters.get(k + skipped), _ -> new HashSet<>())
                        .add(targets.get(i).arguments().get(k));
            }
        }
    }

    private void add(Value value) {
        if (found.add(value)) {
            work.push(value);
        }
    }

    private void spread(Value value) {
        arguments.getOrDefault(value, Set.of()).forEach(this::add);
        Operation op = definitions.get(value);
        if (op instanceof Operation.Binary || op instanceof Operation.Unary || op instanceof Operation.Convert) {
            op.operands().forEach(this::add);
        } else if (op instanceof Operation.Select select) {
            add(select.a());
            add(select.b());
        }
    }
}
