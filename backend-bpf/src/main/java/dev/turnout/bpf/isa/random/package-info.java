/**
 * Instructions at random, from the rows of the instruction table: for tests of everything that reads code. One seed gives
 * one sequence, for ever. What comes out can be encoded; whether it is safe to run is for a verifier to say.
 */
@NullMarked
package dev.turnout.bpf.isa.random;

import org.jspecify.annotations.NullMarked;
