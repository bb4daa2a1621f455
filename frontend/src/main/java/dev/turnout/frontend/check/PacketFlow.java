package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Condition;
import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.Parts;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.Symbol.Local;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedSwitch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which packet references of one function have ended where: a forward analysis over the tree. The state is a map from locals to the call
 * that ended them; where ways meet, what has ended on one of them has ended. A loop is walked until its head is stable, which is soon: a
 * local ends once.
 */
final class PacketFlow {
    /**
     * A call that can move the packet.
     *
     * @param by what it is, for messages
     */
    record Move(String by, Span at) {}

    /**
     * Where control goes from the middle of a loop or labelled switch.
     *
     * @param arm of the switch that is gone to, or {@link TypedStmt#COMPUTED}, any of them; {@link #ONLY} of a loop and behind a statement
     */
    private record Way(Loop loop, int arm) {}

    private static final int ONLY = 0;

    private final MovedPackets packets;
    private final FunctionSymbol function;
    private final Parts parts = new Parts(this::walk, this::use);
    private final Map<Way, Map<Local, Move>> leaving = new HashMap<>();
    private final Map<Way, Map<Local, Move>> going = new HashMap<>();
    /** The deferred calls of the blocks around, the last one last, and how many there are outside a loop. */
    private final List<TypedExpr> pending = new ArrayList<>();

    private final Map<Loop, Integer> depths = new HashMap<>();
    /** Every packet local that was made so far. */
    private final Map<Local, Boolean> made = new HashMap<>();

    /** Null where control does not come. */
    private @Nullable Map<Local, Move> ended = new HashMap<>();

    private int moves;
    private @Nullable Move lastMove;

    PacketFlow(MovedPackets packets, FunctionSymbol function) {
        this.packets = packets;
        this.function = function;
    }

    void run(TypedBlock body) {
        function.parameters().forEach(parameter -> made.put(parameter, true));
        block(body);
    }

    private void block(TypedBlock body) {
        int depth = pending.size();
        body.statements().forEach(this::statement);
        leaveTo(depth);
        pending.subList(depth, pending.size()).clear();
    }

    /** The deferred calls that are made when control leaves the blocks above {@code depth}. */
    private void leaveTo(int depth) {
        for (int i = pending.size() - 1; i >= depth && ended != null; i--) {
            walk(pending.get(i));
        }
    }

    // States.

    private static @Nullable Map<Local, Move> copy(@Nullable Map<Local, Move> state) {
        return state == null ? null : new HashMap<>(state);
    }

    private static @Nullable Map<Local, Move> join(@Nullable Map<Local, Move> one, @Nullable Map<Local, Move> other) {
        if (one == null || other == null) {
            return copy(one == null ? other : one);
        }
        Map<Local, Move> all = new HashMap<>(other);
        all.putAll(one);
        return all;
    }

    private static void leave(Map<Way, Map<Local, Move>> ways, Way way, @Nullable Map<Local, Move> state) {
        if (state != null) {
            ways.merge(way, new HashMap<>(state), (before, now) -> {
                Map<Local, Move> all = new HashMap<>(now);
                all.putAll(before);
                return all;
            });
        }
    }

    private static int size(@Nullable Map<Local, Move> state) {
        return state == null ? -1 : state.size();
    }

    // Statements.

    private void statement(TypedStmt statement) {
        switch (statement) {
            case TypedStmt.Define one -> {
                walk(one.value());
                define(one.local(), one.value());
            }
            case TypedStmt.DefineOrElse one -> {
                walk(one.nullable());
                Map<Local, Move> here = copy(ended);
                block(one.otherwise());
                ended = here;
                define(one.local(), one.nullable());
            }
            case TypedStmt.Assign one -> assign(one);
            case TypedStmt.Update one -> {
                use(one.target());
                walk(one.value());
                use(one.target());
            }
            case TypedStmt.MapStore one -> {
                parts.map(one.map());
                walk(one.key());
                walk(one.value());
            }
            case TypedStmt.Evaluate one -> walk(one.value());
            case TypedStmt.If one -> {
                Map<Local, Move> otherwise = condition(one.condition());
                block(one.then());
                Map<Local, Move> then = ended;
                ended = otherwise;
                block(one.otherwise());
                ended = join(then, ended);
            }
            case TypedStmt.While one -> {
                loop(one.loop(), one.body(), one.exhausted(), () -> condition(one.condition()));
            }
            case TypedStmt.For one -> {
                walk(one.from());
                walk(one.to());
                loop(one.loop(), one.body(), one.exhausted(), () -> copy(ended));
            }
            case TypedStmt.Switch one -> ofSwitch(one.body());
            case TypedStmt.Labelled one -> labelled(one);
            case TypedStmt.Redispatch one -> {
                walk(one.value());
                leaveTo(depths.getOrDefault(one.label(), 0));
                leave(going, new Way(one.label(), one.arm()), ended);
                ended = null;
            }
            case TypedStmt.StaticBranch one -> {
                Map<Local, Move> here = copy(ended);
                block(one.then());
                Map<Local, Move> then = ended;
                ended = here;
                block(one.otherwise());
                ended = join(then, ended);
            }
            case TypedStmt.StaticSwitch one -> {
                Map<Local, Move> here = ended;
                Map<Local, Move> out = one.exhaustive() ? null : copy(here);
                for (TypedSwitch.Arm arm : one.arms()) {
                    ended = copy(here);
                    block(arm.body());
                    out = join(out, ended);
                }
                ended = out;
            }
            case TypedStmt.Return one -> {
                TypedExpr value = one.value();
                if (value != null) {
                    walk(value);
                    packets.comesBack(function, value);
                }
                leaveTo(0);
                ended = null;
            }
            case TypedStmt.Tail one -> {
                walk(one.index());
                walk(one.context());
                block(one.otherwise());
            }
            case TypedStmt.Break one -> {
                leaveTo(depths.getOrDefault(one.loop(), 0));
                leave(leaving, new Way(one.loop(), ONLY), ended);
                ended = null;
            }
            case TypedStmt.Continue one -> {
                leaveTo(depths.getOrDefault(one.loop(), 0));
                leave(going, new Way(one.loop(), ONLY), ended);
                ended = null;
            }
            case TypedStmt.Defer one -> pending.add(one.call());
            case TypedStmt.Lock one -> {
                use(one.guard());
                block(one.body());
            }
            case TypedStmt.Block one -> block(one.body());
        }
    }

    private void define(Local local, TypedExpr value) {
        packets.give(local, value);
        begin(local);
    }

    private void begin(Local local) {
        made.put(local, true);
        if (ended != null) {
            ended.remove(local);
        }
    }

    /** A cursor that is assigned begins anew; what lies in the packet is found before the value is computed, and stored to behind it. */
    private void assign(TypedStmt.Assign assign) {
        Local whole = whole(assign.target());
        if (whole == null) {
            use(assign.target());
        }
        walk(assign.value());
        if (whole == null) {
            use(assign.target());
        } else {
            define(whole, assign.value());
        }
    }

    /** The local that an assignment gives a new value, directly, or as the cursor that it refers to. */
    private static @Nullable Local whole(Place target) {
        return switch (target) {
            case Place.Variable variable -> variable.local();
            case Place.Deref(
                    TypedExpr.Load(Place.Variable(Local local, Span _), Type _, Span _),
                    Type.Cursor _,
                    Span _) -> local;
            default -> null;
        };
    }

    /** Walks a condition; gives the state where it does not hold, and goes on where it does. */
    private @Nullable Map<Local, Move> condition(Condition condition) {
        switch (condition) {
            case Condition.Test one -> {
                walk(one.value());
                return copy(ended);
            }
            case Condition.Binding one -> {
                walk(one.nullable());
                Map<Local, Move> otherwise = copy(ended);
                define(one.local(), one.nullable());
                return otherwise;
            }
        }
    }

    /** Walks a condition, and gives the state where the loop ends. */
    private interface Head {
        @Nullable
        Map<Local, Move> walk();
    }

    private void loop(Loop loop, TypedBlock body, @Nullable TypedBlock exhausted, Head head) {
        depths.put(loop, pending.size());
        Map<Local, Move> entry = copy(ended);
        Map<Local, Move> out;
        int before;
        do {
            before = size(entry);
            ended = copy(entry);
            out = head.walk();
            block(body);
            entry = join(entry, join(ended, going.get(new Way(loop, ONLY))));
        } while (size(entry) != before);
        ended = copy(out);
        if (exhausted != null) {
            block(exhausted);
        }
        ended = join(join(out, ended), leaving.get(new Way(loop, ONLY)));
    }

    private void ofSwitch(TypedSwitch body) {
        walk(body.operand());
        Map<Local, Move> here = copy(ended);
        ended = arms(body.arms(), _ -> here);
    }

    /** The state in which an arm is entered, by its index. */
    private interface Entry {
        @Nullable
        Map<Local, Move> of(int arm);
    }

    /** The state behind the arms of a switch. */
    private @Nullable Map<Local, Move> arms(List<TypedSwitch.Arm> arms, Entry entry) {
        Map<Local, Move> out = null;
        Map<Local, Move> falling = null;
        for (int i = 0; i < arms.size(); i++) {
            TypedSwitch.Arm arm = arms.get(i);
            ended = join(entry.of(i), falling);
            block(arm.body());
            TypedExpr value = arm.value();
            if (value != null) {
                walk(value);
            }
            falling = arm.fallsThrough() ? ended : null;
            out = arm.fallsThrough() ? out : join(out, ended);
        }
        return out;
    }

    /** An arm is entered from those that go on to it; from the start only if the operand can choose it. */
    private void labelled(TypedStmt.Labelled labelled) {
        TypedSwitch body = labelled.body();
        Loop label = labelled.label();
        walk(body.operand());
        Map<Local, Move> start = copy(ended);
        int first = first(body);
        Entry entry = arm -> {
            Map<Local, Move> from = join(going.get(new Way(label, arm)), going.get(new Way(label, TypedStmt.COMPUTED)));
            return first == TypedStmt.COMPUTED || first == arm ? join(start, from) : from;
        };
        Map<Local, Move> out;
        int before;
        do {
            before = reached(label, body);
            out = arms(body.arms(), entry);
        } while (reached(label, body) != before);
        ended = copy(start);
        for (int arm = TypedStmt.COMPUTED; arm < body.arms().size(); arm++) {
            ended = join(ended, going.get(new Way(label, arm)));
        }
        TypedBlock exhausted = labelled.exhausted();
        if (exhausted != null) {
            block(exhausted);
        }
        ended = join(join(out, ended), leaving.get(new Way(label, ONLY)));
    }

    /** How much is known of the ways inside a labelled switch: it only grows. */
    private int reached(Loop label, TypedSwitch body) {
        int all = 0;
        for (int arm = TypedStmt.COMPUTED; arm < body.arms().size(); arm++) {
            all += size(going.get(new Way(label, arm))) + 1;
        }
        return all;
    }

    /** The arm that a constant operand chooses, or {@link TypedStmt#COMPUTED}. */
    private static int first(TypedSwitch body) {
        return body.operand() instanceof TypedExpr.Value value
                        && value.type() instanceof EnumType
                        && value.value() instanceof Constant.Number number
                ? body.armOf(number.bits())
                : TypedStmt.COMPUTED;
    }

    // Expressions.

    private void walk(TypedExpr expr) {
        switch (expr) {
            case TypedExpr.Logical one -> {
                walk(one.left());
                sometimes(one.right());
            }
            case TypedExpr.OrElse one -> {
                walk(one.operand());
                sometimes(one.otherwise());
            }
            case TypedExpr.If one -> {
                Map<Local, Move> otherwise = condition(one.condition());
                walk(one.then());
                Map<Local, Move> then = ended;
                ended = otherwise;
                walk(one.otherwise());
                ended = join(then, ended);
            }
            case TypedExpr.SwitchValue one -> ofSwitch(one.body());
            case TypedExpr.Try one -> {
                walk(one.operand());
                Map<Local, Move> here = copy(ended);
                leaveTo(0);
                ended = here;
            }
            case TypedExpr.Call one -> {
                arguments(one.arguments());
                packets.pass(one.function(), one.arguments());
                move(one);
            }
            case TypedExpr.IndirectCall one -> {
                walk(one.callee());
                arguments(one.arguments());
                packets.pass(one.callee().type(), one.arguments());
                move(one);
            }
            default -> {
                parts.of(expr);
                move(expr);
            }
        }
    }

    private void sometimes(TypedExpr expr) {
        Map<Local, Move> without = copy(ended);
        walk(expr);
        ended = join(without, ended);
    }

    /** A reference that is computed for an argument has ended if a later argument moves the packet. */
    private void arguments(List<TypedExpr> arguments) {
        int[] before = new int[arguments.size()];
        for (int i = 0; i < before.length; i++) {
            walk(arguments.get(i));
            before[i] = moves;
        }
        Move move = lastMove;
        for (int i = 0; i < before.length; i++) {
            if (before[i] != moves && move != null && packets.isPacket(arguments.get(i))) {
                packets.report(arguments.get(i).span(), "this reference", move, null);
            }
        }
    }

    private void move(TypedExpr call) {
        String by = packets.mover(call);
        Map<Local, Move> here = ended;
        if (by == null || here == null) {
            return;
        }
        moves++;
        Move move = new Move(by, call.span());
        lastMove = move;
        for (Local local : made.keySet()) {
            if (packets.isPacket(local)) {
                here.putIfAbsent(local, move);
            }
        }
    }

    /** A place is read, written or referred to. */
    private void use(Place place) {
        if (place instanceof Place.Variable(Local local, Span span) && ended != null) {
            Move move = ended.get(local);
            if (move != null) {
                packets.report(span, "`" + local.name() + "`", move, local);
                ended.remove(local);
            }
        }
        parts.of(place);
    }
}
