package dev.turnout.ir.analysis;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which accesses to memory can meet. Every address is a <i>root</i> and a constant distance from it; two addresses with one
 * root are compared by their distances, and others by what they point into.
 *
 * <table>
 * <caption>When two accesses cannot meet</caption>
 * <tr><td>one root</td><td>their bytes do not overlap</td></tr>
 * <tr><td>different regions, neither of them {@code any}</td><td>never: {@link Region} says so</td></tr>
 * <tr><td>different slots, different globals</td><td>never: an access stays inside of what its address was made from</td></tr>
 * <tr><td>a slot whose address stays here, and what does not come from it</td><td>never: nobody else knows the address</td></tr>
 * </table>
 *
 * <p>Roots are: a slot; a declared global; a pointer and a computed index into it, equal if both are; the reference that a
 * {@code checked} defines, which is its base and its index; and any other pointer. That is flow-insensitive, and enough:
 * what a variable points to is a value by then, not memory. Linear, and immutable once made.
 */
public final class AliasAnalysis {
    private final List<Root> roots = new ArrayList<>();
    private final @Nullable Place[] places;
    private final Map<Object, Integer> numbers = new HashMap<>();
    private final Map<Integer, List<Integer>> movedBy = new HashMap<>();
    private final Map<Integer, Long> constants = new HashMap<>();

    /** What `checked` defines, by the block that it is a parameter of. */
    private final Map<Integer, Place> references = new HashMap<>();

    private final boolean[] leaves;
    private final boolean[] shown;

    /**
     * An address without its constant part.
     *
     * @param object the number of the root that is the slot or global that this one points into; -1 if that is not known
     * @param movedBy numbers of the values that it is computed from; none for what is declared
     */
    private record Root(Region region, int object, List<Integer> movedBy) {}

    /**
     * Bytes that are accessed.
     *
     * @param root number of the address that {@code offset} counts from
     * @param offset bytes from there, signed
     * @param bytes how many
     */
    public record Place(int root, long offset, int bytes) {
        /** Whether all bytes of {@code other} are among these. */
        public boolean covers(Place other) {
            return root == other.root && offset <= other.offset && other.offset + other.bytes <= offset + bytes;
        }

        private boolean overlaps(Place other) {
            return offset < other.offset + other.bytes && other.offset < offset + bytes;
        }
    }

    /** A pointer and a computed index are one root, wherever they are added. */
    private record Indexed(int root, int index) {}

    private AliasAnalysis(Function function) {
        places = new Place[function.valueCount()];
        ControlFlowGraph graph = ControlFlowGraph.of(function);
        // Definitions come before uses in this order.
        for (int block : graph.order()) {
            define(function.blocks().get(block), graph);
        }
        leaves = new boolean[roots.size()];
        shown = new boolean[roots.size()];
        for (int block : graph.order()) {
            use(function.blocks().get(block));
        }
    }

    public static AliasAnalysis of(Function function) {
        return new AliasAnalysis(function);
    }

    /** What a load, store or atomic operation accesses; null for everything else, and for addresses that are none. */
    public @Nullable Place access(Operation op) {
        return switch (op) {
            case Operation.Load load ->
                at(load.address(), load.offset(), load.type().byteSize());
            case Operation.LoadContext load -> at(load.context(), load.offset(), load.bytes());
            case Operation.Store store ->
                at(store.address(), store.offset(), store.value().type().byteSize());
            case Operation.Atomic atomic ->
                at(atomic.address(), atomic.offset(), atomic.width().bytes());
            default -> null;
        };
    }

    /** The bytes at an address; null if it is no pointer that this function can have. */
    public @Nullable Place at(Value address, long offset, int bytes) {
        Place place = places[address.index()];
        return place == null ? null : new Place(place.root, place.offset + offset, bytes);
    }

    public Region region(Place place) {
        return roots.get(place.root).region;
    }

    /**
     * The root of the slot or global that the bytes lie in, which is {@link Place#root} itself where the distance from its start is
     * known; -1 if it is not known what they lie in.
     */
    public int object(Place place) {
        return roots.get(place.root).object;
    }

    /** Whether the bytes lie in a slot of this activation, and no one but this function's own accesses and helpers reach them. */
    public boolean isPrivate(Place place) {
        int object = roots.get(place.root).object;
        return object >= 0 && roots.get(object).region == Region.STACK && !leaves[object];
    }

    /** The same, and no helper ever sees them either. */
    public boolean isHidden(Place place) {
        return isPrivate(place) && !shown[roots.get(place.root).object];
    }

    /** Whether others may write there at any time, and look at any time: what is stored there is not only for this run. */
    public boolean isShared(Place place) {
        return switch (region(place)) {
            case GLOBAL, MAP_VALUE, MAP, FUNCTION, KERNEL, ANY -> !isPrivate(place);
            case STACK, CONTEXT, PACKET, PACKET_END -> false;
        };
    }

    /** Whether two accesses can have a byte in common. */
    public boolean mayMeet(Place a, Place b) {
        if (a.root == b.root) {
            return a.overlaps(b);
        }
        Root first = roots.get(a.root);
        Root second = roots.get(b.root);
        if (first.object >= 0 && second.object >= 0) {
            return first.object == second.object;
        }
        return first.region == second.region
                ? !isPrivate(a) && !isPrivate(b)
                : (first.region == Region.ANY && !isPrivate(b)) || (second.region == Region.ANY && !isPrivate(a));
    }

    /** Whether memory there may be another after the operation. Atomic operations and calls are where others' writes show. */
    public boolean mayWrite(Operation op, Place place) {
        return switch (op) {
            case Operation.Store store -> meets(access(store), place);
            case Operation.Atomic atomic -> isShared(place) || meets(access(atomic), place);
            case Operation.CallHelper call -> call.quiet() ? isShared(place) : !isPrivate(place);
            default -> op.effect() == Effect.CALLS && !isPrivate(place);
        };
    }

    /** Whether the operation, or somebody whom it lets look, may read there. */
    public boolean mayRead(Operation op, Place place) {
        return switch (op) {
            case Operation.Load load -> meets(access(load), place);
            case Operation.LoadContext load -> meets(access(load), place);
            case Operation.Atomic atomic -> isShared(place) || meets(access(atomic), place);
            case Operation.CallHelper call -> !isPrivate(place) || isHanded(call, place);
            default -> op.effect() == Effect.CALLS && !isPrivate(place);
        };
    }

    /** The roots whose address is computed from a value: when that is defined anew, they point elsewhere. */
    public List<Integer> movedBy(Value value) {
        return movedBy.getOrDefault(value.index(), List.of());
    }

    /** Whether a helper is given an address that it can read the place from: at it or above it. */
    private boolean isHanded(Operation.CallHelper call, Place place) {
        for (Value argument : call.arguments()) {
            Place at = places[argument.index()];
            if (at != null && mayMeet(new Place(at.root, at.offset, Integer.MAX_VALUE), place)) {
                return true;
            }
        }
        return false;
    }

    private boolean meets(@Nullable Place access, Place place) {
        return access == null || mayMeet(access, place);
    }

    private void define(Block block, ControlFlowGraph graph) {
        Place reference = references.get(block.label().index());
        for (Value parameter : block.parameters()) {
            own(parameter);
        }
        if (reference != null) {
            places[block.parameters().getFirst().index()] = reference;
        }
        for (Inst inst : block.insts()) {
            Value result = inst.result();
            switch (inst.op()) {
                case Operation.Const constant ->
                    constants.put(result.index(), constant.type().signed(constant.value()));
                case Operation.Slot _ -> object(result, result, Region.STACK);
                case Operation.Address address -> object(address, result, address.region());
                case Operation.Offset offset ->
                    places[result.index()] = moved(places[offset.base().index()], offset.index());
                default -> own(result);
            }
        }
        if (block.terminator() instanceof Terminator.Checked checked
                && graph.predecessors(checked.ok().block().index()).length == 1) {
            Place defined = moved(places[checked.base().index()], checked.offset());
            if (defined != null) {
                references.put(checked.ok().block().index(), defined);
            }
        }
    }

    private @Nullable Place moved(@Nullable Place base, Value index) {
        if (base == null) {
            return null;
        }
        Long by = constants.get(index.index());
        if (by != null) {
            return new Place(base.root, base.offset + by, 0);
        }
        Integer known = numbers.get(new Indexed(base.root, index.index()));
        if (known == null) {
            Root root = roots.get(base.root);
            List<Integer> movedBy = new ArrayList<>(root.movedBy);
            movedBy.add(index.index());
            known = root(new Root(root.region, root.object, List.copyOf(movedBy)));
            numbers.put(new Indexed(base.root, index.index()), known);
        }
        return new Place(known, base.offset, 0);
    }

    /** A slot or something declared: its addresses are one, however often it is named. */
    private void object(Object key, Value result, Region region) {
        Integer known = numbers.get(key);
        if (known == null) {
            known = root(new Root(region, roots.size(), List.of()));
            numbers.put(key, known);
        }
        places[result.index()] = new Place(known, 0, 0);
    }

    private void own(Value value) {
        if (value.type() instanceof Type.Ptr pointer) {
            int number = root(new Root(pointer.region(), -1, List.of(value.index())));
            places[value.index()] = new Place(number, 0, 0);
        }
    }

    private void use(Block block) {
        for (Inst inst : block.insts()) {
            switch (inst.op()) {
                case Operation.Store store -> mark(store.value(), leaves);
                case Operation.Atomic atomic -> atomic.values().forEach(value -> mark(value, leaves));
                case Operation.CallHelper call ->
                    call.arguments().forEach(value -> mark(value, call.quiet() ? shown : leaves));
                case Operation.Select _,
                        Operation.Call _,
                        Operation.CallPointer _,
                        Operation.CallKernel _,
                        Operation.CallHost _,
                        Operation.Opaque _ -> inst.op().operands().forEach(value -> mark(value, leaves));
                // These read the address, or make another one that is followed here.
                case Operation.Load _,
                        Operation.LoadContext _,
                        Operation.Offset _,
                        Operation.Difference _,
                        Operation.Compare _ -> {}
                case Operation.Const _,
                        Operation.Null _,
                        Operation.Unary _,
                        Operation.Binary _,
                        Operation.Convert _,
                        Operation.Slot _,
                        Operation.Address _,
                        Operation.Prove _ -> {}
            }
        }
        switch (block.terminator()) {
            // The reference that it defines is followed.
            case Terminator.Checked _ -> {}
            default -> block.terminator().operands().forEach(value -> mark(value, leaves));
        }
        for (Target target : block.terminator().targets()) {
            target.arguments().forEach(value -> mark(value, leaves));
        }
    }

    private void mark(Value value, boolean[] marks) {
        Place place = places[value.index()];
        if (place != null && roots.get(place.root).object >= 0) {
            marks[roots.get(place.root).object] = true;
        }
    }

    private int root(Root root) {
        for (int value : root.movedBy) {
            movedBy.computeIfAbsent(value, _ -> new ArrayList<>(1)).add(roots.size());
        }
        roots.add(root);
        return roots.size() - 1;
    }
}
