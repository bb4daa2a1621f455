package dev.turnout.ir.eval;

import dev.turnout.ir.model.Region;
import java.util.OptionalLong;

/**
 * The world that evaluated code runs in. Whatever it does not have or does not allow, it says with an {@link
 * EvaluationFailure}; the evaluator adds where it happened.
 */
public interface Environment {
    /**
     * Reads {@code bytes} (1, 2, 4 or 8) at an address, least significant byte first.
     *
     * @return the number, zeros above
     */
    long load(long address, int bytes);

    /** Writes the lowest {@code bytes} (1, 2, 4 or 8) of {@code value}, least significant byte first. */
    void store(long address, int bytes, long value);

    /** Makes room in the frame of the running function. */
    long allocateSlot(int size, int align, String name);

    /** Takes back the last {@code count} slots: their function returns. */
    void releaseSlots(int count);

    /**
     * The address of what the module declares.
     *
     * @param region GLOBAL, MAP or FUNCTION
     */
    long addressOf(Region region, String name);

    /** The function at an address that {@link #addressOf} gave. */
    default String functionAt(long address) {
        throw new EvaluationFailure("0x" + Long.toHexString(address) + " is no function");
    }

    /**
     * Reads a field of the context.
     *
     * @param context what the program was called with
     * @param offset of the field in the context's layout
     * @param bytes width there; a packet pointer comes back whole
     */
    default long loadContext(long context, int offset, int bytes) {
        return load(context + offset, bytes);
    }

    /**
     * Calls a helper by the name of its row.
     *
     * @param evaluator calls back into the module, for helpers that take functions
     * @return what it gives; cut to the type of the call
     */
    default long callHelper(String helper, long[] arguments, Evaluator evaluator) {
        throw new EvaluationFailure("there is no helper `" + helper + "` here");
    }

    /** Calls a function of the kernel that is no helper, by its name. */
    default long callKernel(String function, long[] arguments) {
        throw new EvaluationFailure("there is no function `" + function + "` of the kernel here");
    }

    /** Calls a service of the world that {@code test} blocks run in. */
    default long callHost(String service, long[] arguments, Evaluator evaluator) {
        throw new EvaluationFailure("there is no service `" + service + "` here");
    }

    /** The present value of a key. */
    default long key(String name) {
        throw new EvaluationFailure("there is no key `" + name + "` here");
    }

    /** Runs the program at {@code index} of a program array; empty if there is none. */
    default OptionalLong tailCall(long context, long map, long index) {
        return OptionalLong.empty();
    }
}
