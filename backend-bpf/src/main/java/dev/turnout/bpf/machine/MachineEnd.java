package dev.turnout.bpf.machine;

import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** How a machine block ends. Targets are numbers of blocks; layout decides which of them is fallen into. */
public sealed interface MachineEnd {
    record Jump(int to) implements MachineEnd {}

    /**
     * {@code if a op b goto taken}.
     *
     * @param b register, or {@link MachineInsn#NONE} if the other operand is {@code value}
     * @param value sign-extended to 64 bits
     */
    record Branch(JumpOp op, Width width, int a, int b, int value, int taken, int otherwise) implements MachineEnd {}

    record MayGoto(int next, int exit) implements MachineEnd {}

    /**
     * A two-way patch site: goes to {@code taken} exactly when the key has {@code value} (another one, if {@code inverse}).
     *
     * @param nop whether it starts as a nop
     */
    record StaticBranch(String key, long value, boolean inverse, boolean nop, int taken, int otherwise)
            implements MachineEnd {}

    /**
     * A multi-way patch site: one jump, to the target of the key's value.
     *
     * @param initial where it goes to begin with
     */
    record StaticSwitch(String key, List<Arm> arms, int initial) implements MachineEnd {
        public StaticSwitch {
            arms = List.copyOf(arms);
        }

        /**
         * What stands behind the jump: the first arm. A value without a record would get there, and so does whoever proves the
         * code, who need not know which values there are; behind it must therefore be a way that the text has.
         */
        public int behind() {
            return arms.isEmpty() ? initial : arms.getFirst().target;
        }

        /** Where one value goes. */
        public record Arm(long value, int target) {}
    }

    /**
     * gotox through a jump table.
     *
     * @param address register that holds the entry that was loaded
     * @param table name
     * @param targets one an entry
     */
    record Table(int address, String table, List<Integer> targets) implements MachineEnd {
        public Table {
            targets = List.copyOf(targets);
        }
    }

    /** The result is in r0. */
    record Exit() implements MachineEnd {}

    /** Register read number {@code index}, 0 or 1, or {@link MachineInsn#NONE}. */
    default int read(int index) {
        return switch (this) {
            case Branch branch -> index == 0 ? branch.a : branch.b;
            case Table table -> index == 0 ? table.address : MachineInsn.NONE;
            case Exit _ -> index == 0 ? 0 : MachineInsn.NONE;
            case Jump _, MayGoto _, StaticBranch _, StaticSwitch _ -> MachineInsn.NONE;
        };
    }

    /** The blocks that may be next; one may occur more than once. */
    default int[] successors() {
        return switch (this) {
            case Jump jump -> new int[] {jump.to};
            case Branch branch -> new int[] {branch.taken, branch.otherwise};
            case MayGoto jump -> new int[] {jump.next, jump.exit};
            case StaticBranch branch -> new int[] {branch.taken, branch.otherwise};
            case StaticSwitch choice -> {
                int[] all = new int[choice.arms.size() + 1];
                for (int i = 0; i < choice.arms.size(); i++) {
                    all[i] = choice.arms.get(i).target;
                }
                all[choice.arms.size()] = choice.initial;
                yield all;
            }
            case Table table -> {
                int[] all = new int[table.targets.size()];
                for (int i = 0; i < all.length; i++) {
                    all[i] = table.targets.get(i);
                }
                yield all;
            }
            case Exit _ -> new int[0];
        };
    }

    /** The same with register {@code to} in place of {@code from}. */
    default MachineEnd renamed(int from, int to) {
        return switch (this) {
            case Branch(JumpOp op, Width width, int a, int b, int value, int taken, int otherwise) ->
                new Branch(op, width, a == from ? to : a, b == from ? to : b, value, taken, otherwise);
            case Table(int address, String table, List<Integer> targets) ->
                new Table(address == from ? to : address, table, targets);
            case Jump _, MayGoto _, StaticBranch _, StaticSwitch _, Exit _ -> this;
        };
    }

    /** The same with other targets. */
    default MachineEnd retargeted(IntUnaryOperator to) {
        return switch (this) {
            case Jump jump -> new Jump(to.applyAsInt(jump.to));
            case Branch(JumpOp op, Width width, int a, int b, int value, int taken, int otherwise) ->
                new Branch(op, width, a, b, value, to.applyAsInt(taken), to.applyAsInt(otherwise));
            case MayGoto(int next, int exit) -> new MayGoto(to.applyAsInt(next), to.applyAsInt(exit));
            case StaticBranch(String key, long value, boolean inverse, boolean nop, int taken, int otherwise) ->
                new StaticBranch(key, value, inverse, nop, to.applyAsInt(taken), to.applyAsInt(otherwise));
            case StaticSwitch(String key, List<StaticSwitch.Arm> arms, int initial) -> {
                List<StaticSwitch.Arm> moved = new ArrayList<>(arms.size());
                for (StaticSwitch.Arm arm : arms) {
                    moved.add(new StaticSwitch.Arm(arm.value, to.applyAsInt(arm.target)));
                }
                yield new StaticSwitch(key, moved, to.applyAsInt(initial));
            }
            case Table(int address, String name, List<Integer> targets) -> {
                List<Integer> moved = new ArrayList<>(targets.size());
                for (int target : targets) {
                    moved.add(to.applyAsInt(target));
                }
                yield new Table(address, name, moved);
            }
            case Exit exit -> exit;
        };
    }
}
