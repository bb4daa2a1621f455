/**
 * Target lowering, from IR to IR: constructs that a target lacks, or that it has better forms for, become others with the
 * same meaning. Behind it every {@code switch} left is a jump table that the target can have, static branches are left only
 * where the target patches code, and loops whose plain form Linux's verifier would walk round by round have the form in
 * which it stops after two.
 */
@NullMarked
package dev.turnout.bpf.lower;

import org.jspecify.annotations.NullMarked;
