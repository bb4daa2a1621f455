/**
 * The second engine: a walk over the paths of a program, as Linux does it, for what the fixpoint cannot decide. States are
 * forked at branches and never joined, so nothing is lost where paths meet; a path ends where a state that was seen before
 * includes it.
 *
 * <p>{@link dev.turnout.verifier.walk.Walk} is the door. It makes two tries. In the first, numbers that nothing depends on
 * are forgotten where paths meet ({@code Relevance}, {@code Generalisation}), and numbers that change from round to round of a
 * counted loop (callbacks, iterators, {@code may_goto}) become unknown, so that most programs take few steps; a rejection there is
 * not final, because what was forgotten may have been needed after all. The second forgets only what is dead. Each is
 * bounded in steps and in memory, and both show every state that they go through to the table of invariants: a state
 * is dropped only if one that was gone through includes all of it, so the table holds for it too.
 *
 * <p>A path that comes back to a state of its own does not end. That is a violation, unless a count that the machine keeps has
 * moved on the way; {@code Termination} then looks at the whole: every cycle of the graph of states must pass such a
 * count, and not what starts that count anew.
 */
@NullMarked
package dev.turnout.verifier.walk;

import org.jspecify.annotations.NullMarked;
