/**
 * How functions come to be. A {@link dev.turnout.ir.build.FunctionBuilder} is mutable and owned by one maker: it opens
 * blocks, emits instructions, terminates, and freezes the whole into a {@link dev.turnout.ir.model.Function} with {@link
 * dev.turnout.ir.build.FunctionBuilder#build()}. {@link dev.turnout.ir.build.DenseNumbering} is the last step of that,
 * and of every pass that drops or adds blocks: what control cannot reach goes, labels and values are numbered anew.
 */
@NullMarked
package dev.turnout.ir.build;

import org.jspecify.annotations.NullMarked;
