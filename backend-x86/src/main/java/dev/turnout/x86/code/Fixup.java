package dev.turnout.x86.code;

/**
 * A field of the code that its place decides. Until then it holds zeros.
 *
 * <p>{@code at} is the field's offset in the code, in bytes.
 */
public sealed interface Fixup {
    int at();

    /** 32 bits: from behind the field to the stub. */
    record ToStub(int at, Stub stub) implements Fixup {}

    /**
     * 64 bits: the address of a map's header.
     *
     * @param map index into the program's maps
     */
    record MapHeader(int at, int map) implements Fixup {}

    /**
     * 64 bits: an address in the value that a map has without a lookup.
     *
     * @param map index into the program's maps
     * @param offset bytes, unsigned
     */
    record MapValue(int at, int map, int offset) implements Fixup {}

    /**
     * 64 bits: where a key's value stands.
     *
     * @param key index into the program's keys
     */
    record KeyValue(int at, int key) implements Fixup {}
}
