/**
 * Programs that are in the kernel already, whoever loaded them: libbpf, bpftool, cilium/ebpf, this process. {@link
 * dev.turnout.linux.live.LiveProgram} is found by its number or by a pin and shows its maps; a {@link dev.turnout.linux.live.LiveMap} of
 * data knows its variables by name, from the types that its loader gave the kernel.
 */
@NullMarked
package dev.turnout.linux.live;

import org.jspecify.annotations.NullMarked;
