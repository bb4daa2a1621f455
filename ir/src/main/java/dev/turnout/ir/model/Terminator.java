package dev.turnout.ir.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a block ends. The ways to go are here, as constructs and not as patterns to be guessed back. */
public sealed interface Terminator {
    /** Values used, those that targets pass aside. */
    List<Value> operands();

    /** Where control may go; empty if it leaves the function. A block may occur more than once. */
    List<Target> targets();

    /** The same with other values and other targets; {@code target} sees targets whose arguments are still the old ones. */
    Terminator map(UnaryOperator<Value> value, UnaryOperator<Target> target);

    /** The same with other values everywhere. */
    default Terminator mapValues(UnaryOperator<Value> to) {
        return map(to, target -> target.map(to));
    }

    record Jump(Target to) implements Terminator {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public List<Target> targets() {
            return List.of(to);
        }

        @Override
        public Jump map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new Jump(target.apply(to));
        }
    }

    /** Which way a branch mostly goes: lays out code, nothing else. */
    enum Hint {
        NONE,
        LIKELY,
        UNLIKELY
    }

    /**
     * A two-way choice by a value.
     *
     * @param condition an i1
     * @param hint of {@code then}
     */
    record Branch(Value condition, Target then, Target otherwise, Hint hint) implements Terminator {
        @Override
        public List<Value> operands() {
            return List.of(condition);
        }

        @Override
        public List<Target> targets() {
            return List.of(then, otherwise);
        }

        @Override
        public Branch map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new Branch(value.apply(condition), target.apply(then), target.apply(otherwise), hint);
        }
    }

    /** What the programmer demands of a switch; AUTO leaves the form to the target's rule. */
    enum Demand {
        AUTO,
        JUMP_TABLE,
        TREE
    }

    /** Into how many pieces of code a switch may be made: for passes and, where the target lets it, code generation. */
    enum Copies {
        /** Nobody minds. */
        FREE,
        /**
         * The block is the dispatch of a labelled switch: passes leave it whole, and code generation gives each jump to it
         * a copy, so that each has its own place in the machine's branch predictor. The copies share one table.
         */
        EACH,
        /** The same, but it stays the one dispatch that the source demands. */
        ONE
    }

    /**
     * Values {@code low} to {@code high}, both included, unsigned.
     */
    record Case(long low, long high, Target to) {
        public Case {
            if (Long.compareUnsigned(low, high) > 0) {
                throw new IllegalArgumentException("case " + low + " to " + high);
            }
        }
    }

    /**
     * A choice by value. Cases do not overlap and are sorted by {@code low}, unsigned.
     *
     * @param otherwise where all other values go
     * @param exhaustive the source guarantees that no other value occurs, so that a bounds check may be left out
     * @param maxEntries the largest table that {@code JUMP_TABLE} allows; 0 for the target's limit
     */
    record Switch(
            Value value,
            List<Case> cases,
            Target otherwise,
            boolean exhaustive,
            Demand demand,
            int maxEntries,
            Copies copies)
            implements Terminator {
        /** An ordinary switch. */
        public Switch(
                Value value, List<Case> cases, Target otherwise, boolean exhaustive, Demand demand, int maxEntries) {
            this(value, cases, otherwise, exhaustive, demand, maxEntries, Copies.FREE);
        }

        /** The same with other cases, by a value that may be of another width. */
        public Switch withCases(Value by, List<Case> others, boolean complete) {
            return new Switch(by, others, otherwise, complete, demand, maxEntries, copies);
        }

        public Switch {
            cases = List.copyOf(cases);
            for (int i = 1; i < cases.size(); i++) {
                if (Long.compareUnsigned(cases.get(i - 1).high, cases.get(i).low) >= 0) {
                    throw new IllegalArgumentException("cases overlap or are not sorted: " + cases);
                }
            }
        }

        @Override
        public List<Value> operands() {
            return List.of(value);
        }

        @Override
        public List<Target> targets() {
            List<Target> all = new ArrayList<>(cases.size() + 1);
            cases.forEach(one -> all.add(one.to));
            all.add(otherwise);
            return all;
        }

        @Override
        public Switch map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new Switch(
                    value.apply(this.value),
                    cases.stream()
                            .map(one -> new Case(one.low, one.high, target.apply(one.to)))
                            .toList(),
                    target.apply(otherwise),
                    exhaustive,
                    demand,
                    maxEntries,
                    copies);
        }
    }

    /**
     * A two-way choice by a key of the object. One patch site: no pass copies or merges it.
     *
     * @param hint of {@code on}
     * @param patched whether the source demands patched code, so that a target without it may not substitute a test
     */
    record StaticBranch(String key, Target on, Target off, Hint hint, boolean patched) implements Terminator {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public List<Target> targets() {
            return List.of(on, off);
        }

        @Override
        public StaticBranch map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new StaticBranch(key, target.apply(on), target.apply(off), hint, patched);
        }
    }

    /**
     * A choice by a key of enum type. One patch site: no pass copies or merges it.
     *
     * @param patched as in {@link StaticBranch}
     */
    record StaticSwitch(String key, List<Case> cases, Target otherwise, boolean patched) implements Terminator {
        public StaticSwitch {
            cases = List.copyOf(cases);
        }

        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public List<Target> targets() {
            List<Target> all = new ArrayList<>(cases.size() + 1);
            cases.forEach(one -> all.add(one.to));
            all.add(otherwise);
            return all;
        }

        @Override
        public StaticSwitch map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new StaticSwitch(
                    key,
                    cases.stream()
                            .map(one -> new Case(one.low, one.high, target.apply(one.to)))
                            .toList(),
                    target.apply(otherwise),
                    patched);
        }
    }

    /**
     * A bounds test that defines the reference it guards: goes to {@code ok} if {@code base + offset + bytes <= end},
     * where the first parameter of {@code ok}'s block becomes {@code base + offset}; else to {@code fail}. {@code ok}'s
     * arguments are those of the parameters from the second on. Test and reference are one construct, so that no pass can
     * move an access in front of its test.
     *
     * @param base start of the packet
     * @param offset bytes from there, an i64, at most 65535 when the test holds
     * @param bytes length of what is referred to, from 0
     * @param end end of the packet
     */
    record Checked(Value base, Value offset, int bytes, Value end, Target ok, Target fail) implements Terminator {
        @Override
        public List<Value> operands() {
            return List.of(base, offset, end);
        }

        @Override
        public List<Target> targets() {
            return List.of(ok, fail);
        }

        @Override
        public Checked map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new Checked(
                    value.apply(base),
                    value.apply(offset),
                    bytes,
                    value.apply(end),
                    target.apply(ok),
                    target.apply(fail));
        }
    }

    /** Goes on in another program, or to {@code miss} if there is none; see the language reference on {@code tail}. */
    record TailCall(Value context, Value map, Value index, Target miss) implements Terminator {
        @Override
        public List<Value> operands() {
            return List.of(context, map, index);
        }

        @Override
        public List<Target> targets() {
            return List.of(miss);
        }

        @Override
        public TailCall map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new TailCall(value.apply(context), value.apply(map), value.apply(index), target.apply(miss));
        }
    }

    /** Goes to {@code next}, or, once the machine's budget of rounds is spent, to {@code exit}. BPF's may_goto. */
    record MayGoto(Target next, Target exit) implements Terminator {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public List<Target> targets() {
            return List.of(next, exit);
        }

        @Override
        public MayGoto map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new MayGoto(target.apply(next), target.apply(exit));
        }
    }

    /**
     * Leaves the function.
     *
     * @param values the result: one, or none in a {@code void} function
     */
    record Return(List<Value> values) implements Terminator {
        public Return {
            values = List.copyOf(values);
        }

        @Override
        public List<Value> operands() {
            return values;
        }

        @Override
        public List<Target> targets() {
            return List.of();
        }

        @Override
        public Return map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return new Return(values.stream().map(value).toList());
        }
    }

    /** Control never comes here. */
    record Unreachable() implements Terminator {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public List<Target> targets() {
            return List.of();
        }

        @Override
        public Unreachable map(UnaryOperator<Value> value, UnaryOperator<Target> target) {
            return this;
        }
    }
}
