/**
 * Layout: machine code with registers goes in, instructions in their final order come out. Blocks that do nothing are
 * jumped over ({@link dev.turnout.bpf.layout.BlockThreading}), the others are put into an order in which hot ways fall
 * through and cold ones are out of line ({@link dev.turnout.bpf.layout.BlockOrder}), and distances are filled in, with far
 * forms where 16 bits do not reach ({@link dev.turnout.bpf.layout.FunctionEmitter}).
 */
@NullMarked
package dev.turnout.bpf.layout;

import org.jspecify.annotations.NullMarked;
