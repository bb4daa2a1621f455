package dev.turnout.ir.eval;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import dev.turnout.ir.text.IrPrinter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Runs functions of a module. Owned by one thread. Every block entered takes one unit of fuel and every instruction
 * another, so that evaluation ends; calls nest at most {@value #DEEPEST} deep.
 */
public final class Evaluator {
    /** Calls deeper than this fail: BPF allows 8, a test somewhat more. */
    public static final int DEEPEST = 64;

    /** What the kernel gives to all may_goto of one call of a function (Linux 6.9). */
    private static final int MAY_GOTO_ROUNDS = 8 * 1024 * 1024;

    private final Map<String, Function> functions = new HashMap<>();
    private final Map<String, Integer> valueCounts = new HashMap<>();
    private final Environment environment;
    private final OperationEvaluator operations;
    private Watcher watcher = (function, block, value, number) -> {};
    private long fuel;
    private int depth;

    /** @param fuel blocks and instructions that may be run in all */
    public Evaluator(Module module, Environment environment, long fuel) {
        for (Function function : module.functions()) {
            functions.put(function.name(), function);
        }
        this.environment = environment;
        this.operations = new OperationEvaluator(environment, this);
        this.fuel = fuel;
    }

    /** Sees every value as it is defined: for tests of what analyses claim, and for explanations. */
    @FunctionalInterface
    public interface Watcher {
        /** In {@code block} of {@code function}, {@code value} became {@code number}. */
        void defined(Function function, Label block, Value value, long number);
    }

    /** Tells {@code watcher} of every value from now on. */
    public void watch(Watcher watcher) {
        this.watcher = watcher;
    }

    /** What is left of the fuel. */
    public long fuel() {
        return fuel;
    }

    /**
     * Calls a function.
     *
     * @param arguments one for each parameter, without bits above its width
     * @return what it gives; 0 for {@code void}
     * @throws EvaluationFailure with the place
     */
    public long run(String name, long... arguments) {
        Function function = functions.get(name);
        if (function == null) {
            throw new EvaluationFailure("there is no function `" + name + "` here");
        }
        if (arguments.length != function.parameters().size()) {
            throw new EvaluationFailure(
                    "@" + name + " takes " + function.parameters().size() + " arguments, not " + arguments.length);
        }
        if (depth == DEEPEST) {
            throw new EvaluationFailure("calls nest deeper than " + DEEPEST);
        }
        depth++;
        Frame frame = new Frame(function, valueCounts.computeIfAbsent(name, _ -> function.valueCount()));
        try {
            return frame.run(arguments);
        } finally {
            environment.releaseSlots(frame.slots);
            depth--;
        }
    }

    /** One activation of a function. */
    final class Frame {
        private final Function function;
        private final long[] values;
        private int slots;
        private int mayGotoRounds = MAY_GOTO_ROUNDS;

        Frame(Function function, int count) {
            this.function = function;
            this.values = new long[count];
        }

        long value(Value value) {
            return values[value.index()];
        }

        long[] values(List<Value> all) {
            long[] found = new long[all.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = value(all.get(i));
            }
            return found;
        }

        long slot(int size, int align, String name) {
            slots++;
            return environment.allocateSlot(size, align, name);
        }

        private long run(long[] arguments) {
            Block block = function.entry();
            assign(block, 0, arguments);
            while (true) {
                int done = 0;
                try {
                    burn(1 + block.insts().size());
                    for (; done < block.insts().size(); done++) {
                        Inst inst = block.insts().get(done);
                        long number = operations.apply(inst.op(), this);
                        values[inst.result().index()] = number;
                        watcher.defined(function, block.label(), inst.result(), number);
                    }
                    Target next = null;
                    switch (block.terminator()) {
                        case Terminator.Return one -> {
                            return one.values().isEmpty()
                                    ? 0
                                    : value(one.values().getFirst());
                        }
                        case Terminator.TailCall one -> {
                            OptionalLong result =
                                    environment.tailCall(value(one.context()), value(one.map()), value(one.index()));
                            if (result.isPresent()) {
                                return result.getAsLong();
                            }
                            next = one.miss();
                        }
                        case Terminator.Checked one -> {
                            long offset = value(one.offset());
                            long start = value(one.base()) + offset;
                            boolean holds = Long.compareUnsigned(offset, 0xffff) <= 0
                                    && Long.compareUnsigned(start + one.bytes(), value(one.end())) <= 0;
                            if (holds) {
                                block = enter(one.ok(), 1);
                                values[block.parameters().getFirst().index()] = start;
                                continue;
                            }
                            next = one.fail();
                        }
                        case Terminator.Jump one -> next = one.to();
                        case Terminator.Branch one -> next = value(one.condition()) != 0 ? one.then() : one.otherwise();
                        case Terminator.Switch one -> next = choose(one.cases(), value(one.value()), one.otherwise());
                        case Terminator.StaticBranch one ->
                            next = environment.key(one.key()) != 0 ? one.on() : one.off();
                        case Terminator.StaticSwitch one ->
                            next = choose(one.cases(), environment.key(one.key()), one.otherwise());
                        case Terminator.MayGoto one -> next = mayGotoRounds-- > 0 ? one.next() : one.exit();
                        case Terminator.Unreachable _ ->
                            throw new EvaluationFailure("control came to where it never comes");
                    }
                    block = enter(next, 0);
                } catch (EvaluationFailure failure) {
                    failure.at(place(block, done));
                    throw failure;
                }
            }
        }

        private Block enter(Target target, int from) {
            long[] arguments = values(target.arguments());
            Block block = function.block(target.block());
            assign(block, from, arguments);
            return block;
        }

        /** All arguments are read before any parameter is written: a target may swap two parameters of its own block. */
        private void assign(Block block, int from, long[] arguments) {
            for (int i = 0; i < arguments.length; i++) {
                Value parameter = block.parameters().get(from + i);
                values[parameter.index()] = arguments[i];
                watcher.defined(function, block.label(), parameter, arguments[i]);
            }
        }

        private EvaluationFailure.Place place(Block block, int index) {
            if (index < block.insts().size()) {
                Inst inst = block.insts().get(index);
                return new EvaluationFailure.Place(function.name(), IrPrinter.print(inst), inst.at());
            }
            return new EvaluationFailure.Place(function.name(), IrPrinter.print(block.terminator()), block.at());
        }
    }

    private static Target choose(List<Terminator.Case> cases, long value, Target otherwise) {
        for (Terminator.Case one : cases) {
            if (Long.compareUnsigned(value, one.low()) >= 0 && Long.compareUnsigned(value, one.high()) <= 0) {
                return one.to();
            }
        }
        return otherwise;
    }

    private void burn(int units) {
        fuel -= units;
        if (fuel < 0) {
            throw new EvaluationFailure("the evaluation takes too long");
        }
    }
}
