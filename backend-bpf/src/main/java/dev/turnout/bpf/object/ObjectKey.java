package dev.turnout.bpf.object;

import dev.turnout.ir.model.DebugType;

/**
 * A static key: its symbol is {@code BPF.SK.<name>}.
 *
 * @param initial its value at load
 * @param type bool or an enumeration; {@link DebugType.Void} where an object does not say
 */
public record ObjectKey(String name, long initial, DebugType type) {}
