/**
 * The types of Turnout and where their values lie in memory.
 *
 * <p>A {@link dev.turnout.frontend.type.Type} is structural (two {@code *u32} are one type) except for what is declared:
 * a {@link dev.turnout.frontend.type.StructType} and an {@link dev.turnout.frontend.type.EnumType} are the declaration
 * itself, compared by identity. Layout follows C for {@code struct} and the wire for {@code header}; the rules are in
 * {@link dev.turnout.frontend.type.StructType}. {@link dev.turnout.frontend.type.DebugTypes} says the same to BTF, and
 * {@link dev.turnout.frontend.type.MemoryImage} turns a constant into the bytes that a load will see.
 *
 * <p>Vocabulary: a type's <i>zero</i> is the value of all-zero bytes, which some types lack; <i>shared</i> memory is what
 * others may write (maps, globals, packets, contexts), which some types may not live in.
 */
@NullMarked
package dev.turnout.frontend.type;

import org.jspecify.annotations.NullMarked;
