package dev.turnout.linux.load;

import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/**
 * An entry of an instruction array, as the kernel keeps it right through all that it does to a program. Source: Linux 7.2, {@code struct
 * bpf_insn_array_value}: four 32-bit numbers, of which the last is padding.
 *
 * @param original slot in the program as it was loaded
 * @param rewritten slot in the program as it runs; empty if the kernel has removed the instruction
 * @param nativeOffset bytes from the start of the native code of its function
 */
public record InstructionEntry(int original, OptionalInt rewritten, int nativeOffset) {
    /** Bytes of an entry. */
    static final int BYTES = 16;

    private static final int REMOVED = -1;

    static InstructionEntry of(ByteString value) {
        ByteBuffer in = value.asBuffer();
        int rewritten = in.getInt(4);
        return new InstructionEntry(
                in.getInt(0), rewritten == REMOVED ? OptionalInt.empty() : OptionalInt.of(rewritten), in.getInt(8));
    }

    /** As it is written before the load, when only the slot is known. */
    static ByteString written(int original) {
        ByteBuffer out = ByteBuffer.wrap(new byte[BYTES]).order(ByteOrder.LITTLE_ENDIAN);
        return ByteString.copyOf(out.putInt(original).array());
    }
}
