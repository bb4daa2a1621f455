package dev.turnout.verifier.signature;

import java.util.List;

/**
 * A global function to its callers.
 */
public sealed interface Signature {
    /** The function's number. */
    int function();

    String name();

    /**
     * One that can be called.
     *
     * @param parameters in order, at most five
     * @param givesNumber whether it has a result
     * @param movesPacket whether it, or what it calls, may move the packet
     * @param sleeps whether it, or what it calls, may sleep
     */
    record Typed(
            int function,
            String name,
            List<Parameter> parameters,
            boolean givesNumber,
            boolean movesPacket,
            boolean sleeps)
            implements Signature {
        public Typed {
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * One whose types do not let it be verified alone.
     *
     * @param why as a sentence
     * @param forTypes whether the kernel's types would help
     */
    record Untyped(int function, String name, String why, boolean forTypes) implements Signature {}
}
