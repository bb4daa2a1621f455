package dev.turnout.bpf.program;

import dev.turnout.ir.model.DebugType;

/**
 * A static key.
 *
 * @param initial its value at load
 * @param type bool or an enumeration
 */
public record KeyDefinition(String name, long initial, DebugType type) {}
