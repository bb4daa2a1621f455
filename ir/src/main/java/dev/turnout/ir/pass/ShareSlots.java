package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.AliasAnalysis;
import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands a helper a slot that holds the same bytes already, so that a second copy of a key need not be written.
 *
 * <pre>
 * b0(v0: i32):                                     b0(v0: i32):
 *     v1 = slot 4 align 8 "arg"                        v1 = slot 4 align 8 "arg"
 *     v2 = slot 4 align 8 "arg"                        v2 = slot 4 align 8 "arg"
 *     store i32 v0 to v1                     =&gt;        store i32 v0 to v1
 *     v4 = helper i64 look(v1) quiet                   v4 = helper i64 look(v1) quiet
 *     store i32 v0 to v2                               store i32 v0 to v2
 *     v6 = helper i64 put(v2, v4) quiet                v6 = helper i64 put(v1, v4) quiet
 *     return v4                                        return v4
 * </pre>
 *
 * <p>What is stored in the slot that is handed no more, {@link RemoveDeadStores} takes. Each byte of a slot whose address stays
 * here is known by the value that it is a byte of, or by its number if that is a constant; a byte that was loaded and stored again is what
 * it was. Only quiet helpers are given the other slot: they read it, and it keeps what it holds. All bytes of the slot that was
 * meant must be known and be the first ones of the other.
 *
 * <p>One walk in reverse postorder. Ways that meet keep what they agree in, and where a way comes back nothing is known: so
 * between two facts no value was computed anew, and equal names are equal bytes. Slots times their bytes at each such call; past
 * {@value #MOST} bytes of slots the function is left alone.
 */
public final class ShareSlots {
    private static final int MOST = 1024;
    private static final long UNKNOWN = 0;

    private final Draft draft;
    private final ControlFlowGraph graph;
    private final AliasAnalysis aliases;
    private final Definitions definitions;
    private final List<Room> rooms = new ArrayList<>();
    private final @Nullable Room[] byObject;

    /** The names of a value's bytes, lowest first, where they are not its own. */
    private final long[] @Nullable [] bytesOf;

    private int bytes;
    private boolean changed;

    /** A slot, and the number of its first byte among the bytes of all. */
    private record Room(Value slot, int first, int size) {}

    private ShareSlots(Function function) {
        draft = new Draft(function);
        graph = ControlFlowGraph.of(function);
        aliases = AliasAnalysis.of(function);
        definitions = Definitions.of(function);
        bytesOf = new long[function.valueCount()][];
        byObject = new Room[2 * function.valueCount() + function.blocks().size() + 1];
        for (Inst inst : function.entry().insts()) {
            AliasAnalysis.Place place =
                    inst.op() instanceof Operation.Slot slot ? aliases.at(inst.result(), 0, slot.size()) : null;
            if (place != null && aliases.isPrivate(place)) {
                Room room = new Room(inst.result(), bytes, place.bytes());
                rooms.add(room);
                byObject[place.root()] = room;
                bytes += place.bytes();
            }
        }
    }

    public static Function run(Function function) {
        ShareSlots pass = new ShareSlots(function);
        return pass.rooms.size() < 2 || pass.bytes > MOST ? function : pass.run();
    }

    private Function run() {
        long[][] atEnd = new long[draft.size()][];
        for (int block : graph.order()) {
            atEnd[block] = atStart(block, atEnd);
            List<Inst> insts = draft.block(block).insts;
            for (int i = 0; i < insts.size(); i++) {
                insts.set(i, pass(insts.get(i), atEnd[block]));
            }
        }
        return changed ? draft.freeze() : draft.function();
    }

    private long[] atStart(int block, long[][] atEnd) {
        long[] known = new long[bytes];
        boolean first = true;
        for (int from : graph.predecessors(block)) {
            if (!graph.isReachable(from)) {
                continue;
            }
            if (graph.number(from) >= graph.number(block)) {
                return new long[bytes];
            }
            if (first) {
                known = atEnd[from].clone();
                first = false;
                continue;
            }
            for (int i = 0; i < bytes; i++) {
                known[i] = known[i] == atEnd[from][i] ? known[i] : UNKNOWN;
            }
        }
        return known;
    }

    /** The instruction as it will be, and what is known behind it. */
    private Inst pass(Inst inst, long[] known) {
        AliasAnalysis.Place place = aliases.access(inst.op());
        Room room = place == null || aliases.object(place) < 0 ? null : byObject[aliases.object(place)];
        switch (inst.op()) {
            case Operation.Load load
            when room != null && place != null && aliases.object(place) == place.root() -> {
                int from = room.first + (int) place.offset();
                boolean big = load.order() == ByteOrder.BIG;
                long[] names = new long[place.bytes()];
                for (int i = 0; i < names.length; i++) {
                    int at = from + (big ? names.length - 1 - i : i);
                    known[at] = known[at] == UNKNOWN ? own(inst.result(), i) : known[at];
                    names[i] = known[at];
                }
                bytesOf[inst.result().index()] = names;
            }
            case Operation.Store store
            when room != null && place != null -> {
                if (aliases.object(place) == place.root()) {
                    int from = room.first + (int) place.offset();
                    boolean big = store.order() == ByteOrder.BIG;
                    for (int i = 0; i < place.bytes(); i++) {
                        known[from + (big ? place.bytes() - 1 - i : i)] = name(store.value(), i);
                    }
                } else {
                    Arrays.fill(known, room.first, room.first + room.size, UNKNOWN);
                }
            }
            case Operation.Atomic _
            when room != null -> Arrays.fill(known, room.first, room.first + room.size, UNKNOWN);
            case Operation.CallHelper call
            when call.quiet() -> {
                return shared(inst, call, known);
            }
            default -> name(inst);
        }
        return inst;
    }

    private static long own(Value value, int at) {
        return 1 + 8L * value.index() + at;
    }

    private long name(Value value, int at) {
        long[] names = bytesOf[value.index()];
        Operation.Const constant = definitions.constant(value);
        return constant != null
                ? -1 - (constant.value() >>> (8 * at) & 0xff)
                : names == null ? own(value, at) : names[at];
    }

    /** Bytes of numbers that only move bytes are those of their operands. */
    private void name(Inst inst) {
        int count = inst.result().type().byteSize();
        long[] names = new long[count];
        switch (inst.op()) {
            case Operation.Convert convert
            when convert.op() != ConvertOp.SEXT -> {
                int from = convert.a().type().byteSize();
                // One bit of a byte is not the byte.
                if (convert.type().bits() == 1) {
                    return;
                }
                for (int i = 0; i < count; i++) {
                    names[i] = i < from ? name(convert.a(), i) : -1;
                }
            }
            case Operation.Unary unary
            when unary.op() == UnaryOp.BSWAP -> {
                for (int i = 0; i < count; i++) {
                    names[i] = name(unary.a(), count - 1 - i);
                }
            }
            case Operation.Binary shift
            when shift.op() == BinaryOp.LSHR -> {
                Operation.Const by = definitions.constant(shift.b());
                if (by == null || by.value() % 8 != 0 || by.value() < 0 || by.value() >= 8L * count) {
                    return;
                }
                int low = (int) by.value() / 8;
                for (int i = 0; i < count; i++) {
                    names[i] = i + low < count ? name(shift.a(), i + low) : -1;
                }
            }
            default -> {
                return;
            }
        }
        bytesOf[inst.result().index()] = names;
    }

    private Inst shared(Inst inst, Operation.CallHelper call, long[] known) {
        List<Value> arguments = new ArrayList<>(call.arguments());
        for (int i = 0; i < arguments.size(); i++) {
            AliasAnalysis.Place place = aliases.at(arguments.get(i), 0, 0);
            int object = place == null ? -1 : aliases.object(place);
            Room room = object < 0 ? null : byObject[object];
            if (room != null && place != null && place.root() == object && place.offset() == 0) {
                arguments.set(i, same(room, known).slot);
            }
        }
        if (arguments.equals(call.arguments())) {
            return inst;
        }
        changed = true;
        return new Inst(
                inst.result(), new Operation.CallHelper(call.helper(), arguments, call.type(), true), inst.at());
    }

    /** The first slot that begins with the bytes of this one. */
    private Room same(Room room, long[] known) {
        for (int i = 0; i < room.size; i++) {
            if (known[room.first + i] == UNKNOWN) {
                return room;
            }
        }
        for (Room other : rooms) {
            if (other.size >= room.size
                    && Arrays.equals(
                            known, room.first, room.first + room.size, known, other.first, other.first + room.size)) {
                return other;
            }
        }
        return room;
    }
}
