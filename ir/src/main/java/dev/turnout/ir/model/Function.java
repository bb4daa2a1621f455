package dev.turnout.ir.model;

import java.util.List;

/**
 * A function or program.
 *
 * @param name unique in the module; the symbol in the object
 * @param kind how it is entered, and what may be done with it
 * @param result type of what it returns
 * @param signature types for people and BTF
 * @param blocks entry first, at index 0; a block's position is its label's index
 * @param at where it is declared
 */
public record Function(
        String name, Kind kind, Type result, DebugType.Function signature, List<Block> blocks, Location at) {
    public Function {
        blocks = List.copyOf(blocks);
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).label().index() != i) {
                throw new IllegalArgumentException(blocks.get(i).label() + " at position " + i + " of " + name);
            }
        }
    }

    /** What a function is for. */
    public sealed interface Kind {
        /**
         * A program: entered from outside with a context.
         *
         * @param section ELF section, which says type and attach point: {@code xdp}, {@code tc/ingress}
         * @param type name of the row of the program type
         * @param fails what it returns where it cannot go on
         */
        record Program(String section, String type, long fails) implements Kind {
            /** A program that fails with 0. */
            public Program(String section, String type) {
                this(section, type, 0);
            }
        }

        /**
         * A function that only the module's own code calls.
         *
         * @param family names the type that it has as a value, if it is used as one: a {@link Operation.CallPointer} of that
         *     family may call it. Empty if it is only called by its name
         * @param fails what it returns where it cannot go on, if it returns a number
         */
        record Subprogram(Inlining inlining, String family, long fails) implements Kind {
            /** A function that is only called by its name, and fails with 0. */
            public Subprogram(Inlining inlining) {
                this(inlining, "", 0);
            }

            /** The same function as a value of this family. */
            public Subprogram of(String other) {
                return new Subprogram(inlining, other, fails);
            }
        }

        /**
         * The body of a {@code test} block: evaluated, never emitted.
         *
         * @param title the text that names it
         */
        record Test(String title) implements Kind {
            @Override
            public long fails() {
                return 0;
            }
        }

        /** The number that says to the caller that it could not go on: for ways out that the source does not have. */
        long fails();
    }

    /** What the programmer says about inlining. */
    public enum Inlining {
        AUTO,
        ALWAYS,
        NEVER
    }

    public Block entry() {
        return blocks.getFirst();
    }

    public Block block(Label label) {
        return blocks.get(label.index());
    }

    /** The function's parameters: those of its entry block. */
    public List<Value> parameters() {
        return entry().parameters();
    }

    /** One more than the largest value number in use. */
    public int valueCount() {
        int count = 0;
        for (Block block : blocks) {
            for (Value parameter : block.parameters()) {
                count = Math.max(count, parameter.index() + 1);
            }
            for (Inst inst : block.insts()) {
                count = Math.max(count, inst.result().index() + 1);
            }
        }
        return count;
    }

    /** The same function with other blocks. */
    public Function withBlocks(List<Block> others) {
        return new Function(name, kind, result, signature, others, at);
    }
}
