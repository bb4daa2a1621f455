package dev.turnout.bpf.regalloc;

import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineEnd;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.ReversePostorder;
import java.util.List;

/** Which registers hold a value that is still needed, at the ends of blocks. Backward data flow over bit sets. */
public final class Liveness {
    private final long[][] liveIn;
    private final long[][] liveOut;

    private Liveness(long[][] liveIn, long[][] liveOut) {
        this.liveIn = liveIn;
        this.liveOut = liveOut;
    }

    public static Liveness of(MachineFunction function) {
        int count = function.blocks().size();
        int words = (function.registerCount() + 63) >>> 6;
        long[][] read = new long[count][words];
        long[][] written = new long[count][words];
        long[][] in = new long[count][words];
        long[][] out = new long[count][words];
        int[] order = ReversePostorder.of(function);
        int[][] successors = new int[count][];
        for (int at : order) {
            summarise(function.block(at), read[at], written[at]);
            successors[at] = function.block(at).end().successors();
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = order.length - 1; i >= 0; i--) {
                int at = order[i];
                for (int to : successors[at]) {
                    for (int w = 0; w < words; w++) {
                        out[at][w] |= in[to][w];
                    }
                }
                for (int w = 0; w < words; w++) {
                    long now = read[at][w] | (out[at][w] & ~written[at][w]);
                    if (now != in[at][w]) {
                        in[at][w] = now;
                        changed = true;
                    }
                }
            }
        }
        return new Liveness(in, out);
    }

    /** Registers read before they are written, and registers written. */
    private static void summarise(MachineBlock block, long[] read, long[] written) {
        MachineEnd end = block.end();
        for (int i = 0; i < 2; i++) {
            add(read, end.read(i));
        }
        List<MachineInsn> insns = block.insns();
        for (int i = insns.size() - 1; i >= 0; i--) {
            MachineInsn insn = insns.get(i);
            int count = insn.arguments();
            if (count >= 0) {
                for (int r = 0; r <= 5; r++) {
                    remove(read, r);
                    add(written, r);
                }
                for (int r = 1; r <= count; r++) {
                    add(read, r);
                }
            }
            int target = insn.written();
            if (target >= 0) {
                remove(read, target);
                add(written, target);
            }
            for (int k = 0; k < 3; k++) {
                add(read, insn.read(k));
            }
            if (count >= 0) {
                for (int r = 1; r <= count; r++) {
                    add(read, r);
                }
            }
        }
    }

    static void add(long[] set, int register) {
        if (register >= 0) {
            set[register >>> 6] |= 1L << register;
        }
    }

    static void remove(long[] set, int register) {
        set[register >>> 6] &= ~(1L << register);
    }

    static boolean has(long[] set, int register) {
        return (set[register >>> 6] >>> register & 1) != 0;
    }

    /** Live behind the block's end. Not to be written. */
    long[] liveOut(int block) {
        return liveOut[block];
    }

    /** Whether a register is live where a block begins. */
    public boolean isLiveIn(int block, int register) {
        return has(liveIn[block], register);
    }
}
