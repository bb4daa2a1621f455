package dev.turnout.bpf.lower;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hides what the frame's cells that a converging loop stores to hold before it. Linux's verifier tracks numbers in frames as it
 * tracks registers: a counter in a struct that starts as 0 is another number in each round, a field that is zero on one way and set
 * on another makes two states of one, and the states of several such cells multiply. Cells that hold numbers which it does not know fit
 * into each other whatever is stored.
 *
 * <pre>
 * before: jump head                                  after: z = opaque 0; v = load i8 s; w = v ^ z; store w to s; jump head
 *         head(): … n = add m, 1; store n to s              head(): … n = add m, 1; o = n ^ z; store o to s
 * </pre>
 *
 * <p>What the loop computes and stores is hidden again if it is narrower than a word: a comparison ({@code if (n == 0) { n += 1; }}) makes
 * a number known, and where words and registers that differ from round to round are forgotten at {@code may_goto}, narrower cells are not
 * (Linux 6.12 to 7.2: only words count as spilled).
 *
 * <p>Cells are those of the function's own slots that something was stored to before, and of a caller's that a parameter leads to. Nothing but the running function
 * changes a frame, so storing back what was there changes nothing. Places of pointers are left alone: the loop stores them as
 * pointers, and what the verifier knows of them is needed. A loop inside of another is entered with hidden cells already, but for
 * those that the outer one sets to constants in front of it. Costs three instructions a cell where the loop is entered, and one a store.
 * Linear in the stores and the depth of loops.
 */
final class HideCells {
    private final Function function;
    private final Draft draft;
    private final ControlFlowGraph graph;
    private final DominatorTree dominators;
    private final LoopForest loops;
    private final Definitions definitions;

    /** A number in a frame. */
    private record Cell(Value base, int offset, int bytes) {
        boolean covers(Cell other) {
            return base.equals(other.base) && offset <= other.offset && other.offset + other.bytes <= offset + bytes;
        }
    }

    private HideCells(Function function) {
        this.function = function;
        this.draft = new Draft(function);
        this.graph = ControlFlowGraph.of(function);
        this.dominators = DominatorTree.of(graph);
        this.loops = LoopForest.of(graph, dominators);
        this.definitions = Definitions.of(function);
    }

    /** @param function whose loops converge where they should */
    static Function run(Function function) {
        for (Block block : function.blocks()) {
            if (block.terminator() instanceof Terminator.MayGoto) {
                return new HideCells(function).all();
            }
        }
        return function;
    }

    private Function all() {
        BitSet inLoops = new BitSet();
        for (int loop = 0; loop < loops.loops().size(); loop++) {
            if (converges(loops.loops().get(loop))) {
                hide(loop);
                loops.loops().get(loop).blocks().forEach(inLoops::set);
            }
        }
        inLoops.stream().forEach(this::hideStores);
        return draft.build();
    }

    /** Hides the numbers that a block of a loop computes for cells narrower than words. */
    private void hideStores(int at) {
        Block block = draft.block(at);
        List<Inst> insts = new ArrayList<>();
        for (Inst inst : block.insts()) {
            if (inst.op() instanceof Operation.Store store
                    // Not one that was put in here.
                    && store.value().index() < function.valueCount()
                    && definitions.op(store.value()) instanceof Operation.Binary
                    && cell(inst, loops.innermost(at))
                            .filter(cell -> cell.bytes < Long.BYTES)
                            .isPresent()) {
                Value hidden = draft.emit(insts, draft.hidden(insts, store.value(), inst.at()), inst.at());
                Operation hiding = new Operation.Store(store.address(), store.offset(), hidden, store.order());
                insts.add(new Inst(inst.result(), hiding, inst.at()));
            } else {
                insts.add(inst);
            }
        }
        if (insts.size() > block.insts().size()) {
            draft.set(at, insts, block.terminator());
        }
    }

    private boolean converges(LoopForest.Loop loop) {
        return loop.blocks().stream()
                .anyMatch(at -> function.blocks().get(at).terminator() instanceof Terminator.MayGoto);
    }

    private void hide(int number) {
        LoopForest.Loop loop = loops.loops().get(number);
        Map<Cell, Location> cells = new LinkedHashMap<>();
        for (int at : loop.blocks()) {
            for (Inst inst : function.blocks().get(at).insts()) {
                cell(inst, number).ifPresent(cell -> cells.putIfAbsent(cell, inst.at()));
            }
        }
        if (loop.parent() >= 0 && converges(loops.loops().get(loop.parent()))) {
            cells.keySet().retainAll(setToConstants(loops.loops().get(loop.parent()), number));
        }
        cells.keySet().retainAll(written(number, cells.keySet()));
        if (cells.isEmpty()) {
            return;
        }
        for (int from : graph.predecessors(loop.header())) {
            if (!loops.contains(number, from)) {
                hide(from, cells);
            }
        }
    }

    private void hide(int from, Map<Cell, Location> cells) {
        // Before the block is read: it may be the entry.
        draft.unknownZero();
        Block block = draft.block(from);
        List<Inst> insts = new ArrayList<>(block.insts());
        cells.forEach((cell, at) -> {
            Int type = new Int(cell.bytes * Byte.SIZE);
            Value known = draft.emit(insts, new Operation.Load(type, cell.base, cell.offset, ByteOrder.LITTLE), at);
            Value hidden = draft.emit(insts, draft.hidden(insts, known, at), at);
            draft.emit(insts, new Operation.Store(cell.base, cell.offset, hidden, ByteOrder.LITTLE), at);
        });
        draft.set(from, insts, block.terminator());
    }

    /** Those that hold something in front of a loop: by a store on every way to it, or because they are a caller's. */
    private Set<Cell> written(int loop, Set<Cell> cells) {
        Set<Cell> written = new HashSet<>();
        cells.stream().filter(cell -> function.parameters().contains(cell.base)).forEach(written::add);
        int header = loops.loops().get(loop).header();
        for (int at : graph.order()) {
            if (loops.contains(loop, at) || !dominators.dominates(at, header)) {
                continue;
            }
            for (Inst inst : function.blocks().get(at).insts()) {
                cell(inst, loop)
                        .ifPresent(store -> cells.stream().filter(store::covers).forEach(written::add));
            }
        }
        return written;
    }

    /** Cells that a loop sets to constants outside of one that it contains. */
    private Collection<Cell> setToConstants(LoopForest.Loop outer, int inner) {
        List<Cell> set = new ArrayList<>();
        for (int at : outer.blocks()) {
            if (!loops.contains(inner, at)) {
                for (Inst inst : function.blocks().get(at).insts()) {
                    if (inst.op() instanceof Operation.Store store
                            && definitions.op(store.value()) instanceof Operation.Const) {
                        cell(inst, inner).ifPresent(set::add);
                    }
                }
            }
        }
        return set;
    }

    /** The cell that an instruction stores a number to, if it is there before a loop. */
    private Optional<Cell> cell(Inst inst, int loop) {
        if (!(inst.op() instanceof Operation.Store store) || !(store.value().type() instanceof Int type)) {
            return Optional.empty();
        }
        Value base = store.address();
        long offset = store.offset();
        while (definitions.op(base) instanceof Operation.Offset moved
                && definitions.op(moved.index()) instanceof Operation.Const by) {
            base = moved.base();
            offset += by.value();
        }
        boolean frame = base.type() instanceof Type.Ptr pointer && pointer.region() == Region.STACK;
        boolean own = definitions.op(base) instanceof Operation.Slot
                || function.parameters().contains(base);
        return frame && own && offset == (short) offset && !loops.contains(loop, definitions.block(base))
                ? Optional.of(new Cell(base, (int) offset, type.bytes()))
                : Optional.empty();
    }
}
