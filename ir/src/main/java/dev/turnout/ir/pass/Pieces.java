package dev.turnout.ir.pass;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a function's slots that {@link ConstructSsa} can turn into values, and who accesses them. A piece is a range
 * of a slot's bytes that every access to any of these bytes covers exactly, with one type.
 */
final class Pieces {
    /** Where a pointer points, if that is a fixed place of a slot: slot number and bytes from its start. */
    private record Place(int slot, long offset) {}

    private record Access(Inst inst, Place place, Type type, ByteOrder order) {
        long end() {
            return place.offset + type.byteSize();
        }
    }

    private final List<ConstructSsa.Variable> variables = new ArrayList<>();
    private final ConstructSsa.@Nullable Variable[] byInst;
    private final boolean[][] stores;
    private final boolean[][] readsFirst;

    private Pieces(Function function) {
        @Nullable Place[] places = new Place[function.valueCount()];
        List<List<Access>> accesses = new ArrayList<>();
        byInst = new ConstructSsa.Variable[function.valueCount()];
        boolean[] escaped = place(function, places, accesses);
        for (int slot = 0; slot < accesses.size(); slot++) {
            if (!escaped[slot]) {
                split(accesses.get(slot));
            }
        }
        stores = new boolean[variables.isEmpty() ? 0 : function.blocks().size()][variables.size()];
        readsFirst = new boolean[stores.length][variables.size()];
        if (variables.isEmpty()) {
            return;
        }
        for (Block block : function.blocks()) {
            int number = block.label().index();
            for (Inst inst : block.insts()) {
                ConstructSsa.Variable variable = variable(inst);
                if (variable == null) {
                    continue;
                }
                if (inst.op() instanceof Operation.Store) {
                    stores[number][variable.number()] = true;
                } else if (!stores[number][variable.number()]) {
                    readsFirst[number][variable.number()] = true;
                }
            }
        }
    }

    static Pieces of(Function function) {
        return new Pieces(function);
    }

    List<ConstructSsa.Variable> variables() {
        return variables;
    }

    /** The variable that a load or store accesses; null if it accesses memory that stays. */
    ConstructSsa.@Nullable Variable variable(Inst inst) {
        return byInst[inst.result().index()];
    }

    boolean stores(int block, int variable) {
        return stores[block][variable];
    }

    /** Whether the block reads the variable before it stores to it. */
    boolean readsFirst(int block, int variable) {
        return readsFirst[block][variable];
    }

    /** Finds the accesses of each slot; says which slots have an address that goes elsewhere. */
    private static boolean[] place(Function function, @Nullable Place[] places, List<List<Access>> accesses) {
        Map<Integer, Long> constants = new HashMap<>();
        for (Inst inst : function.entry().insts()) {
            if (inst.op() instanceof Operation.Slot) {
                places[inst.result().index()] = new Place(accesses.size(), 0);
                accesses.add(new ArrayList<>());
            }
        }
        boolean[] escaped = new boolean[accesses.size()];
        if (accesses.isEmpty()) {
            return escaped;
        }
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Const constant) {
                    constants.put(inst.result().index(), constant.type().signed(constant.value()));
                }
            }
        }
        // An offset may stand before its base in the text: until nothing new is found, which is after one more round.
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block block : function.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Offset offset
                            && places[inst.result().index()] == null) {
                        Place base = places[offset.base().index()];
                        Long by = constants.get(offset.index().index());
                        if (base != null && by != null) {
                            places[inst.result().index()] = new Place(base.slot, base.offset + by);
                            changed = true;
                        }
                    }
                }
            }
        }
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                uses(inst, places, accesses, escaped);
            }
            escape(block.terminator().operands(), places, escaped);
            for (Target target : block.terminator().targets()) {
                escape(target.arguments(), places, escaped);
            }
        }
        return escaped;
    }

    private static void uses(Inst inst, @Nullable Place[] places, List<List<Access>> accesses, boolean[] escaped) {
        switch (inst.op()) {
            case Operation.Load load ->
                access(inst, load.address(), load.offset(), load.type(), load.order(), places, accesses);
            case Operation.Store store -> {
                Type type = store.value().type();
                access(inst, store.address(), store.offset(), type, store.order(), places, accesses);
                escape(List.of(store.value()), places, escaped);
            }
            case Operation.Offset offset -> {
                if (places[inst.result().index()] == null) {
                    escape(List.of(offset.base()), places, escaped);
                }
            }
            default -> escape(inst.op().operands(), places, escaped);
        }
    }

    private static void access(
            Inst inst,
            Value address,
            int offset,
            Type type,
            ByteOrder order,
            @Nullable Place[] places,
            List<List<Access>> accesses) {
        Place base = places[address.index()];
        if (base != null) {
            Place place = new Place(base.slot, base.offset + offset);
            accesses.get(base.slot).add(new Access(inst, place, type, order));
        }
    }

    private static void escape(List<Value> values, @Nullable Place[] places, boolean[] escaped) {
        for (Value value : values) {
            Place place = places[value.index()];
            if (place != null) {
                escaped[place.slot] = true;
            }
        }
    }

    /** Makes a variable of each group of accesses that overlap, if all of them are alike. */
    private void split(List<Access> accesses) {
        List<Access> sorted = new ArrayList<>(accesses);
        sorted.sort((a, b) -> Long.compare(a.place.offset, b.place.offset));
        int start = 0;
        while (start < sorted.size()) {
            long end = sorted.get(start).end();
            int next = start + 1;
            while (next < sorted.size() && sorted.get(next).place.offset < end) {
                end = Math.max(end, sorted.get(next).end());
                next++;
            }
            group(sorted.subList(start, next));
            start = next;
        }
    }

    private void group(List<Access> group) {
        Access first = group.getFirst();
        boolean little = false;
        boolean big = false;
        for (Access one : group) {
            if (one.place.offset != first.place.offset || !one.type.equals(first.type)) {
                return;
            }
            little |= one.order == ByteOrder.LITTLE;
            big |= one.order == ByteOrder.BIG;
        }
        ConstructSsa.Variable variable = new ConstructSsa.Variable(variables.size(), first.type, little && big);
        variables.add(variable);
        for (Access one : group) {
            byInst[one.inst.result().index()] = variable;
        }
    }
}
