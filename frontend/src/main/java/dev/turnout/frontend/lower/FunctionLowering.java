package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.OwnedAtSlots;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.program.PacketAccess;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One function while it is lowered: the builder, where its locals live, how it is left. The parts that turn the kinds of
 * syntax into instructions share it and reach each other through it.
 */
final class FunctionLowering {
    final ObjectLowering object;
    final FunctionBuilder code;
    final Type result;
    /** How this copy of the function reaches packet bytes. */
    final PacketAccess packets;
    /** Whether it is the body of a {@code test}. */
    final boolean test;

    final Copies copies;
    final Memory memory;
    final BitFields bitFields;
    final Constants constants;
    final Expressions expressions;
    final Nullables nullables;
    final Places places;
    final Statements statements;
    final Loops loops;
    final Switches switches;
    final LabelledSwitches labelled;
    final Calls calls;
    final Slices slices;
    final Cursors cursors;
    final MapAccess maps;
    final Rings rings;
    /** What every way out of the current place does first. */
    final Pending pending = new Pending();
    /** What the function owns where a machine might leave it. */
    private final OwnedAtSlots owned;

    final Numbers numbers;
    final Checksums checksums;
    final KernelReads kernel;
    final Prints prints;
    final TestBlocks tests;

    private final IdentityHashMap<Symbol.Local, Storage> locals = new IdentityHashMap<>();
    private final Map<Exit, Label> exits = new HashMap<>();
    private final Map<Impossible, Label> impossible = new HashMap<>();
    private final Deque<Detour> detours = new ArrayDeque<>();
    private @Nullable Address resultPlace;
    private @Nullable Constant fails;
    private boolean locked;

    /** Where a local lives. */
    private sealed interface Storage {
        /** Never assigned and never referred to: its value is all there is. */
        record Known(Operand operand) implements Storage {}

        record Stored(Address at) implements Storage {}
    }

    /**
     * A way out that several places share.
     *
     * @param value what is returned, if anything
     * @param pending what is done before
     */
    private record Exit(@Nullable Constant value, List<Runnable> pending) {}

    /** A way that is never taken, and what it gives back. */
    private record Impossible(List<Symbol.Local> owned, List<Runnable> pending) {}

    FunctionLowering(
            ObjectLowering object,
            FunctionBuilder code,
            Type result,
            PacketAccess packets,
            OwnedAtSlots owned,
            boolean test) {
        this.object = object;
        this.code = code;
        this.result = result;
        this.packets = packets;
        this.owned = owned;
        this.test = test;
        this.copies = new Copies(code, packets);
        this.memory = copies.memory();
        this.bitFields = new BitFields(code, memory);
        this.constants = new Constants(code, copies, object);
        this.expressions = new Expressions(this);
        this.nullables = new Nullables(this);
        this.places = new Places(this);
        this.statements = new Statements(this);
        this.loops = new Loops(this);
        this.switches = new Switches(this);
        this.labelled = new LabelledSwitches(this);
        this.calls = new Calls(this);
        this.slices = new Slices(this);
        this.cursors = new Cursors(this);
        this.maps = new MapAccess(this);
        this.rings = new Rings(this);
        this.numbers = new Numbers(this);
        this.checksums = new Checksums(this);
        this.kernel = new KernelReads(this);
        this.prints = new Prints(this);
        this.tests = new TestBlocks(this);
    }

    /** Whether a lock is held here. */
    boolean underLock() {
        return locked;
    }

    /** Says whether one is held from here on; gives what was so before. */
    boolean underLock(boolean held) {
        boolean before = locked;
        locked = held;
        return before;
    }

    /** What is emitted from here on comes from {@code span}. */
    void at(Span span) {
        code.at(location(span));
    }

    static Location location(Span span) {
        return new Location(span.file().name(), span.line(), span.column());
    }

    // Locals.

    /** Takes the function's parameters, the hidden one first. */
    void enter(Symbol.FunctionSymbol function) {
        fails = function.fails();
        if (CallConvention.hiddenResult(function.result())) {
            resultPlace = Address.of(code.parameter(CallConvention.parameter(function.result())));
        }
        for (Symbol.Local parameter : function.parameters()) {
            if (CallConvention.way(parameter.type()) == CallConvention.Way.SPLIT) {
                slices.enter(parameter);
                continue;
            }
            Value value = code.parameter(CallConvention.parameter(parameter.type()));
            switch (CallConvention.way(parameter.type())) {
                case NOTHING, SPLIT -> throw new IllegalArgumentException("one parameter of " + parameter.type());
                case DIRECT -> define(parameter, new Operand.Scalar(value));
                case PACKED -> define(parameter, CallConvention.unpack(code, value, parameter.type()));
                case BY_REFERENCE -> locals.put(parameter, new Storage.Stored(Address.of(value)));
            }
        }
    }

    /** Makes a local whose value is given; what lives in memory is copied. */
    void define(Symbol.Local local, Operand operand) {
        if (!needsMemory(local)) {
            locals.put(local, new Storage.Known(operand));
        } else {
            memory.store(local.type(), reserve(local), operand);
        }
    }

    /** Makes a local in memory and says where; the caller fills it. */
    Address reserve(Symbol.Local local) {
        // A test has all the memory that it wants, and no map that no program uses.
        Address at = local.scratch() && !test ? maps.scratch(local) : slot(local.type(), local.name());
        locals.put(local, new Storage.Stored(at));
        return at;
    }

    /** Whether a local lives in memory, for now: SSA construction takes most of them out again. */
    boolean needsMemory(Symbol.Local local) {
        return local.mutable() || local.addressed() || Shape.of(local.type()) == Shape.MEMORY;
    }

    /** The value of a local that does not live in memory, or the place of one that does. */
    Operand local(Symbol.Local local) {
        return switch (storage(local)) {
            case Storage.Known(Operand operand) -> operand;
            case Storage.Stored(Address at) -> new Operand.InMemory(at);
        };
    }

    private Storage storage(Symbol.Local local) {
        Storage storage = locals.get(local);
        if (storage == null) {
            throw new IllegalStateException(local + " has no place yet");
        }
        return storage;
    }

    /** Fresh memory for a value of {@code type}. */
    Address slot(Type type, String name) {
        return Address.of(code.slot(Math.max(1, Shape.size(type)), 8, name));
    }

    // Ways out.

    /** Returns a value that is computed now. */
    void returns(@Nullable TypedExpr value) {
        if (value != null && Shape.of(result) == Shape.MEMORY) {
            expressions.into(value, resultPlace());
            pending.run(0);
            code.returns();
        } else {
            Operand operand = value == null ? nothing() : expressions.lower(value);
            pending.run(0);
            returnOperand(operand);
        }
    }

    /** {@code return;}: nothing, or in a {@code ?void} function "present". */
    private Operand nothing() {
        return Shape.of(result) == Shape.SCALAR
                ? new Operand.Scalar(code.constant(Int.I1, 1))
                : Operand.Nothing.NOTHING;
    }

    void returnOperand(Operand operand) {
        switch (operand) {
            case Operand.Nothing _ -> code.returns();
            case Operand.Scalar scalar -> code.returns(scalar.value());
            case Operand.Pair pair -> {
                if (CallConvention.way(result) == CallConvention.Way.PACKED) {
                    code.returns(CallConvention.pack(code, pair));
                } else {
                    memory.storeScalar(resultPlace(), pair.value());
                    code.returns(pair.present());
                }
            }
            case Operand.InMemory memory -> {
                copies.copy(result, memory.address(), resultPlace());
                code.returns();
            }
        }
    }

    private Address resultPlace() {
        if (resultPlace == null) {
            throw new IllegalStateException("the result has no place");
        }
        return resultPlace;
    }

    /** Ends the function if control comes to its end, and makes what stands aside. */
    void end() {
        if (code.isOpen()) {
            endOpen();
        }
        while (!detours.isEmpty()) {
            Detour next = detours.remove();
            code.switchTo(next.label);
            code.at(next.at);
            pending.restore(next.pending);
            next.body.run();
        }
    }

    private void endOpen() {
        if (test || result instanceof Type.Void) {
            code.returns();
        } else if (result instanceof Type.Maybe maybe && maybe.of() instanceof Type.Void) {
            returnOperand(nothing());
        } else {
            // The checker has shown that this is not reached.
            code.terminate(new Terminator.Unreachable());
        }
    }

    /** The block that a failing {@code ?} goes to: one for each value that is left with. */
    Label exit(TypedExpr.Leave leave, Span span) {
        return switch (leave) {
            case TypedExpr.Leave.FailsTest _ -> tests.failure(span);
            case TypedExpr.Leave.Returns returns -> exit(returns.value());
        };
    }

    private Label exit(@Nullable TypedExpr value) {
        if (value != null && !(value instanceof TypedExpr.Value)) {
            return detour(() -> returns(value));
        }
        Exit exit = new Exit(value instanceof TypedExpr.Value known ? known.value() : null, pending.snapshot());
        Label label = exits.get(exit);
        if (label == null) {
            label = detour(() -> returns(value));
            exits.put(exit, label);
        }
        return label;
    }

    /**
     * Where control would go if a map had no value for a key that it always has. Machines and kernels check the pointer all
     * the same, so the way is real: it gives back what {@code ?} would, or zero, and drops what is owned.
     */
    Label impossible(Place.MapSlot slot) {
        return impossible(owned.at(slot));
    }

    /** @param left what is owned there, and is given back on the way */
    Label impossible(List<Symbol.Local> left) {
        Impossible way = new Impossible(left, pending.snapshot());
        Label label = impossible.get(way);
        if (label == null) {
            label = detour(() -> leaveFailing(way.owned));
            impossible.put(way, label);
        }
        return label;
    }

    private void leaveFailing(List<Symbol.Local> left) {
        left.forEach(rings::discard);
        pending.run(0);
        if (test) {
            code.returns();
        } else if (Shape.of(result) == Shape.MEMORY) {
            if (fails == null) {
                copies.zero(Shape.size(result), resultPlace());
            } else {
                constants.store(fails, result, resultPlace());
            }
            code.returns();
        } else {
            returnOperand(fails == null ? constants.zero(result) : constants.of(fails, result));
        }
    }

    /** A block with this code, which ends it. It is made, and stands, behind everything else. */
    Label detour(Runnable body) {
        Detour detour = new Detour(code.newBlock(), code.at(), pending.snapshot(), body);
        detours.add(detour);
        return detour.label;
    }

    private record Detour(Label label, Location at, List<Runnable> pending, Runnable body) {}

    /** Goes on in a fresh block that only {@code yes} leads to. */
    void require(Value condition, Label otherwise) {
        Label next = code.newBlock();
        code.branch(condition, next, otherwise);
        code.switchTo(next);
    }

    /** Goes on if a pointer is not null. */
    void requirePointer(Value pointer, Label ifNull) {
        Value none = code.emit(new Operation.Null((dev.turnout.ir.model.Type.Ptr) pointer.type()));
        Label next = code.newBlock();
        code.branch(code.compare(dev.turnout.ir.model.CompareOp.EQ, pointer, none), ifNull, next);
        code.switchTo(next);
    }

    /** What stands behind code that never comes here: a block that nothing leads to. */
    void dead() {
        code.switchTo(code.newBlock());
    }

    /** The operand stored in memory: where a pointer to it is needed. */
    Address inMemory(Operand operand, Type type, String name) {
        if (operand instanceof Operand.InMemory(Address at)) {
            return at;
        }
        Address slot = slot(type, name);
        memory.store(type, slot, operand);
        return slot;
    }
}
