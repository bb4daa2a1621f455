package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.AliasAnalysis;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes values of structs and arrays in slots that are accessed both by their fields and in wider steps, as copies do.
 *
 * <pre>
 * b0(v0: i32, v1: i16, v2: ptr&lt;packet&gt;):    b0(v0: i32, v1: i16, v2: ptr&lt;packet&gt;):
 *     v3 = slot 8 align 8 "tmp"                  v3 = slot 8 align 8 "tmp"
 *     store i32 v0 to v3                         store i32 v0 to v2
 *     store i16 v1 to v3 + 4             =&gt;      store i16 v1 to v2 + 4
 *     store i16 v1 to v3 + 6                     store i16 v1 to v2 + 6
 *     v7 = load i64 v3
 *     store i64 v7 to v2
 * </pre>
 *
 * <p>{@link ConstructSsa} makes variables of pieces that every access covers exactly. Here the others are cut first: accesses that
 * overlap are a group, and where one of them begins or ends all others are cut. A wide load that is only stored on becomes a
 * load and a store a piece; one that is computed with is put together by shifts. A wide store of a constant is as many constants,
 * one of what a load just read is as many loads, and anything else is taken apart by shifts. Memory that others reach is
 * never read or written in smaller steps than the program says. A group is cut if that is fewer instructions than the
 * accesses that go.
 *
 * <p>Only slots whose address goes nowhere but into accesses at constant distances. A copy from one such slot into another is cut
 * on one side in one round, and on the other in the next. Near linear in each of at most {@value #ROUNDS} rounds.
 */
public final class ScalarReplacement {
    private static final int ROUNDS = 4;

    private final Function function;
    private final Draft draft;
    private final AliasAnalysis aliases;
    private final Definitions definitions;

    /** By value, the instructions that use it; a use elsewhere is noted as null. */
    private final Map<Integer, List<@Nullable Inst>> users = new HashMap<>();

    /** How wide accesses are cut: by the number of the access, the sizes and distances of its pieces. */
    private final Map<Integer, List<Piece>> cuts = new HashMap<>();

    /** Stores that go, since the load that they store on is cut. */
    private final Map<Integer, Inst> copies = new HashMap<>();

    /** Loads that are cut since a store that takes them is. */
    private final Set<Integer> sources = new HashSet<>();

    private final Set<Integer> claimed = new HashSet<>();

    /** What the pieces of a load are, once it is cut. */
    private final Map<Integer, List<Value>> parts = new HashMap<>();

    private record Piece(int distance, Type.Int type) {}

    /** Bytes {@code from} to {@code to} of a slot; not included. */
    private record Access(Inst inst, Type type, ByteOrder order, long from, long to) {}

    private ScalarReplacement(Function function) {
        this.function = function;
        draft = new Draft(function);
        aliases = AliasAnalysis.of(function);
        definitions = Definitions.of(function);
    }

    public static Function run(Function function) {
        Function now = function;
        for (int round = 0; round < ROUNDS; round++) {
            Function next = new ScalarReplacement(now).cut();
            if (next.equals(now)) {
                break;
            }
            now = ConstructSsa.run(next);
        }
        return now;
    }

    private Function cut() {
        Map<Integer, List<Access>> slots = accesses();
        if (slots.isEmpty()) {
            return function;
        }
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                inst.op().operands().forEach(value -> user(value, inst));
            }
            block.terminator().operands().forEach(value -> user(value, null));
            block.terminator().targets().forEach(target -> target.arguments().forEach(value -> user(value, null)));
        }
        slots.values().forEach(this::split);
        if (cuts.isEmpty()) {
            return function;
        }
        for (Draft.DraftBlock block : draft.order()) {
            rewrite(block);
        }
        return draft.freeze();
    }

    private void user(Value value, @Nullable Inst inst) {
        users.computeIfAbsent(value.index(), _ -> new ArrayList<>(1)).add(inst);
    }

    /** The accesses to each slot that only has such; the others are left out. */
    private Map<Integer, List<Access>> accesses() {
        Map<Integer, List<Access>> found = new HashMap<>();
        Set<Integer> spoiled = new HashSet<>();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                AliasAnalysis.Place place = aliases.access(inst.op());
                if (place == null || !aliases.isHidden(place)) {
                    continue;
                }
                int slot = aliases.object(place);
                List<Access> row = found.computeIfAbsent(slot, _ -> new ArrayList<>());
                long end = place.offset() + place.bytes();
                switch (inst.op()) {
                    case Operation.Load load
                    when place.root() == slot ->
                        row.add(new Access(inst, load.type(), load.order(), place.offset(), end));
                    case Operation.Store store
                    when place.root() == slot ->
                        row.add(new Access(inst, store.value().type(), store.order(), place.offset(), end));
                    default -> spoiled.add(slot);
                }
            }
        }
        found.keySet().removeAll(spoiled);
        return found;
    }

    private void split(List<Access> accesses) {
        accesses.sort((a, b) -> Long.compare(a.from, b.from));
        int start = 0;
        while (start < accesses.size()) {
            long end = accesses.get(start).to;
            int next = start + 1;
            while (next < accesses.size() && accesses.get(next).from < end) {
                end = Math.max(end, accesses.get(next).to);
                next++;
            }
            group(accesses.subList(start, next));
            start = next;
        }
    }

    private void group(List<Access> group) {
        NavigableSet<Long> borders = new TreeSet<>();
        for (Access access : group) {
            if (!(access.type instanceof Type.Int type) || type.bits() == 1 || access.from % type.bytes() != 0) {
                return;
            }
            borders.add(access.from);
            borders.add(access.to);
        }
        Map<Access, List<Piece>> wide = new HashMap<>();
        for (Access access : group) {
            List<Piece> pieces = pieces(access, borders);
            if (pieces.size() > 1) {
                if (access.order == ByteOrder.BIG) {
                    return;
                }
                wide.put(access, pieces);
            }
        }
        int gain = group.size();
        for (Map.Entry<Access, List<Piece>> one : wide.entrySet()) {
            gain -= cost(one.getKey(), one.getValue(), group);
        }
        if (!wide.isEmpty() && gain > 0 && wide.keySet().stream().noneMatch(this::isClaimed)) {
            wide.forEach(this::claim);
        }
    }

    /** An access cut at the borders, and again so that each piece lies at a multiple of its size. */
    private static List<Piece> pieces(Access access, NavigableSet<Long> borders) {
        List<Piece> pieces = new ArrayList<>();
        long at = access.from;
        while (at < access.to) {
            Long border = borders.higher(at);
            long end = border == null ? access.to : Math.min(border, access.to);
            long size = Math.min(Long.highestOneBit(end - at), at == 0 ? 8 : Long.lowestOneBit(at));
            pieces.add(new Piece((int) (at - access.from), new Type.Int((int) (8 * size))));
            at += size;
        }
        return pieces;
    }

    /** Instructions that cutting the access adds; pieces of a store that nobody reads will be none. */
    private int cost(Access access, List<Piece> pieces, List<Access> group) {
        Inst inst = access.inst;
        if (inst.op() instanceof Operation.Store store) {
            int needed = (int) pieces.stream()
                    .filter(piece -> isRead(access.from + piece.distance, group))
                    .count();
            int each = isSource(store.value(), inst) ? 1 : 2;
            return definitions.constant(store.value()) != null ? 0 : Math.max(0, each * needed - 1);
        }
        List<Inst> copied = copies(inst);
        return copied == null ? 2 * (pieces.size() - 1) : copied.size() * (pieces.size() - 1);
    }

    private static boolean isRead(long at, List<Access> group) {
        for (Access access : group) {
            if (access.inst.op() instanceof Operation.Load && access.from <= at && at < access.to) {
                return true;
            }
        }
        return false;
    }

    /** The stores that a wide load is for, if it is for nothing else and these may be cut; else null. */
    private @Nullable List<Inst> copies(Inst load) {
        List<Inst> stores = new ArrayList<>();
        for (Inst user : users.getOrDefault(load.result().index(), List.of())) {
            if (user != null
                    && user.op() instanceof Operation.Store store
                    && store.value().equals(load.result())
                    && !store.address().equals(load.result())
                    && store.order() == ByteOrder.LITTLE
                    && isOwn(store)) {
                stores.add(user);
            } else {
                return null;
            }
        }
        return stores;
    }

    /** Whether a stored value was loaded for this store alone, from memory that may be read in pieces. */
    private boolean isSource(Value value, Inst store) {
        return definitions.op(value) instanceof Operation.Load load
                && load.order() == ByteOrder.LITTLE
                && isOwn(load)
                && users.getOrDefault(value.index(), List.of()).equals(List.of(store));
    }

    private boolean isOwn(Operation access) {
        AliasAnalysis.Place place = aliases.access(access);
        return place != null && !aliases.isShared(place);
    }

    private boolean isClaimed(Access access) {
        return partners(access.inst).stream().anyMatch(claimed::contains);
    }

    /** The access and those that are cut with it, by the numbers of their results. */
    private List<Integer> partners(Inst access) {
        List<Integer> all = new ArrayList<>();
        all.add(access.result().index());
        if (access.op() instanceof Operation.Store store) {
            all.add(store.value().index());
        } else {
            List<Inst> stores = copies(access);
            if (stores != null) {
                stores.forEach(one -> all.add(one.result().index()));
            }
        }
        return all;
    }

    private void claim(Access access, List<Piece> pieces) {
        claimed.addAll(partners(access.inst));
        cuts.put(access.inst.result().index(), pieces);
        if (access.inst.op() instanceof Operation.Store store) {
            if (definitions.constant(store.value()) == null && isSource(store.value(), access.inst)) {
                sources.add(store.value().index());
                cuts.put(store.value().index(), pieces);
            }
        } else {
            List<Inst> stores = copies(access.inst);
            if (stores != null) {
                sources.add(access.inst.result().index());
                stores.forEach(one -> copies.put(one.result().index(), access.inst));
            }
        }
    }

    private void rewrite(Draft.DraftBlock block) {
        List<Inst> kept = new ArrayList<>(block.insts.size());
        for (Inst inst : block.insts) {
            int number = inst.result().index();
            Inst copied = copies.get(number);
            List<Piece> pieces =
                    cuts.get(copied == null ? number : copied.result().index());
            if (pieces == null) {
                kept.add(inst);
                continue;
            }
            switch (inst.op()) {
                case Operation.Load load -> load(load, inst, pieces, kept);
                case Operation.Store store -> store(store, inst, pieces, kept);
                default -> throw new IllegalStateException(inst + " is no access");
            }
        }
        block.insts = kept;
    }

    private void load(Operation.Load load, Inst inst, List<Piece> pieces, List<Inst> to) {
        List<Value> values = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            values.add(make(
                    new Operation.Load(piece.type, load.address(), load.offset() + piece.distance, ByteOrder.LITTLE),
                    inst.at(),
                    to));
        }
        parts.put(inst.result().index(), values);
        if (!sources.contains(inst.result().index())) {
            draft.replace(inst.result(), joined(values, pieces, (Type.Int) load.type(), inst.at(), to));
        }
    }

    /** The wide number that the pieces make. */
    private Value joined(List<Value> values, List<Piece> pieces, Type.Int type, Location at, List<Inst> to) {
        Value sum = make(new Operation.Convert(ConvertOp.ZEXT, values.getFirst(), type), at, to);
        for (int i = 1; i < pieces.size(); i++) {
            Value wide = make(new Operation.Convert(ConvertOp.ZEXT, values.get(i), type), at, to);
            Value by = make(new Operation.Const(type, 8L * pieces.get(i).distance), at, to);
            Value high = make(new Operation.Binary(BinaryOp.SHL, wide, by), at, to);
            sum = make(new Operation.Binary(BinaryOp.OR, sum, high), at, to);
        }
        return sum;
    }

    private void store(Operation.Store store, Inst inst, List<Piece> pieces, List<Inst> to) {
        List<Value> values = parts.get(store.value().index());
        Operation.Const constant = definitions.constant(store.value());
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            Value value;
            if (values != null && sources.contains(store.value().index())) {
                value = values.get(i);
            } else if (constant != null) {
                value = make(new Operation.Const(piece.type, constant.value() >>> (8 * piece.distance)), inst.at(), to);
            } else {
                value = part(store.value(), piece, inst.at(), to);
            }
            to.add(draft.inst(
                    new Operation.Store(store.address(), store.offset() + piece.distance, value, ByteOrder.LITTLE),
                    inst.at()));
        }
    }

    private Value part(Value whole, Piece piece, Location at, List<Inst> to) {
        Value from = whole;
        if (piece.distance > 0) {
            Value by = make(new Operation.Const((Type.Int) whole.type(), 8L * piece.distance), at, to);
            from = make(new Operation.Binary(BinaryOp.LSHR, whole, by), at, to);
        }
        return make(new Operation.Convert(ConvertOp.TRUNC, from, piece.type), at, to);
    }

    private Value make(Operation op, Location at, List<Inst> to) {
        Inst inst = draft.inst(op, at);
        to.add(inst);
        return inst.result();
    }
}
