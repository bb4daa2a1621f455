package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.AliasAnalysis;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places that a function loads from and stores to, numbered: a cell is bytes that are read in one way, with one type and
 * order. And what each instruction makes unknown. For {@link ForwardMemory}.
 */
final class MemoryCells {
    private static final BitSet NONE = new BitSet();

    private final AliasAnalysis aliases;
    private final Definitions definitions;
    private final int known;
    private final List<Cell> cells = new ArrayList<>();
    private final Map<Cell, Integer> numbers = new HashMap<>();
    private final Map<Integer, BitSet> byRoot = new HashMap<>();
    private final Map<AliasAnalysis.Place, BitSet> killedByStore = new HashMap<>();
    private final Map<Value, BitSet> moved = new HashMap<>();
    private final BitSet all = new BitSet();
    private @Nullable BitSet shared;

    /**
     * @param field whether it is a field of the context, whose width there may be another
     */
    private record Cell(AliasAnalysis.Place place, Type type, boolean big, boolean field) {}

    private MemoryCells(Function function) {
        aliases = AliasAnalysis.of(function);
        definitions = Definitions.of(function);
        known = function.valueCount();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                Cell cell = cell(inst.op());
                if (cell != null && !numbers.containsKey(cell)) {
                    numbers.put(cell, cells.size());
                    byRoot.computeIfAbsent(cell.place.root(), _ -> new BitSet()).set(cells.size());
                    cells.add(cell);
                }
            }
        }
        all.set(0, cells.size());
    }

    static MemoryCells of(Function function) {
        return new MemoryCells(function);
    }

    int size() {
        return cells.size();
    }

    /** The cell that a load reads or a store writes; -1 for all else. */
    int of(Operation op) {
        Cell cell = cell(op);
        return cell == null ? -1 : numbers.getOrDefault(cell, -1);
    }

    private @Nullable Cell cell(Operation op) {
        AliasAnalysis.Place place = aliases.access(op);
        if (place == null) {
            return null;
        }
        return switch (op) {
            case Operation.Load load -> new Cell(place, load.type(), isBig(load.order(), place), false);
            case Operation.Store store -> new Cell(place, store.value().type(), isBig(store.order(), place), false);
            case Operation.LoadContext load -> new Cell(place, load.type(), false, true);
            default -> null;
        };
    }

    private static boolean isBig(ByteOrder order, AliasAnalysis.Place place) {
        return order == ByteOrder.BIG && place.bytes() > 1;
    }

    boolean isHidden(int cell) {
        return aliases.isHidden(cells.get(cell).place);
    }

    /**
     * What is not known behind an instruction any more; what it says itself comes after that. Not to be written. Behind a call
     * nothing is: what it cannot change would have to be kept in a register over it, and is loaded again instead.
     */
    BitSet kills(Inst inst) {
        BitSet moves = movedBy(inst.result());
        BitSet kills = switch (inst.op()) {
            case Operation.Store store -> {
                AliasAnalysis.Place place = aliases.access(store);
                yield place == null ? all : killedByStore.computeIfAbsent(place, this::met);
            }
            case Operation.Atomic atomic -> {
                BitSet both = (BitSet) shared().clone();
                AliasAnalysis.Place place = aliases.access(atomic);
                both.or(place == null ? all : killedByStore.computeIfAbsent(place, this::met));
                yield both;
            }
            default -> inst.op().effect() == Effect.CALLS ? all : NONE;
        };
        if (moves.isEmpty()) {
            return kills;
        }
        BitSet both = (BitSet) moves.clone();
        both.or(kills);
        return both;
    }

    /** The cells whose address is computed from a value. */
    BitSet movedBy(Value value) {
        List<Integer> roots = aliases.movedBy(value);
        if (roots.isEmpty()) {
            return NONE;
        }
        return moved.computeIfAbsent(value, _ -> {
            BitSet all = new BitSet();
            roots.forEach(root -> all.or(byRoot.getOrDefault(root, NONE)));
            return all;
        });
    }

    private BitSet met(AliasAnalysis.Place place) {
        BitSet met = new BitSet();
        for (int i = 0; i < cells.size(); i++) {
            met.set(i, aliases.mayMeet(place, cells.get(i).place));
        }
        return met;
    }

    private BitSet shared() {
        BitSet found = shared;
        if (found == null) {
            found = new BitSet();
            for (int i = 0; i < cells.size(); i++) {
                found.set(i, aliases.isShared(cells.get(i).place));
            }
            shared = found;
        }
        return found;
    }

    /** Wider cells that have all bytes of this one. */
    List<Integer> around(int cell) {
        AliasAnalysis.Place place = cells.get(cell).place;
        return byRoot.getOrDefault(place.root(), NONE).stream()
                .filter(other -> cells.get(other).place.bytes() > place.bytes()
                        && cells.get(other).place.covers(place))
                .boxed()
                .toList();
    }

    /**
     * What gives a cell out of a wider one.
     *
     * @param whole what the wider one holds
     * @return the constant, or the low part; null if it takes more
     */
    @Nullable
    Operation part(int cell, int wide, Value whole) {
        Cell narrow = cells.get(cell);
        Cell wider = cells.get(wide);
        if (narrow.field
                || wider.field
                || (narrow.big != wider.big && narrow.place.bytes() > 1)
                || !(narrow.type instanceof Type.Int to)
                || !(wider.type instanceof Type.Int)
                || to.bits() == 1) {
            return null;
        }
        long distance = narrow.place.offset() - wider.place.offset();
        long low = wider.big ? wider.place.bytes() - narrow.place.bytes() - distance : distance;
        Operation.Const constant = whole.index() < known ? definitions.constant(whole) : null;
        if (constant != null) {
            return new Operation.Const(to, constant.value() >>> (8 * low));
        }
        return low == 0 ? new Operation.Convert(ConvertOp.TRUNC, whole, to) : null;
    }
}
