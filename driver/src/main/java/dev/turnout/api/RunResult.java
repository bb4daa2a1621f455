package dev.turnout.api;

import dev.turnout.runtime.map.Datum;
import java.lang.foreign.MemorySegment;

/**
 * What a run gave.
 *
 * @param value r0, all 64 bits
 * @param verdict its name, such as {@code XDP_PASS}; where the program's type names none, the lower 32 bits as a number with sign
 * @param output a copy of the packet or the memory as the run left it; the packet may have become longer or shorter
 * @param context a copy of the context as the run left it, laid out as the kernel's struct, without pointers; empty for a memory
 * @param redirect where the packet goes on, if the verdict asks for that: {@code {"map": "ports", "key": 1, "target": 7}}, {@code
 *     {"interface": 3}}; else without fields
 */
public record RunResult(
        long value, String verdict, MemorySegment output, MemorySegment context, Datum.Fields redirect) {}
