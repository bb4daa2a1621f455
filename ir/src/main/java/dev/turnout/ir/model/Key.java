package dev.turnout.ir.model;

/**
 * A static key of the object.
 *
 * @param initial its value at load: 0 or 1, or a member of its enumeration, whose bits above the width are zero even if it is
 *     negative; so are the values of static switches
 * @param type bool, or a closed enumeration
 * @param pinned whether it is reachable by name from other objects
 */
public record Key(String name, long initial, DebugType type, boolean pinned) {}
