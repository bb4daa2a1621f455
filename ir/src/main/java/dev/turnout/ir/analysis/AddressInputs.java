package dev.turnout.ir.analysis;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The numbers that say where memory is accessed: indices of offsets, and what these are computed from. Near linear. */
public final class AddressInputs {
    private final Map<Value, Operation> definitions = new HashMap<>();
    private final Map<Value, Set<Value>> arguments = new HashMap<>();
    private final Set<Value> found = new HashSet<>();
    private final Deque<Value> work = new ArrayDeque<>();

    private AddressInputs() {}

    /** All of them. */
    public static Set<Value> of(Function function) {
        return all(function).found;
    }

    /**
     * Those of which something is taken before they say where: they must not be less than that. Of all others it is enough that they are
     * not too large.
     */
    public static Set<Value> reduced(Function function) {
        AddressInputs inputs = all(function);
        Set<Value> all = Set.copyOf(inputs.found);
        inputs.found.clear();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Binary binary && all.contains(inst.result())) {
                    inputs.reduce(binary);
                } else if (inst.op() instanceof Operation.Load load && load.offset() < 0) {
                    inputs.reach(load.address());
                } else if (inst.op() instanceof Operation.Store store && store.offset() < 0) {
                    inputs.reach(store.address());
                }
            }
        }
        inputs.spreadAll();
        return inputs.found;
    }

    private void reduce(Operation.Binary binary) {
        switch (binary.op()) {
            case ADD -> {
                if (isNegative(binary.a()) || isNegative(binary.b())) {
                    add(binary.a());
                    add(binary.b());
                }
            }
            case MUL, AND, OR, XOR, SHL, LSHR, UDIV, UREM -> {}
            case SUB, ASHR, SDIV, SREM -> {
                add(binary.a());
                add(binary.b());
            }
        }
    }

    /** Packets are read behind a test for the very address, whatever stands in front of it. */
    private void reach(Value address) {
        if (definitions.get(address) instanceof Operation.Offset offset
                && !address.type().equals(Type.ptr(Region.PACKET))) {
            add(offset.index());
        }
    }

    private boolean isNegative(Value value) {
        return definitions.get(value) instanceof Operation.Const constant
                && constant.type().signed(constant.value()) < 0;
    }

    private static AddressInputs all(Function function) {
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
        inputs.spreadAll();
        return inputs;
    }

    private void spreadAll() {
        while (!work.isEmpty()) {
            spread(work.pop());
        }
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
