package dev.turnout.frontend.lower;

import java.util.Locale;
import java.util.Optional;

/**
 * What the body of a {@code test} asks of the world that it runs in: the names in {@code CallHost} operations. Operands
 * are IR values, in this order; a <i>packet</i> and a <i>text</i> are handles (i64) that the world gives out, programs and
 * functions are their addresses, maps likewise, keys are numbers in the module's list of keys.
 */
public enum HostService {
    /** {@code (condition i1, check i32)}: the test fails if the condition does not hold. */
    EXPECT,
    /** {@code (check i32)}: the test fails; does not come back. */
    FAIL,
    /** {@code (program ptr, packet i64) -> i32}: runs a program on a packet, which keeps what the run made of it. */
    RUN,
    /**
     * {@code (program ptr, context ptr, size i64, behind i64) -> i32}: runs a program on a context of these bytes, and stores what it
     * made of them there. {@code behind} of them are none of the context's: the first field of the context is made to lead to them.
     */
    RUN_CONTEXT,
    /** {@code (program ptr, packet i64, context ptr, size i64) -> i32}: runs a program on a packet, with a context that says more. */
    RUN_BOTH,
    /** {@code (bytes ptr, size i64) -> i64}: the address of a copy in memory of the process that programs see. */
    USER_MEMORY,
    /** {@code () -> i64}: a packet without bytes. */
    PACKET,
    /** {@code (packet i64, bytes ptr, size i64)}: adds bytes at the end. */
    APPEND,
    /** {@code (packet i64, length i64) -> i64}: another packet with the first bytes, all of them if there are fewer. */
    CUT,
    /** {@code (packet i64, offset i64, size i64) -> ptr}: the bytes in the packet, or null if it has not that many. */
    BYTES_AT,
    /** {@code (packet i64) -> i32}: the length. */
    LENGTH,
    /** {@code (time i64)}: sets the clock, in nanoseconds. */
    CLOCK,
    /** {@code () -> i64}: what was printed since the last call, as a text. */
    OUTPUT,
    /** {@code (text i64, bytes ptr, size i64) -> i1}: whether the text is these bytes. */
    TEXT_EQUALS,
    /** {@code (key i32, value i64)}: sets a key and waits until every site has it. */
    SET_KEY,
    /** {@code ()}: loads the object anew, with the read-only data as it now is. */
    RELOAD,
    /** {@code (map ptr) -> i32}: entries. */
    ENTRIES,
    /** {@code (map ptr) -> i32}: records of a ring buffer that nobody has taken. */
    EVENTS,
    /**
     * {@code (map ptr, size i64, check i32) -> ptr}: takes the oldest record of a ring buffer; a copy, or null. The test fails if
     * the record has another size.
     */
    NEXT_EVENT,
    /** {@code (bytes ptr, size i64) -> i64}: the bytes up to the first NUL, as a text. */
    TEXT,
    /** {@code (function ptr) -> i32}: jump tables in the emitted code. */
    TABLES,
    /** {@code (function ptr) -> i32}: jumps through a table. */
    GOTOX,
    /** {@code (function ptr) -> i32}: calls through a table. */
    CALLX,
    /** {@code (function ptr) -> i32}: patch sites that are a nop now. */
    NOPS,
    /** {@code (key i32) -> i32}: patch sites of a key in all programs. */
    SITES;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name in a {@code CallHost}. */
    public String word() {
        return word;
    }

    public static Optional<HostService> ofWord(String word) {
        for (HostService service : values()) {
            if (service.word.equals(word)) {
                return Optional.of(service);
            }
        }
        return Optional.empty();
    }
}
