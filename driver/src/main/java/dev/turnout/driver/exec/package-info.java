/**
 * Code that is given memory instead of a context: r1 is its address, r2 its length. {@link dev.turnout.driver.exec.RawProgram}
 * makes a program of bytes, {@link dev.turnout.driver.exec.FunctionChoice} finds one in an object; {@link
 * dev.turnout.driver.exec.LoadedCode} is what an engine made of it, proven for exactly the memory that it will be given; {@link
 * dev.turnout.driver.exec.ExecReport} is what came of running it.
 *
 * <p>The rules are those of RFC 9669, not Linux's load policy: a constant shift past the width is masked, a division by the
 * constant zero is defined, instructions that no path reaches are fine. What the kernel runs it loads by its own rules.
 */
@NullMarked
package dev.turnout.driver.exec;

import org.jspecify.annotations.NullMarked;
