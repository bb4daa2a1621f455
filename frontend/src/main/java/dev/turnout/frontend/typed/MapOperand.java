package dev.turnout.frontend.typed;

import dev.turnout.frontend.type.Type;

/** The map that an operation is on. */
public sealed interface MapOperand permits Symbol.MapSymbol, MapOperand.Inner {
    Type.Map type();

    /**
     * A map that was found in a map of maps.
     *
     * @param reference a reference to it; evaluated before the key
     */
    record Inner(TypedExpr reference, Type.Map type) implements MapOperand {}
}
