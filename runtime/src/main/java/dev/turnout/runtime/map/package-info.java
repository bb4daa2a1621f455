/**
 * Maps: their memory, and what Linux's operations do to it. {@link dev.turnout.runtime.map.BpfMap} is the sealed family;
 * {@link dev.turnout.runtime.map.MapFactory} makes one of a definition. Programs reach a map by the address of its header
 * and hold addresses of values; hosts read and write copies. {@link dev.turnout.runtime.map.TypedBytes} turns bytes into
 * {@link dev.turnout.runtime.map.Datum}s, which print as JSON, and back.
 *
 * <p><b>Layout</b>, fixed so that compiled code can do without calls. All numbers are little endian. A map has a header of
 * {@link dev.turnout.runtime.map.MapHeader#SIZE} bytes that says where the rest is; the constants of that class are its
 * fields. An <i>array</i> is its values, one after the other, each padded to 8 bytes: value i of CPU slot s stands at
 * {@code values + s * slotStride + i * stride} (s is 0 for maps that are not per CPU). A <i>hash table</i> has a power of two
 * buckets of 8 bytes: the first element, and a word that is the bucket's lock and counts its changes; an element is {@code
 * next, hash, state, free link} (32 bits each), the key padded to 8 bytes and, if the map is not per CPU, the value; values of
 * per-CPU tables stand apart, as those of an array whose index is the element's number. Links are numbers of elements plus 1,
 * 0 ends a chain. Readers take no lock. Elements never move, so the address of a value stays good as long as its map.
 *
 * <p>Maps whose values only hosts write, {@link dev.turnout.runtime.map.MapOfMaps} first of all, are {@link
 * dev.turnout.runtime.map.Words words} of 8 bytes: those of indices stand one after the other, those of keys are the values of such a
 * table. A word is replaced by one store. That of a map of maps is the inner map's header address or 0; an {@link
 * dev.turnout.runtime.map.InnerMap} counts who holds it, and its machine frees it a grace period after the last did.
 *
 * <p>What a value's address shows after its key was replaced or deleted is what Linux with preallocated elements shows: the
 * old bytes, until the element is used again.
 *
 * <p>Source: Linux 7.2, the documented behaviour of map kinds, and its results on the running kernel.
 */
@NullMarked
package dev.turnout.runtime.map;

import org.jspecify.annotations.NullMarked;
