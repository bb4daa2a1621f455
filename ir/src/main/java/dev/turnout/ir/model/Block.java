package dev.turnout.ir.model;

import java.util.List;

/**
 * A straight piece of code.
 *
 * @param parameters values that the targets naming this block give
 * @param at where the terminator came from
 */
public record Block(Label label, List<Value> parameters, List<Inst> insts, Terminator terminator, Location at) {
    public Block {
        parameters = List.copyOf(parameters);
        insts = List.copyOf(insts);
    }
}
