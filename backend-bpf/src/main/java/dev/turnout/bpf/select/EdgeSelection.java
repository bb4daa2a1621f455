package dev.turnout.bpf.select;

import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Value;
import java.util.List;

/** Edges: what a target passes is copied into the parameters of its block, in the block left or in one between. */
final class EdgeSelection {
    private final ValueRegisters values;

    EdgeSelection(ValueRegisters values) {
        this.values = values;
    }

    MachineBlock split(int to) {
        MachineBlock target = values.out.block(to);
        MachineBlock between = values.out.newBlock(Math.min(values.current.depth(), target.depth()));
        if (target.isCold()) {
            between.makeCold();
        }
        return between;
    }

    /** The block to go to for a target: its own, or one in between that copies the arguments. */
    int edge(Target target, int skipped) {
        int to = target.block().index();
        boolean copies = false;
        for (Value parameter : values.function.block(target.block()).parameters()) {
            copies |= !values.uses.isPassedThrough(parameter) && values.uses.isUsed(parameter);
        }
        if (!copies) {
            return to;
        }
        MachineBlock before = values.current;
        MachineBlock between = split(to);
        values.current = between;
        copies(target, skipped);
        between.end(new MachineEnd.Jump(to), values.here);
        values.current = before;
        return between.number();
    }

    /**
     * Copies arguments into parameters, all at once: a copy waits until no other still reads its destination; where they
     * wait for each other in a circle, one is set aside.
     */
    void copies(Target target, int skipped) {
        List<Value> parameters = values.function.block(target.block()).parameters();
        int count = target.arguments().size();
        int[] dst = new int[count];
        int[] src = new int[count];
        int left = 0;
        for (int i = 0; i < count; i++) {
            Value parameter = parameters.get(i + skipped);
            Value argument = target.arguments().get(i);
            if (values.uses.isPassedThrough(parameter) || !values.uses.isUsed(parameter) || values.isMade(argument)) {
                continue;
            }
            dst[left] = values.register[parameter.index()];
            src[left] = values.reg(argument);
            left += dst[left] == src[left] ? 0 : 1;
        }
        while (left > 0) {
            boolean moved = false;
            for (int i = left - 1; i >= 0; i--) {
                if (!isRead(dst[i], src, left, i)) {
                    values.emit(new MachineInsn.Move(dst[i], src[i]));
                    left--;
                    dst[i] = dst[left];
                    src[i] = src[left];
                    moved = true;
                }
            }
            if (!moved) {
                int aside = values.out.newRegister();
                values.emit(new MachineInsn.Move(aside, dst[0]));
                for (int i = 0; i < left; i++) {
                    src[i] = src[i] == dst[0] ? aside : src[i];
                }
            }
        }
        for (int i = 0; i < count; i++) {
            Value parameter = parameters.get(i + skipped);
            Value argument = target.arguments().get(i);
            if (!values.uses.isPassedThrough(parameter) && values.uses.isUsed(parameter) && values.isMade(argument)) {
                values.into(argument, values.register[parameter.index()]);
            }
        }
    }

    static boolean isRead(int register, int[] src, int count, int except) {
        for (int i = 0; i < count; i++) {
            if (i != except && src[i] == register) {
                return true;
            }
        }
        return false;
    }
}
