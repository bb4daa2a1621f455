package dev.turnout.verifier.walk;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.Code;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.Liveness;
import dev.turnout.verifier.domain.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Before each instruction of a function: which registers and which eighths of the frame may still be read, and of which the
 * <i>number</i> may matter, because it can get into an address, a length, a branch, an argument or the result. A
 * backward analysis, and a guess: of the frame it sees only what is read and written by r10, and of arithmetic it takes
 * no addend for that of a pointer. What is forgotten by a guess makes a state wider, never wrong; it may make the
 * first try of the walk fail.
 */
final class Relevance {
    /** Words of eight bytes in a frame: bits of a mask, the lowest address first. */
    static final int WORDS = Frame.BYTES / 8;

    private static final int ARGUMENTS = 0b111110;
    private static final int SCRATCH = 0b111111;

    private final int start;
    private final int[] live;
    private final int[] matters;
    private final long[] liveWords;
    private final long[] matterWords;
    private final BitSet meets = new BitSet();
    private final boolean escapes;

    private Relevance(ControlFlow flow, Code code) {
        this.start = flow.function().start();
        int slots = flow.function().end() - start;
        this.live = new int[slots];
        this.matters = new int[slots];
        this.liveWords = new long[slots];
        this.matterWords = new long[slots];
        this.escapes = escapes(flow, code);
        solve(flow, code);
        findMeetings(flow);
    }

    static Relevance of(ControlFlow flow, Code code) {
        return new Relevance(flow, code);
    }

    /** Whether a register may be read, from the instruction at {@code slot} on. */
    boolean isLive(int slot, Reg reg) {
        return reg == Reg.R10 || (live[slot - start] >>> reg.number() & 1) != 0;
    }

    /** Whether the number in a register may matter, from the instruction at {@code slot} on. */
    boolean matters(int slot, Reg reg) {
        return (matters[slot - start] >>> reg.number() & 1) != 0;
    }

    /** Words of the frame that may be read, from the instruction at {@code slot} on. */
    long liveWords(int slot) {
        return escapes ? -1 : liveWords[slot - start];
    }

    /** Words of the frame whose numbers may matter. */
    long matterWords(int slot) {
        return matterWords[slot - start];
    }

    /** Whether paths can meet before the instruction at {@code slot}. */
    boolean isMeeting(int slot) {
        return meets.get(slot - start);
    }

    /** Whether the frame's address gets anywhere but into the address of a load or a store. */
    private static boolean escapes(ControlFlow flow, Code code) {
        for (int slot = flow.function().start(); slot < flow.function().end(); slot = code.next(slot)) {
            boolean taken = switch (code.at(slot)) {
                case Insn.Alu alu -> isFrame(alu.src());
                case Insn.Store store -> isFrame(store.value());
                case Insn.Atomic atomic -> atomic.value() == Reg.R10;
                case Insn.CastSpace cast -> cast.src() == Reg.R10;
                case Insn.Neg _, Insn.Swap _, Insn.Wide _, Insn.Load _, Insn.PacketLoad _, Insn.Exit _ -> false;
                case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> false;
                case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _ -> false;
            };
            if (taken) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFrame(Operand operand) {
        return operand instanceof Operand.Register register && register.reg() == Reg.R10;
    }

    private void solve(ControlFlow flow, Code code) {
        int n = flow.blocks();
        List<List<Integer>> predecessors = new ArrayList<>();
        for (int b = 0; b < n; b++) {
            predecessors.add(new ArrayList<>(2));
        }
        Deque<Integer> pending = new ArrayDeque<>();
        BitSet waits = new BitSet();
        for (int b = 0; b < n; b++) {
            for (int next : flow.successors(b)) {
                predecessors.get(next).add(b);
            }
            pending.push(b);
            waits.set(b);
        }
        long[] hubs = new long[4 * n];
        while (!pending.isEmpty()) {
            int block = pending.pop();
            waits.clear(block);
            if (pass(flow, code, block, hubs)) {
                for (int before : predecessors.get(block)) {
                    if (!waits.get(before)) {
                        waits.set(before);
                        pending.push(before);
                    }
                }
            }
        }
    }

    /** Goes backward through a block; whether what holds at its start has grown. */
    private boolean pass(ControlFlow flow, Code code, int block, long[] hubs) {
        Masks masks = new Masks();
        for (int next : flow.successors(block)) {
            if (flow.isHub(next)) {
                masks.add(hubs, 4 * next);
            } else {
                int slot = flow.start(next) - start;
                masks.live |= live[slot];
                masks.matters |= matters[slot];
                masks.liveWords |= liveWords[slot];
                masks.matterWords |= matterWords[slot];
            }
        }
        if (flow.isHub(block)) {
            return masks.store(hubs, 4 * block);
        }
        int first = flow.start(block);
        List<Integer> slots = new ArrayList<>();
        for (int slot = first; slot <= flow.last(block); slot = code.next(slot)) {
            slots.add(slot);
        }
        boolean grown = false;
        for (int slot : slots.reversed()) {
            masks.before(code.at(slot));
            int at = slot - start;
            grown = live[at] != masks.live
                    || matters[at] != masks.matters
                    || liveWords[at] != masks.liveWords
                    || matterWords[at] != masks.matterWords;
            live[at] = masks.live;
            matters[at] = masks.matters;
            liveWords[at] = masks.liveWords;
            matterWords[at] = masks.matterWords;
        }
        return grown;
    }

    private void findMeetings(ControlFlow flow) {
        int[] ways = new int[flow.blocks()];
        ways[0] = 1;
        for (int b = 0; b < flow.blocks(); b++) {
            for (int next : flow.successors(b)) {
                ways[next] += flow.isHub(b) ? 2 : 1;
            }
            boolean calls = !flow.isHub(b) && isCall(flow.terminator(b));
            for (int next : calls ? flow.successors(b) : new int[0]) {
                ways[next] = 2;
            }
        }
        for (int b = 0; b < flow.blocks(); b++) {
            if (!flow.isHub(b) && ways[b] > 1) {
                meets.set(flow.start(b) - start);
            }
        }
    }

    private static boolean isCall(Insn insn) {
        return insn instanceof Insn.CallLocal || insn instanceof Insn.CallIndirect;
    }

    /** What holds between two instructions, on the way back. */
    private static final class Masks {
        private int live;
        private int matters;
        private long liveWords;
        private long matterWords;

        void add(long[] from, int at) {
            live |= (int) from[at];
            matters |= (int) from[at + 1];
            liveWords |= from[at + 2];
            matterWords |= from[at + 3];
        }

        boolean store(long[] to, int at) {
            boolean grown =
                    to[at] != live || to[at + 1] != matters || to[at + 2] != liveWords || to[at + 3] != matterWords;
            to[at] = live;
            to[at + 1] = matters;
            to[at + 2] = liveWords;
            to[at + 3] = matterWords;
            return grown;
        }

        private static int bit(Reg reg) {
            return 1 << reg.number();
        }

        private static int bit(Operand operand) {
            return operand instanceof Operand.Register register ? bit(register.reg()) : 0;
        }

        private boolean matters(Reg reg) {
            return (matters & bit(reg)) != 0;
        }

        void before(Insn insn) {
            switch (insn) {
                case Insn.Alu alu -> {
                    if (matters(alu.dst())) {
                        matters = (alu.op().readsDestination() ? matters : matters & ~bit(alu.dst())) | bit(alu.src());
                    }
                }
                case Insn.Neg _, Insn.Swap _ -> {}
                case Insn.CastSpace cast -> {
                    boolean needed = matters(cast.dst());
                    matters = (matters & ~bit(cast.dst())) | (needed ? bit(cast.src()) : 0);
                }
                case Insn.Wide wide -> matters &= ~bit(wide.dst());
                case Insn.Load load -> {
                    boolean needed = matters(load.dst());
                    matters = (matters & ~bit(load.dst())) | bit(load.base());
                    if (load.base() == Reg.R10) {
                        long words = words(load.offset(), load.size().bytes());
                        liveWords |= words;
                        matterWords |= needed ? words : 0;
                    }
                }
                case Insn.Store store -> store(store);
                case Insn.Atomic atomic -> atomic(atomic);
                case Insn.JumpIf jump -> matters |= bit(jump.dst()) | bit(jump.src());
                case Insn.JumpIndirect jump -> matters |= bit(jump.target());
                case Insn.PacketLoad load ->
                    matters = (matters & ~SCRATCH) | bit(Reg.R6) | (load.indexed() ? bit(load.index()) : 0);
                case Insn.CallHelper _, Insn.CallKernel _, Insn.CallLocal _ ->
                    matters = (matters & ~SCRATCH) | (Liveness.reads(insn) & ARGUMENTS);
                case Insn.CallIndirect call -> matters = (matters & ~SCRATCH) | ARGUMENTS | bit(call.target());
                case Insn.Exit _ -> matters |= bit(Reg.R0);
                case Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _ -> {}
            }
            live = (live & ~Liveness.writes(insn)) | Liveness.reads(insn);
        }

        private void store(Insn.Store store) {
            if (store.base() == Reg.R10) {
                long words = words(store.offset(), store.size().bytes());
                matters |= (matterWords & words) != 0 ? bit(store.value()) : 0;
                if (store.size().bytes() == 8 && store.offset() % 8 == 0) {
                    liveWords &= ~words;
                    matterWords &= ~words;
                }
            }
            matters |= bit(store.base());
        }

        private void atomic(Insn.Atomic atomic) {
            boolean loads = atomic.op() == AtomicOp.LOAD_ACQUIRE;
            boolean needed = matters(atomic.value());
            if (loads || atomic.op().fetches()) {
                matters &= ~bit(atomic.value());
            }
            matters |= bit(atomic.base());
            if (atomic.base() == Reg.R10) {
                long words = words(atomic.offset(), atomic.size().bytes());
                liveWords |= words;
                matterWords |= needed ? words : 0;
                matters |= (matterWords & words) != 0 ? bit(Reg.R0) | bit(atomic.value()) : 0;
            }
        }

        private static long words(int offset, int bytes) {
            int first = offset + Frame.BYTES;
            int last = first + bytes - 1;
            if (first < 0 || last >= Frame.BYTES) {
                return -1;
            }
            long words = 0;
            for (int word = first / 8; word <= last / 8; word++) {
                words |= 1L << word;
            }
            return words;
        }
    }
}
