/**
 * Maps: their memory, and what Linux's operations do to it. {@link dev.turnout.runtime.map.BpfMap} is the sealed family;
 * {@link dev.turnout.runtime.map.MapFactory} makes one of a definition. Programs reach a map by the address of its header
 * and hold addresses of values; hosts read and write copies. {@link dev.turnout.runtime.map.TypedBytes} turns bytes into
 * {@link dev.turnout.runtime.map.Datum}s, which print as JSON, and back.
 *
 * <p><b>Layout</b>, fixed so that compiled code can do without calls. All numbers are little endian. A map has a header of
 * {@link dev.turnout.runtime.map.MapHeader#SIZE} bytes that says where the rest is; the constants of that class are its
 * fields. Links are numbers of elements plus 1, 0 ends a chain, and fresh memory is an empty map. Nothing moves, so the address of a
 * value stays good as long as its map.
 *
 * <ul>
 *   <li>An <i>array</i> is its values, one after the other, each padded to 8 bytes: value i of CPU slot s stands at {@code values + s *
 *       slotStride + i * stride} (s is 0 for maps that are not per CPU).
 *   <li>A <i>hash table</i> ({@link dev.turnout.runtime.map.HashShape}) has a power of two buckets of 8 bytes: the first element, and a
 *       word that is the bucket's lock and counts its changes; an element is {@code next, hash, state, free link} (32 bits each), the key
 *       padded to 8 bytes and, if the map is not per CPU, the value; values of per-CPU tables stand apart, as those of an array whose
 *       index is the element's number.
 *   <li>A <i>prefix trie</i> has nodes of {@code left child, right child, length of the prefix, state, free link} (32 bits each), the
 *       bits, and the value, both from a multiple of 8 on.
 *   <li>A <i>queue or stack</i> is a ring of values; a <i>Bloom filter</i> its bits, in words of 64.
 *   <li>A <i>ring of records</i> ({@link dev.turnout.runtime.map.EventRing}) is laid out as Linux's, and its data mapped twice, so that
 *       a record over the end is contiguous; of event arrays each CPU slot has one, of its own memory.
 * </ul>
 *
 * <p><b>Threads.</b> Look-ups take no lock. In an array there is nothing to wait for; tables and tries count changes in their lock words,
 * and a reader who missed what he looked for (in a trie: any reader) and sees that something changed looks again. Writers lock a bucket,
 * a trie or a queue for the length of one operation; nobody waits for a second lock while he holds one, but for the spin lock of a value
 * (copies that {@link dev.turnout.runtime.map.BpfMap#LOCK} asks for), whose holders are programs that may call nothing. Who waits lets others run. An update of a value that is
 * not per CPU is an element of its own, linked by one store with release: readers see the old value or the new one. What a program
 * writes through the address of a value is up to the program, as in Linux: atomic instructions, a spin lock, or a value a CPU.
 *
 * <p>Records have many writers and one reader, or with {@code user_ringbuf} the other way round. Writers of a ring buffer get room under
 * its lock and fill it without; the reader takes none, and sleeps on {@link dev.turnout.runtime.map.Arrivals}, which a writer tells if
 * the word of those who wait is not 0. An {@link dev.turnout.runtime.map.EventSource} is the reader's side.
 *
 * <p>Maps whose values only hosts write, {@link dev.turnout.runtime.map.MapOfMaps} first of all, are {@link
 * dev.turnout.runtime.map.Words words} of 8 bytes: those of indices stand one after the other, those of keys are the values of such a
 * table. A word is replaced by one store. That of a map of maps is the inner map's header address or 0; an {@link
 * dev.turnout.runtime.map.InnerMap} counts who holds it, and its machine frees it a grace period after the last did.
 *
 * <p>What a value's address shows after its key was replaced or deleted is what Linux with preallocated elements shows: the
 * old bytes, until the element is used again ({@link dev.turnout.runtime.map.FreeElements} says when).
 *
 * <p>Source: Linux 7.2, the documented behaviour of map kinds, and its results on the running kernel.
 */
@NullMarked
package dev.turnout.runtime.map;

import org.jspecify.annotations.NullMarked;
