/**
 * From the typed program to the SSA language. In goes a {@link dev.turnout.frontend.typed.TypedProgram}, which is right;
 * out comes a {@link dev.turnout.frontend.lower.LoweredProgram}: an {@code ir} module with frame slots for variables, and
 * the sites of the claims that range analysis still has to discharge. The only mistakes that are found behind this stage
 * are those claims ({@link dev.turnout.frontend.lower.ProofCheck}).
 *
 * <h2>Where values live</h2>
 *
 * <p>A {@link dev.turnout.frontend.lower.Shape} says it by type: a scalar is one IR value, a nullable scalar is two (the
 * number and "present"), structs, arrays and cursors are memory. A {@code let} of a scalar is its value; a {@code var} is
 * a slot that is loaded and stored, and SSA construction makes values of it. An {@link
 * dev.turnout.frontend.lower.Operand} is what an expression gave; an {@link dev.turnout.frontend.lower.Address} is a
 * place in memory with what is known of its alignment.
 *
 * <h2>How functions pass values</h2>
 *
 * <p>{@link dev.turnout.frontend.lower.CallConvention}: scalars as they are; nullable scalars of up to 32 bits as one
 * {@code i64}; everything else by reference to a copy, results by a hidden first parameter.
 *
 * <h2>Null</h2>
 *
 * <p>A nullable expression is lowered as a test wherever it is tested at once ({@link
 * dev.turnout.frontend.lower.Nullables#unwrap}): {@code pkt.take(Ipv4)?} is a bounds check whose failing edge is the
 * exit, and no null pointer ever exists. Kernels need that: a packet pointer that may be null is nothing they know.
 *
 * <h2>One idea a file</h2>
 *
 * <p>{@code Lowering} (the door), {@code ObjectLowering} (what the object holds; which functions are needed), {@code
 * FunctionLowering} (one function's state), then the parts that share that state: {@code Expressions}, {@code Nullables},
 * {@code Places}, {@code Statements}, {@code Loops}, {@code Switches}, {@code Calls}, {@code Cursors}, {@code MapAccess},
 * {@code Numbers}, {@code Checksums}, {@code Prints}, {@code TestBlocks}; and below them {@code Memory}, {@code
 * BitFields}, {@code Copies}, {@code Constants}.
 */
@NullMarked
package dev.turnout.frontend.lower;

import org.jspecify.annotations.NullMarked;
