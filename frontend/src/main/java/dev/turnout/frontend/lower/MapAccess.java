package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;

/** Maps, through the kernel's helpers: keys and values are handed over in memory, padding zero. */
final class MapAccess {
    private static final dev.turnout.ir.model.Type.Ptr FOUND = dev.turnout.ir.model.Type.ptr(Region.MAP_VALUE);

    private final FunctionLowering fn;
    private final FunctionBuilder code;

    MapAccess(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** The value for a key, or null. */
    Value lookup(Symbol.MapSymbol map, TypedExpr key) {
        Value where = key(map, key);
        return call("map_lookup_elem", FOUND, map(map), where);
    }

    /** The value for a key that cannot miss. */
    Value slot(Place.MapSlot slot) {
        Value found = lookup(slot.map(), slot.key());
        fn.at(slot.span());
        fn.requirePointer(found, fn.impossible());
        return found;
    }

    /** {@code m[k] = v}. */
    void store(TypedStmt.MapStore store) {
        Value key = key(store.map(), store.key());
        Value value = value(store.value(), store.map().type().value());
        fn.at(store.span());
        call("map_update_elem", Int.I64, map(store.map()), key, value, code.constant(Int.I64, 0));
    }

    /** {@code m.insert(k, v, flag)}. */
    Value insert(Builtin.MapInsert insert) {
        Value key = key(insert.map(), insert.key());
        Value value = value(insert.value(), insert.map().type().value());
        fn.at(insert.span());
        return call("map_update_elem", Int.I64, map(insert.map()), key, value, code.constant(Int.I64, insert.flags()));
    }

    /** {@code m.delete(k)}. */
    Value delete(Builtin.MapDelete delete) {
        Value key = key(delete.map(), delete.key());
        fn.at(delete.span());
        return call("map_delete_elem", Int.I64, map(delete.map()), key);
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
    Value map(Symbol.MapSymbol map) {
        return code.emit(new Operation.Address(Region.MAP, map.linkName()));
    }

    private Value call(String helper, dev.turnout.ir.model.Type type, Value... arguments) {
        return code.emit(new Operation.CallHelper(helper, List.of(arguments), type));
    }

    /** Memory with the key as the object's map has it: the keys of array-like maps are four bytes. */
    private Value key(Symbol.MapSymbol map, TypedExpr key) {
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
