package dev.turnout.verifier.report;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.verifier.report.Course.Stop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the values in registers came from, followed along one {@link Course}: copies, arithmetic and whole reloads from the
 * frame keep the origins of their operands; loads, calls and constants are origins. Two values with an origin in common are
 * about the same thing, so a decision on one may be what was known, or not known, of the other.
 *
 * <p>This is for words only: nothing is proven by it, so what it does not follow (pointers into frames) is left out.
 */
final class Origins {
    /** Origins that a value is given at most: one of many says nothing to a reader. */
    private static final int MOST = 4;

    /** A place of a frame. */
    private record Cell(int depth, int offset) {}

    /** What was stored there. */
    private record Stored(int bytes, Set<Integer> origins) {}

    private final BpfProgram program;
    private final List<Set<Integer>> regs = new ArrayList<>();
    private final Map<Cell, Stored> cells = new HashMap<>();
    private final Deque<List<Set<Integer>>> saved = new ArrayDeque<>();
    private final Set<Integer> partial = new TreeSet<>();

    Origins(BpfProgram program) {
        this.program = program;
        for (int r = 0; r <= 10; r++) {
            regs.add(Set.of());
        }
    }

    /** What the register's value came from: positions in the course. */
    Set<Integer> of(Reg reg) {
        return reg == Reg.AX ? Set.of() : regs.get(reg.number());
    }

    /** Of both operands of a jump. */
    Set<Integer> of(Insn.JumpIf jump) {
        return jump.src() instanceof Operand.Register register
                ? union(of(jump.dst()), of(register.reg()))
                : of(jump.dst());
    }

    /** Whether the origin is a load of part of what was stored, which forgets what was known of it. */
    boolean isPartial(int position) {
        return partial.contains(position);
    }

    /** Goes through the instruction at a position of the course. */
    void step(int position, Stop stop, int nextDepth) {
        Insn insn = program.code().at(stop.slot());
        if (nextDepth > stop.depth()) {
            saved.push(List.copyOf(regs.subList(6, 10)));
            return;
        }
        switch (insn) {
            case Insn.Alu alu -> {
                Set<Integer> source =
                        alu.src() instanceof Operand.Register register ? of(register.reg()) : Set.<Integer>of();
                boolean constant = alu.src() instanceof Operand.Immediate;
                set(
                        alu.dst(),
                        alu.op().readsDestination()
                                ? union(of(alu.dst()), source)
                                : constant ? Set.of(position) : source);
            }
            case Insn.Neg _, Insn.Swap _ -> {}
            case Insn.CastSpace cast -> set(cast.dst(), of(cast.src()));
            case Insn.Wide wide -> set(wide.dst(), Set.of(position));
            case Insn.Load load -> set(load.dst(), loaded(position, stop.depth(), load));
            case Insn.Store store -> stored(stop.depth(), store);
            case Insn.Atomic atomic -> {
                if (atomic.op().fetches() || atomic.op() == AtomicOp.LOAD_ACQUIRE) {
                    set(atomic.op() == AtomicOp.CMPXCHG ? Reg.R0 : atomic.value(), Set.of(position));
                }
            }
            case Insn.PacketLoad _, Insn.CallHelper _, Insn.CallKernel _, Insn.CallIndirect _, Insn.CallLocal _ -> {
                set(Reg.R0, Set.of(position));
                for (int i = 0; i < 5; i++) {
                    set(Reg.argument(i), Set.of());
                }
            }
            case Insn.Exit _ -> {
                if (!saved.isEmpty()) {
                    List<Set<Integer>> kept = saved.pop();
                    for (int i = 0; i < kept.size(); i++) {
                        regs.set(6 + i, kept.get(i));
                    }
                }
            }
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> {}
        }
    }

    private void set(Reg reg, Set<Integer> origins) {
        if (reg.number() < 10) {
            regs.set(reg.number(), origins);
        }
    }

    private Set<Integer> loaded(int position, int depth, Insn.Load load) {
        if (load.base() != Reg.R10) {
            return Set.of(position);
        }
        Stored stored = cells.get(new Cell(depth, load.offset()));
        if (stored != null && stored.bytes() == load.size().bytes()) {
            return stored.origins();
        }
        if (stored != null) {
            partial.add(position);
        }
        return Set.of(position);
    }

    private void stored(int depth, Insn.Store store) {
        if (store.base() != Reg.R10) {
            return;
        }
        int bytes = store.size().bytes();
        for (int at = store.offset() - Size.DW.bytes() + 1; at < store.offset() + bytes; at++) {
            Stored before = cells.get(new Cell(depth, at));
            if (before != null && at + before.bytes() > store.offset()) {
                cells.remove(new Cell(depth, at));
            }
        }
        cells.put(
                new Cell(depth, store.offset()),
                new Stored(
                        bytes,
                        store.value() instanceof Operand.Register register ? of(register.reg()) : Set.<Integer>of()));
    }

    private static Set<Integer> union(Set<Integer> a, Set<Integer> b) {
        if (a.equals(b) || b.isEmpty()) {
            return a;
        }
        if (a.isEmpty()) {
            return b;
        }
        TreeSet<Integer> both = new TreeSet<>(a);
        both.addAll(b);
        while (both.size() > MOST) {
            both.pollFirst();
        }
        return both;
    }
}
