package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ContextField;
import java.util.ArrayList;
import java.util.List;

/** What a body uses that only the whole program can judge, in the order of the text. */
final class Uses {
    /** A call, or a mention that may become one. */
    record Call(FunctionSymbol callee, Span span) {}

    /**
     * A helper.
     *
     * @param construct what in the source needs it: {@code `print`}
     */
    record HelperCalled(HelperFunction helper, String construct, Span span) {}

    /** An access to the context. */
    record Slot(ContextField field, boolean written, Span span) {}

    final List<Call> calls = new ArrayList<>();
    final List<HelperCalled> helpers = new ArrayList<>();
    final List<Slot> slots = new ArrayList<>();
    /** Stores through a reference that came out of a cursor in this body. */
    final List<Span> packetWrites = new ArrayList<>();
}
