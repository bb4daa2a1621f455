/**
 * The program as a graph, and the rules that need nothing else. {@link dev.turnout.verifier.cfg.Structure} checks what can
 * be seen without running anything (targets, constants, tables, reachability); {@link dev.turnout.verifier.cfg.ControlFlow}
 * cuts a function into blocks; {@link dev.turnout.verifier.cfg.WeakTopologicalOrder} nests its loops, each with the one
 * head at which the fixpoint widens; {@link dev.turnout.verifier.cfg.Liveness} says which registers matter where.
 *
 * <p>A block ends at a jump, an exit, and at a call of a function of the program: the analysis of the callee stands between
 * it and the next. Blocks are numbered from 0 within their function, in order of their slots.
 */
@NullMarked
package dev.turnout.verifier.cfg;

import org.jspecify.annotations.NullMarked;
