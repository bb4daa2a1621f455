package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ContextField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What a body uses that only the whole program can judge, in the order of the text. */
final class Uses {
    /** A function, and where it is named. */
    record Call(FunctionSymbol callee, Span span) {}

    /**
     * A helper.
     *
     * @param construct what in the source needs it: {@code `print`}
     */
    record HelperCalled(HelperFunction helper, String construct, Span span) {}

    /** An access to the context. */
    record Slot(ContextField field, boolean written, Span span) {}

    /** A call through a value, which may be any function of the type whose name is used as a value. */
    record ThroughValue(Type.Function type, Span span) {}

    /** A call of a row of a table: {@code table[i](…)}. */
    record ThroughTable(Symbol.Table table, Span span) {}

    /**
     * A {@code tail}.
     *
     * @param index absent if it is known at run time only
     */
    record Tail(Symbol.MapSymbol table, OptionalLong index, Span span) {}

    final List<Call> calls = new ArrayList<>();
    /** Functions that are named as values. */
    final List<Call> values = new ArrayList<>();
    /** Tables that are read or passed; those whose rows are only called are in {@link #throughTables}. */
    final Set<Place.TableRows> tables = new LinkedHashSet<>();

    final List<ThroughValue> throughValues = new ArrayList<>();
    final List<ThroughTable> throughTables = new ArrayList<>();
    final List<HelperCalled> helpers = new ArrayList<>();
    final List<Slot> slots = new ArrayList<>();
    final List<Tail> tails = new ArrayList<>();
    /** The calls whose result is returned as it is: {@code return f(x);}. See {@link TailCalls#returned}. */
    final Set<Span> returned = new HashSet<>();
    /** Stores through a reference that came out of a cursor in this body. */
    final List<Span> packetWrites = new ArrayList<>();

    /** Bytes of its variables that are kept out of the frame. */
    long scratch;

    /** The functions that it may call or hand on, where it says so: by name, as values, and the candidates of tables. */
    List<Call> mentioned() {
        List<Call> all = new ArrayList<>(calls);
        all.addAll(values);
        for (Place.TableRows rows : tables) {
            rows.table().candidates().forEach(one -> all.add(new Call(one, rows.span())));
        }
        for (ThroughTable call : throughTables) {
            call.table().candidates().forEach(one -> all.add(new Call(one, call.span())));
        }
        return all;
    }
}
