/**
 * What a program is called with. A {@link dev.turnout.runtime.context.Workspace} is the native memory of one run at a time: the
 * context, the packet with its room in front and behind, and the stacks of all frames; programs of packets are fed frames as
 * {@link dev.turnout.runtime.context.PacketFeed} says, which is as Linux's test run does. {@link
 * dev.turnout.runtime.context.PcapReader} reads captures.
 *
 * <p>A workspace lies below 4 GiB: {@code xdp_md} and {@code __sk_buff} hold packet addresses in 32-bit fields, and so a load
 * from the context gives the address itself. Linux rewrites such loads instead, because its packets are anywhere.
 */
@NullMarked
package dev.turnout.runtime.context;

import org.jspecify.annotations.NullMarked;
