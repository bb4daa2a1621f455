package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Maps, through the kernel's helpers: keys and values are handed over in memory, padding zero. */
final class MapAccess {
    private static final dev.turnout.ir.model.Type.Ptr FOUND = dev.turnout.ir.model.Type.ptr(Region.MAP_VALUE);

    private static final dev.turnout.ir.model.Type.Ptr FOUND_MAP = dev.turnout.ir.model.Type.ptr(Region.MAP);

    private final FunctionLowering fn;
    private final FunctionBuilder code;
    private @Nullable Value scratch;

    MapAccess(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** The value for a key, or the map for one; or null. */
    Value lookup(MapOperand map, TypedExpr key) {
        Value target = map(map);
        Value where = key(map, key);
        return call("map_lookup_elem", map.type().value() instanceof Type.Map ? FOUND_MAP : FOUND, target, where);
    }

    /** The value for a key that cannot miss. */
    Value slot(Place.MapSlot slot) {
        Value found = lookup(slot.map(), slot.key());
        fn.at(slot.span());
        fn.requirePointer(found, fn.impossible(slot));
        return found;
    }

    /** Looks up where the function's variables marked {@code @scratch} lie: at its start, where nothing is owned or held yet. */
    void enterScratch() {
        Value index = code.slot(4, 8, "index");
        code.store(index, 0, code.constant(Int.I32, 0));
        Value map =
                code.emit(new Operation.Address(Region.MAP, fn.object.scratch().map()));
        Value found = call("map_lookup_elem", FOUND, map, index);
        fn.requirePointer(found, fn.impossible(List.of()));
        scratch = found;
    }

    /** Where a variable marked {@code @scratch} lies. */
    Address scratch(Symbol.Local local) {
        return new Address(Objects.requireNonNull(scratch), fn.object.scratch().place(local), 8);
    }

    /** {@code m[k] = v}. */
    void store(TypedStmt.MapStore store) {
        Value map = map(store.map());
        Value key = key(store.map(), store.key());
        Value value = value(store.value(), store.map().type().value());
        fn.at(store.span());
        call("map_update_elem", Int.I64, map, key, value, code.constant(Int.I64, 0));
    }

    /** {@code m.insert(k, v, flag)}. */
    Value insert(Builtin.MapInsert insert) {
        Value map = map(insert.map());
        Value key = key(insert.map(), insert.key());
        Value value = value(insert.value(), insert.map().type().value());
        fn.at(insert.span());
        return call("map_update_elem", Int.I64, map, key, value, code.constant(Int.I64, insert.flags()));
    }

    /** {@code m.delete(k)}. */
    Value delete(Builtin.MapDelete delete) {
        Value map = map(delete.map());
        Value key = key(delete.map(), delete.key());
        fn.at(delete.span());
        return call("map_delete_elem", Int.I64, map, key);
    }

    /** {@code m.push(v)}. */
    Value push(Builtin.MapPush push) {
        Value map = map(push.map());
        Value value = value(push.value(), push.map().type().value());
        fn.at(push.span());
        return call("map_push_elem", Int.I64, map, value, code.constant(Int.I64, push.flags()));
    }

    /** {@code m.pop()}, {@code m.peek()}: the value, or to {@code absent}. The helper fills memory of the frame, also where there is none. */
    Operand pop(Builtin.MapPop pop, Label absent) {
        Type type = pop.map().type().value();
        Value map = map(pop.map());
        fn.at(pop.span());
        Address at = fn.slot(type, "popped");
        // A helper that finds nothing may leave the memory as it is, and nothing may be read that nobody wrote.
        fn.copies.zero(Shape.size(type), at);
        Value outcome = call(pop.removes() ? "map_pop_elem" : "map_peek_elem", Int.I64, map, fn.memory.pointer(at));
        fn.require(code.compare(CompareOp.EQ, outcome, code.constant(Int.I64, 0)), absent);
        return fn.memory.load(type, at);
    }

    /** {@code m.has(v)}: the helper reads the value that it is said to find. */
    Value has(Builtin.MapHas has) {
        Value map = map(has.map());
        Type type = has.map().type().value();
        Address at = fn.slot(type, "asked");
        fn.expressions.into(has.value(), at);
        fn.at(has.span());
        Value outcome = call("map_peek_elem", Int.I64, map, fn.memory.pointer(at));
        return code.compare(CompareOp.EQ, outcome, code.constant(Int.I64, 0));
    }

    /** {@code redirect(m, i, fallback)}: the fallback is the flags' low bits. */
    Value redirect(Builtin.RedirectMap redirect) {
        Value index = fn.expressions.wide(redirect.index());
        Value fallback = fn.expressions.wide(redirect.fallback());
        fn.at(redirect.span());
        Value verdict = call("redirect_map", Int.I64, map(redirect.map()), index, fallback);
        return code.resize(verdict, Shape.integer(redirect.type()));
    }

    /** The map itself. */
    Value map(MapOperand map) {
        return switch (map) {
            case Symbol.MapSymbol named -> code.emit(new Operation.Address(Region.MAP, named.linkName()));
            case MapOperand.Inner inner -> fn.expressions.value(inner.reference());
        };
    }

    private Value call(String helper, dev.turnout.ir.model.Type type, Value... arguments) {
        return code.emit(Calls.callOf(helper, List.of(arguments), type));
    }

    /** Memory with the key as the object's map has it: the keys of array-like maps are four bytes. */
    private Value key(MapOperand map, TypedExpr key) {
        if (!isIndexed(map.type())) {
            return value(key, map.type().key());
        }
        Value index = code.resize(fn.expressions.value(key), Int.I32);
        fn.at(key.span());
        Value slot = code.slot(4, 8, "index");
        code.store(slot, 0, index);
        return slot;
    }

    static boolean isIndexed(Type.Map type) {
        return type.kind().keys() == MapKind.Keys.INDEX;
    }

    /** Memory of the frame with a value. A local that nothing else can reach is handed over as it lies there. */
    private Value value(TypedExpr value, Type type) {
        Address at = fn.calls.borrowed(value);
        if (at == null) {
            at = fn.slot(type, "arg");
            fn.expressions.into(value, at);
        }
        fn.at(value.span());
        return fn.memory.pointer(at);
    }
}
