/**
 * Map kinds: a row a kind, with the facts that checker, code generator, verifier, runtime and object writer share. Source:
 * Linux 7.2, {@code enum bpf_map_type}.
 */
@NullMarked
package dev.turnout.stdlib.map;

import org.jspecify.annotations.NullMarked;
