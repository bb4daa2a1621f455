/**
 * What an engine hands over when it has proven a program: {@link dev.turnout.verifier.invariant.InvariantTable}, for each
 * instruction what its registers hold, joined over all states that the engine has seen there; the ways on from jumps; who
 * calls whom; how deep each frame goes. What has to hold of the whole (the stack of nested calls, where tail calls stand) is
 * judged here on the table, the same whichever engine filled it.
 */
@NullMarked
package dev.turnout.verifier.invariant;

import org.jspecify.annotations.NullMarked;
