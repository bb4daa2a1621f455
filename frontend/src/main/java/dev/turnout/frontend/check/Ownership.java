package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.check.OwnedState.Given;
import dev.turnout.frontend.check.OwnedState.Owned;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Condition;
import dev.turnout.frontend.typed.Loop;
import dev.turnout.frontend.typed.OwnedAtSlots;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.RingOperation;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedBlock;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedSwitch;
import dev.turnout.frontend.typed.TypedWalk;
import dev.turnout.frontend.typed.Unwritten;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows what a function owns along every way through it: each value is given back exactly once, used only before, and left
 * nowhere. Runs over the finished tree of a function without mistakes, once.
 *
 * <p>No fixpoint is needed: where ways meet they must agree on what is owned, so what holds at the head of a loop holds at
 * every round or is a mistake; and fields that are assigned once stay so. With the ways it learns what each record may still
 * hold unassigned ({@link Unwritten}), for {@code reserve} to zero.
 */
final class Ownership extends TypedWalk {
    private final Compilation compilation;
    private final OwnedAtSlots slots = new OwnedAtSlots();
    private final List<Scope> scopes = new ArrayList<>();
    private final IdentityHashMap<Loop, Around> around = new IdentityHashMap<>();
    private final IdentityHashMap<Symbol.Local, List<Unwritten>> records = new IdentityHashMap<>();
    private final Loans loans = new Loans();
    private final Set<Diagnostic> reported = new HashSet<>();
    /** What was given away and used since, which is said once. */
    private final Set<Given> shown = new HashSet<>();

    private OwnedState now = new OwnedState();
    private boolean quiet;

    /** A block: the owning locals that end with it, and what is done when it is left. */
    private static final class Scope {
        final List<Symbol.Local> owners = new ArrayList<>();
        final List<TypedStmt> pending = new ArrayList<>();
    }

    /**
     * A loop or labelled switch.
     *
     * @param depth scopes that stay when it is left
     * @param left where {@code break} left it
     * @param entry what holds at its head
     */
    private record Around(int depth, OwnedState left, OwnedState entry) {}

    private Ownership(Compilation compilation) {
        this.compilation = compilation;
    }

    /** Reports what is wrong in a function, and says what it owns where a machine might leave it. */
    static OwnedAtSlots check(Compilation compilation, List<Symbol.Local> parameters, TypedBlock body) {
        Ownership ownership = new Ownership(compilation);
        ownership.scopes.add(new Scope());
        for (Symbol.Local parameter : parameters) {
            ownership.loans.declare(parameter, 0);
            if (parameter.type().owned()) {
                ownership.own(parameter, parameter.declared(), "taken");
            }
        }
        ownership.block(body);
        if (ownership.now.isReachable()) {
            ownership.leave(0, end(body), "at the end of the function in");
        }
        return ownership.slots;
    }

    private static Span end(TypedBlock block) {
        Span whole = block.span();
        return new Span(whole.file(), Math.max(whole.start(), whole.end() - 1), whole.end());
    }

    // ---- reports ----

    private void report(Diagnostic diagnostic) {
        if (!quiet && reported.add(diagnostic)) {
            compilation.report(diagnostic);
        }
    }

    private static String position(Span span) {
        return span.line() + ":" + span.column();
    }

    private static String named(Symbol.Local local, Owned held) {
        return "`" + local.name() + "` (" + held.how() + " at " + position(held.since()) + ")";
    }

    private void leaked(Symbol.Local local, Owned held, Span where, String how) {
        report(at(where, DiagnosticCode.E0346, named(local, held) + " is still owned " + how + " " + position(where))
                .withLabel(held.since(), held.how() + " here")
                .withHelp("write `submit(" + local.name() + ");` or `discard(" + local.name()
                        + ");` before it, on every way"));
    }

    private void differs(Symbol.Local local, Given given) {
        if (given.how().equals("null")) {
            return;
        }
        report(at(
                        given.at(),
                        DiagnosticCode.E0346,
                        "`" + local.name() + "` is " + given.how() + " here, and on another way to the same place it is"
                                + " still owned")
                .withLabel(local.declared(), "declared here")
                .withHelp("give it back on every way, or leave on the one that does: `return …;`"));
    }

    // ---- what is owned ----

    private void own(Symbol.Local local, Span since, String how) {
        now.put(local, new Owned(since, how, new BitSet()));
        scopes.getLast().owners.add(local);
    }

    /** A new local gets its value, which was evaluated. */
    private void bind(Symbol.Local local, TypedExpr value) {
        loans.declare(local, scopes.size());
        loans.add(local, value);
        if (!local.type().owned()) {
            return;
        }
        RingOperation.Reserve reserve = reserve(value);
        if (reserve != null) {
            reserve.unwritten().follow();
            records.computeIfAbsent(local, _ -> new ArrayList<>()).add(reserve.unwritten());
        }
        own(local, value.span(), reserve == null ? "owned" : "reserved");
    }

    /** The reserve that a value comes from directly. */
    private static RingOperation.@Nullable Reserve reserve(TypedExpr value) {
        return switch (value) {
            case RingOperation.Reserve one -> one;
            case TypedExpr.Try one -> reserve(one.operand());
            default -> null;
        };
    }

    /** The local that an expression moves out of. */
    private static Symbol.@Nullable Local moved(TypedExpr value) {
        return value instanceof TypedExpr.Load load
                        && load.place() instanceof Place.Variable variable
                        && variable.type().owned()
                ? variable.local()
                : null;
    }

    private boolean isOwned(Symbol.Local local, Span use) {
        if (now.of(local) instanceof Given given) {
            if (!shown.add(given)) {
                return false;
            }
            report(at(
                            use,
                            DiagnosticCode.E0346,
                            given.how().equals("null")
                                    ? "`" + local.name() + "` is null here"
                                    : "`" + local.name() + "` is used after it was " + given.how() + " in "
                                            + position(given.at()))
                    .withLabel(given.at(), given.how() + " here"));
            return false;
        }
        return now.isReachable();
    }

    private void consume(Symbol.Local local, Span use, String how) {
        if (isOwned(local, use)) {
            if (!how.equals("discarded")) {
                readRest(local);
            }
            now.put(local, new Given(use, how));
        }
    }

    // ---- what of a record is assigned ----

    private static int rest(Type record) {
        return record instanceof StructType struct ? struct.fields().size() : 0;
    }

    private static Type record(Symbol.Local local) {
        Type type = local.type() instanceof Type.Maybe maybe ? maybe.of() : local.type();
        return ((Type.Own) type).to();
    }

    /** All of it is given away or looked at. */
    private void readRest(Symbol.Local local) {
        for (int i = 0; i <= rest(record(local)); i++) {
            readPart(local, i);
        }
    }

    private void readPart(Symbol.Local local, int part) {
        if (!(now.of(local) instanceof Owned owned) || owned.assigned().get(part)) {
            return;
        }
        boolean field = part < rest(record(local));
        for (Unwritten unwritten : records.getOrDefault(local, List.of())) {
            if (field) {
                unwritten.addField(part);
            } else {
                unwritten.addRest();
            }
        }
    }

    private void assigned(Symbol.Local local, int from, int to) {
        if (now.of(local) instanceof Owned owned) {
            owned.assigned().set(from, to);
        }
    }

    /** The owner that a place is reached through, if that is one step. */
    private static Symbol.@Nullable Local owner(Place place) {
        return place instanceof Place.Deref deref && deref.reference().type() instanceof Type.Own
                ? moved(deref.reference())
                : null;
    }

    // ---- leaving ----

    /** Does what is pending in the scopes above {@code depth}, and sees that nothing stays owned in them. */
    private void leave(int depth, Span where, String how) {
        for (int i = scopes.size() - 1; i >= depth; i--) {
            Scope scope = scopes.get(i);
            for (int j = scope.pending.size() - 1; j >= 0; j--) {
                if (scope.pending.get(j) instanceof TypedStmt.Defer defer) {
                    expression(defer.call());
                }
            }
            for (Symbol.Local local : scope.owners) {
                if (now.of(local) instanceof Owned owned) {
                    leaked(local, owned, where, how);
                }
            }
        }
    }

    /** The same on a way aside: what holds here stays. */
    private void leaveAside(Span where, String how) {
        OwnedState here = now.copy();
        leave(0, where, how);
        now = here;
    }

    @Override
    public void block(TypedBlock block) {
        scopes.add(new Scope());
        super.block(block);
        close(end(block));
    }

    private void close(Span end) {
        if (now.isReachable()) {
            leave(scopes.size() - 1, end, "at the end of its block in");
        }
        scopes.removeLast().owners.forEach(now::remove);
    }

    // ---- ways ----

    private void meet(OwnedState other) {
        now.join(other, this::differs);
    }

    private void jump(Around target, Span where, String how) {
        leave(target.depth, where, how);
        target.left.join(now, this::differs);
        now.cut();
    }

    private void again(Around target, Span where, String how) {
        leave(target.depth, where, how);
        back(target.entry);
        now.cut();
    }

    /** A way back to a head, where everything must be as it was at first. */
    private void back(OwnedState entry) {
        entry.join(now, (local, given) -> {
            if (!given.how().equals("null")) {
                report(at(
                                given.at(),
                                DiagnosticCode.E0346,
                                "`" + local.name() + "` is " + given.how()
                                        + " in one round, and the next would have it no more")
                        .withLabel(local.declared(), "declared outside the loop")
                        .withHelp("leave the loop behind it, or get the value inside the loop"));
            }
        });
    }

    private Around enter(Loop loop) {
        OwnedState unreached = new OwnedState();
        unreached.cut();
        Around target = new Around(scopes.size(), unreached, now.copy());
        around.put(loop, target);
        return target;
    }

    @Override
    public void statement(TypedStmt statement) {
        if (!now.isReachable()) {
            return;
        }
        switch (statement) {
            case TypedStmt.Define one -> {
                expression(one.value());
                bind(one.local(), one.value());
            }
            case TypedStmt.DefineOrElse one -> {
                expression(one.nullable());
                OwnedState present = now.copy();
                block(one.otherwise());
                now = present;
                bind(one.local(), one.nullable());
            }
            case TypedStmt.Assign one -> assign(one);
            case TypedStmt.Evaluate one -> {
                expression(one.value());
                if (one.value().type().owned()) {
                    report(at(one.span(), DiagnosticCode.E0346, "what is owned here is dropped")
                            .withHelp("keep it, `let e = … else …;`, and `submit(e)` or `discard(e)` it"));
                }
            }
            case TypedStmt.If one -> {
                OwnedState otherwise = fork(one.condition());
                block(one.then());
                close(end(one.then()));
                OwnedState then = now;
                now = otherwise;
                block(one.otherwise());
                meet(then);
            }
            case TypedStmt.While one -> loop(one);
            case TypedStmt.For one -> {
                expression(one.from());
                expression(one.to());
                Around target = enter(one.loop());
                block(one.body());
                rounds(target, one.exhausted());
            }
            case TypedStmt.Switch one -> choose(one.body());
            case TypedStmt.Labelled one -> {
                expression(one.body().operand());
                Around target = enter(one.label());
                arms(one.body().arms(), true);
                OwnedState behind = now;
                now = target.entry.copy();
                TypedBlock exhausted = one.exhausted();
                if (one.limit() == TypedStmt.NO_LIMIT) {
                    now.cut();
                } else if (exhausted != null) {
                    block(exhausted);
                }
                meet(behind);
                meet(target.left);
            }
            case TypedStmt.Redispatch one -> {
                expression(one.value());
                again(target(one.label()), one.span(), "at the `continue` in");
            }
            case TypedStmt.StaticBranch one -> {
                OwnedState off = now.copy();
                block(one.then());
                OwnedState on = now;
                now = off;
                block(one.otherwise());
                meet(on);
            }
            case TypedStmt.StaticSwitch one -> arms(one.arms(), one.exhaustive());
            case TypedStmt.Return one -> {
                super.statement(one);
                leave(0, one.span(), "at the return in");
                now.cut();
            }
            case TypedStmt.Tail one -> tail(one);
            case TypedStmt.Defer one -> scopes.getLast().pending.add(one);
            case TypedStmt.Lock one -> {
                place(one.guard());
                scopes.add(new Scope());
                scopes.getLast().pending.add(one);
                block(one.body());
                scopes.removeLast();
            }
            case TypedStmt.Break one -> jump(target(one.loop()), one.span(), "at the `break` in");
            case TypedStmt.Continue one -> again(target(one.loop()), one.span(), "at the `continue` in");
            case TypedStmt.Update _, TypedStmt.MapStore _, TypedStmt.Block _ -> super.statement(statement);
        }
    }

    private Around target(Loop loop) {
        Around found = around.get(loop);
        if (found == null) {
            throw new IllegalStateException("a jump to what is not around it");
        }
        return found;
    }

    /** Evaluates a condition, and opens the scope of what it binds where it holds; gives what is so where it does not. */
    private OwnedState fork(Condition condition) {
        condition(condition);
        OwnedState otherwise = now.copy();
        scopes.add(new Scope());
        switch (condition) {
            case Condition.Binding binding -> bind(binding.local(), binding.nullable());
            case Condition.Test test -> {
                if (test.value() instanceof TypedExpr.NullTest known) {
                    Symbol.Local local = moved(known.operand());
                    if (local != null) {
                        (known.isNull() ? now : otherwise).put(local, new Given(known.span(), "null"));
                    }
                }
            }
        }
        return otherwise;
    }

    private void loop(TypedStmt.While one) {
        Around target = enter(one.loop());
        OwnedState otherwise = fork(one.condition());
        block(one.body());
        close(end(one.body()));
        if (now.isReachable()) {
            back(target.entry);
        }
        now = otherwise;
        if (isTrue(one.condition())) {
            now.cut();
        }
        OwnedState done = now;
        now = target.entry.copy();
        ranOut(one.limit() != TypedStmt.NO_LIMIT, one.exhausted());
        meet(done);
        meet(target.left);
    }

    private void rounds(Around target, @Nullable TypedBlock exhausted) {
        if (now.isReachable()) {
            back(target.entry);
        }
        now = target.entry.copy();
        ranOut(exhausted != null, exhausted);
        meet(target.entry);
        meet(target.left);
    }

    private void ranOut(boolean limited, @Nullable TypedBlock exhausted) {
        if (!limited) {
            now.cut();
        } else if (exhausted != null) {
            block(exhausted);
        }
    }

    private static boolean isTrue(Condition condition) {
        return condition instanceof Condition.Test test
                && test.value() instanceof TypedExpr.Value value
                && value.value() instanceof Constant.Number number
                && number.bits() != 0;
    }

    private void choose(TypedSwitch choice) {
        expression(choice.operand());
        arms(choice.arms(), true);
    }

    /** All arms, each from what holds now. */
    private void arms(List<TypedSwitch.Arm> arms, boolean covered) {
        OwnedState entry = now;
        OwnedState behind = entry.copy();
        if (covered) {
            behind.cut();
        }
        OwnedState fallen = entry.copy();
        fallen.cut();
        for (TypedSwitch.Arm arm : arms) {
            now = entry.copy();
            meet(fallen);
            fallen = entry.copy();
            fallen.cut();
            block(arm.body());
            TypedExpr value = arm.value();
            if (value != null) {
                expression(value);
            }
            if (arm.fallsThrough()) {
                fallen = now;
            } else {
                behind.join(now, this::differs);
            }
        }
        now = behind;
    }

    private void tail(TypedStmt.Tail one) {
        expression(one.context());
        expression(one.index());
        for (Scope scope : scopes) {
            for (TypedStmt pending : scope.pending) {
                boolean lock = pending instanceof TypedStmt.Lock;
                report(at(
                                one.span(),
                                lock ? DiagnosticCode.E0348 : DiagnosticCode.E0347,
                                "`tail` while " + (lock ? "a lock is held" : "a deferred call is pending"))
                        .withLabel(pending.span(), lock ? "taken here" : "deferred here")
                        .withNote("the other program does not come back, so nothing here could still be done"));
            }
        }
        for (Symbol.Local local : now.owners()) {
            if (now.of(local) instanceof Owned owned) {
                leaked(local, owned, one.span(), "at the `tail` in");
            }
        }
        block(one.otherwise());
    }

    // ---- stores ----

    private void assign(TypedStmt.Assign one) {
        if (one.target() instanceof Place.Variable variable) {
            expression(one.value());
            Symbol.Local local = variable.local();
            Symbol.Local longer = loans.outlived(local, one.value());
            if (longer != null) {
                report(at(
                                one.span(),
                                DiagnosticCode.E0346,
                                "`" + local.name() + "` would refer to `" + longer.name()
                                        + "` longer than that is there")
                        .withLabel(local.declared(), "declared outside")
                        .withLabel(longer.declared(), "ends with its block"));
            }
            loans.add(local, one.value());
            if (local.type().owned()) {
                if (now.of(local) instanceof Owned owned) {
                    report(at(
                                    one.span(),
                                    DiagnosticCode.E0346,
                                    named(local, owned) + " would be lost: it is still owned")
                            .withLabel(owned.since(), owned.how() + " here")
                            .withHelp("`submit` or `discard` it before"));
                }
                RingOperation.Reserve reserve = reserve(one.value());
                if (reserve != null) {
                    reserve.unwritten().follow();
                    records.computeIfAbsent(local, _ -> new ArrayList<>()).add(reserve.unwritten());
                }
                now.put(local, new Owned(one.value().span(), reserve == null ? "owned" : "reserved", new BitSet()));
            }
            return;
        }
        Symbol.Local whole = owner(one.target());
        if (whole != null) {
            isOwned(whole, one.target().span());
            expression(one.value());
            assigned(whole, 0, rest(record(whole)) + 1);
            return;
        }
        if (one.target() instanceof Place.FieldOf(Place base, Field field, Span _)) {
            Symbol.Local part = owner(base);
            if (part != null && !field.isBitField()) {
                isOwned(part, one.target().span());
                expression(one.value());
                assigned(part, field.index(), field.index() + 1);
                return;
            }
        }
        super.statement(one);
    }

    // ---- expressions ----

    @Override
    public void place(Place place) {
        Symbol.Local whole = owner(place);
        if (whole != null) {
            isOwned(whole, place.span());
            readRest(whole);
            return;
        }
        if (place instanceof Place.FieldOf(Place base, Field field, Span _)) {
            Symbol.Local part = owner(base);
            if (part != null) {
                isOwned(part, place.span());
                readPart(part, field.index());
                return;
            }
        }
        super.place(place);
        if (place instanceof Place.MapSlot slot && !now.owners().isEmpty()) {
            slots.add(slot, leftBehind(slot.span()));
        }
    }

    /** What would still be owned if the function were left here. */
    private List<Symbol.Local> leftBehind(Span where) {
        OwnedState here = now.copy();
        boolean before = quiet;
        quiet = true;
        leave(0, where, "");
        List<Symbol.Local> left = now.owners();
        quiet = before;
        now = here;
        return left;
    }

    @Override
    public void expression(TypedExpr expr) {
        if (!now.isReachable()) {
            return;
        }
        switch (expr) {
            case TypedExpr.Load load
            when load.place() instanceof Place.Variable variable -> {
                Symbol.Local local = variable.local();
                if (local.type().owned()) {
                    consume(local, load.span(), "moved");
                } else {
                    lent(local, load.span());
                }
            }
            case RingOperation.Release one -> {
                Symbol.Local local = moved(one.record());
                if (local == null) {
                    expression(one.record());
                } else {
                    consume(local, one.span(), one.submits() ? "submitted" : "discarded");
                }
            }
            case TypedExpr.NullTest one -> {
                Symbol.Local local = moved(one.operand());
                if (local != null) {
                    isOwned(local, one.span());
                    return;
                }
                super.expression(one);
                if (one.operand().type().owned()) {
                    report(at(one.span(), DiagnosticCode.E0346, "what is owned here is dropped")
                            .withHelp("keep it: `let e = … else …;`"));
                }
            }
            case TypedExpr.Logical one -> {
                expression(one.left());
                OwnedState skipped = now.copy();
                expression(one.right());
                meet(skipped);
            }
            case TypedExpr.If one -> {
                OwnedState otherwise = fork(one.condition());
                expression(one.then());
                close(one.then().span());
                OwnedState then = now;
                now = otherwise;
                expression(one.otherwise());
                meet(then);
            }
            case TypedExpr.SwitchValue one -> choose(one.body());
            case TypedExpr.OrElse one -> {
                expression(one.operand());
                OwnedState present = now.copy();
                expression(one.otherwise());
                meet(present);
            }
            case TypedExpr.Try one -> {
                expression(one.operand());
                if (one.leave() instanceof TypedExpr.Leave.Returns) {
                    leaveAside(one.span(), "where `?` leaves in");
                }
            }
            case TypedExpr.Call call -> {
                super.expression(call);
                call.arguments().forEach(this::stillThere);
            }
            case TypedExpr.IndirectCall call -> {
                super.expression(call);
                call.arguments().forEach(this::stillThere);
            }
            default -> super.expression(expr);
        }
    }

    /** A reference that is used refers to nothing that was given away. */
    private void lent(Symbol.Local reference, Span use) {
        for (Symbol.Local owner : loans.of(reference)) {
            if (now.of(owner) instanceof Given given) {
                report(at(
                                use,
                                DiagnosticCode.E0346,
                                "`" + reference.name() + "` refers to `" + owner.name() + "`, which was " + given.how()
                                        + " in " + position(given.at()))
                        .withLabel(given.at(), given.how() + " here"));
            }
        }
    }

    /** What a call is lent stays while it runs: no other argument takes it. */
    private void stillThere(TypedExpr argument) {
        for (Symbol.Local owner : loans.origin(argument)) {
            if (now.of(owner) instanceof Given given) {
                report(at(
                                argument.span(),
                                DiagnosticCode.E0346,
                                "`" + owner.name() + "` is lent and given away in one call")
                        .withLabel(given.at(), given.how() + " here"));
            }
        }
    }
}
