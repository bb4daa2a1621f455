/**
 * Random BPF programs that a verifier can prove, most of them. {@link dev.turnout.tests.random.RandomProgram#draw} makes a whole
 * program of a seed: always the same one, so that a seed names it. What is drawn is not bytes but statements (an operation, an
 * access with the check that makes it safe, a loop that ends, a switch, a call), of which every instruction is of a random row of
 * the table with operands at the edges. {@link dev.turnout.tests.random.Mutation} spoils a program a little, as a mistake of a
 * compiler would; {@link dev.turnout.tests.random.Deletion} makes one smaller.
 *
 * <p>How a body is drawn: {@link dev.turnout.tests.random.FunctionDraft} knows which registers hold numbers at each point, {@link
 * dev.turnout.tests.random.Statements} chooses what comes next, {@link dev.turnout.tests.random.MemoryStatements}, {@link
 * dev.turnout.tests.random.SpillStatements}, {@link dev.turnout.tests.random.FlowStatements} and {@link dev.turnout.tests.random.CallStatements} write it.
 */
@NullMarked
package dev.turnout.tests.random;

import org.jspecify.annotations.NullMarked;
