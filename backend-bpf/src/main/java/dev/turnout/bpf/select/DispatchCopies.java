package dev.turnout.bpf.select;

import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives each jump to a dispatch a copy of it: what chooses stands at the end of every arm, and the machine learns for each
 * arm which one tends to follow. Done on registers, behind SSA form: the values that the arms expect are in the registers of
 * the dispatch's parameters by then, so that all copies go to the same blocks and share one table.
 *
 * <pre>
 * arm1: … goto d            arm1: … if i &gt; 12 goto e; i &lt;&lt;= 3; p = table; p += i; p = *p; gotox p
 * arm2: … goto d      =&gt;    arm2: … if i &gt; 12 goto e; i &lt;&lt;= 3; p = table; p += i; p = *p; gotox p
 * d: if i &gt; 12 goto e; …; gotox p
 * </pre>
 */
final class DispatchCopies {
    private final MachineFunction function;

    /**
     * A dispatch in machine code.
     *
     * @param blocks its blocks, which only the first leads into; the last ends with the jump through the table
     */
    record Dispatch(List<Integer> blocks) {
        Dispatch {
            blocks = List.copyOf(blocks);
        }
    }

    private DispatchCopies(MachineFunction function) {
        this.function = function;
    }

    static void make(MachineFunction function, List<Dispatch> dispatches) {
        for (Dispatch dispatch : dispatches) {
            new DispatchCopies(function).copy(dispatch);
        }
    }

    private void copy(Dispatch dispatch) {
        int head = dispatch.blocks().getFirst();
        List<MachineBlock> jumping = new ArrayList<>();
        boolean kept = false;
        for (MachineBlock block : function.blocks()) {
            if (block.end() instanceof MachineEnd.Jump jump && jump.to() == head) {
                jumping.add(block);
            } else {
                for (int to : block.end().successors()) {
                    kept |= to == head;
                }
            }
        }
        List<Integer> own = ownRegisters(dispatch);
        // The original serves as the last copy, unless a choice leads to it, which needs it where it is.
        for (int i = 0; i < jumping.size() - (kept ? 0 : 1); i++) {
            append(jumping.get(i), dispatch, own);
        }
    }

    /** Registers that the dispatch writes and nothing else touches: each copy gets its own. */
    private List<Integer> ownRegisters(Dispatch dispatch) {
        BitSet elsewhere = new BitSet();
        BitSet written = new BitSet();
        for (MachineBlock block : function.blocks()) {
            boolean inside = dispatch.blocks().contains(block.number());
            for (MachineInsn insn : block.insns()) {
                if (insn.written() != MachineInsn.NONE) {
                    (inside ? written : elsewhere).set(insn.written());
                }
                for (int i = 0; i < 3 && !inside; i++) {
                    mark(elsewhere, insn.read(i));
                }
            }
            for (int i = 0; i < 2 && !inside; i++) {
                mark(elsewhere, block.end().read(i));
            }
        }
        written.andNot(elsewhere);
        return written.stream()
                .filter(register -> register >= MachineFunction.FIRST_VIRTUAL)
                .boxed()
                .toList();
    }

    private static void mark(BitSet set, int register) {
        if (register != MachineInsn.NONE) {
            set.set(register);
        }
    }

    private void append(MachineBlock to, Dispatch dispatch, List<Integer> own) {
        Map<Integer, Integer> renamed = new HashMap<>();
        own.forEach(register -> renamed.put(register, function.newRegister()));
        Map<Integer, Integer> blocks = new HashMap<>();
        List<MachineBlock> into = new ArrayList<>();
        into.add(to);
        for (int number : dispatch.blocks().subList(1, dispatch.blocks().size())) {
            MachineBlock copy = function.newBlock(function.block(number).depth());
            blocks.put(number, copy.number());
            into.add(copy);
        }
        for (int b = 0; b < into.size(); b++) {
            MachineBlock from = function.block(dispatch.blocks().get(b));
            for (int i = 0; i < from.insns().size(); i++) {
                MachineInsn insn = from.insns().get(i);
                for (Map.Entry<Integer, Integer> one : renamed.entrySet()) {
                    insn = insn.renamed(one.getKey(), one.getValue());
                }
                into.get(b).add(insn, from.at(i));
            }
            MachineEnd end = from.end();
            for (Map.Entry<Integer, Integer> one : renamed.entrySet()) {
                end = end.renamed(one.getKey(), one.getValue());
            }
            Location at = from.endPlace();
            into.get(b).end(end.retargeted(target -> blocks.getOrDefault(target, target)), at);
        }
    }
}
