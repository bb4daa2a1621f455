/**
 * What a program is called with. A {@link dev.turnout.runtime.context.Workspace} is the native memory of one run at a time: the
 * context, the packet with its room in front and behind, and the stacks of all frames; programs of packets are fed frames as
 * {@link dev.turnout.runtime.context.PacketFeed} says, which is as Linux's test run does: what a packet does not say of a context may be
 * given beside it. Programs of other types are given all of theirs; {@link dev.turnout.runtime.context.ContextFields} puts contexts into
 * names and numbers and back. {@link dev.turnout.runtime.context.PcapReader} reads captures.
 *
 * <p>Pointers in a context lead to the packet, or to what is attached behind the context: a closed socket, the keys of a flow, the registers
 * of a system call's caller. Nobody can give a pointer, so what the verifier takes for one is one. Contexts that lead to objects of a kernel
 * are not made.
 *
 * <p>A workspace lies below 4 GiB: {@code xdp_md} and {@code __sk_buff} hold packet addresses in 32-bit fields, and so a load
 * from the context gives the address itself. Linux rewrites such loads instead, because its packets are anywhere.
 */
@NullMarked
package dev.turnout.runtime.context;

import org.jspecify.annotations.NullMarked;
