/**
 * Our objects before the readers of other people: what {@code readelf}, {@code llvm-objdump}, {@code bpftool} and cilium/ebpf say of them. The
 * script {@code tests/readers} asks them; it also takes folders of other objects, and can be carried to where the readers are.
 */
@NullMarked
package dev.turnout.tests.readers;

import org.jspecify.annotations.NullMarked;
