package dev.turnout.verifier.specialize;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.domain.Known;
import dev.turnout.verifier.invariant.Ways;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the invariants decided about a program: which jumps, for which value, and what died of it. In slots of the original
 * code, whether or not it was rewritten by them.
 *
 * @param jumps in order of slot
 * @param dead code, in order of slot
 * @param entries of jump tables that no run goes to, in order of table and index
 */
public record Decisions(List<Jump> jumps, List<DeadCode> dead, List<DeadEntry> entries) {
    public Decisions {
        jumps = List.copyOf(jumps);
        dead = List.copyOf(dead);
        entries = List.copyOf(entries);
    }

    /** How a jump goes in every run. */
    public enum Way {
        /** A condition that always holds. */
        ALWAYS,
        /** A condition that never holds. */
        NEVER,
        /** A {@code gotox} that can go to one place only. */
        ONE_TARGET
    }

    /**
     * A jump that goes one way.
     *
     * @param slot of the jump; {@link BpfProgram#lineAt} has its line
     * @param value what is known of the register that it looks at: of a {@code config}, its value
     * @param from read-only data that had a part in what it looks at, in order of map and offset
     */
    public record Jump(int slot, Way way, Known value, List<Origin> from) {
        public Jump {
            from = List.copyOf(from);
        }
    }

    /**
     * Bytes of read-only data: a {@code config}, a constant, or a part of one.
     *
     * @param map the section
     * @param offset bytes from its start
     * @param size bytes
     */
    public record Origin(String map, int offset, int size) implements Comparable<Origin> {
        @Override
        public int compareTo(Origin other) {
            return Comparator.comparing(Origin::map)
                    .thenComparingInt(Origin::offset)
                    .thenComparingInt(Origin::size)
                    .compare(this, other);
        }
    }

    /**
     * Instructions side by side that no run gets to, for one reason.
     *
     * @param cause slot of the first jump that would lead there if it did not go the other way; {@link #NONE} if there is none
     * @param start first slot
     * @param end slot behind the last
     * @param lines source lines that they came from, in order of slot; empty if the object says nothing
     */
    public record DeadCode(int cause, int start, int end, List<LineInfo> lines) {
        /** In the place of a cause: it was never reached by any way, such as a function that nobody calls. */
        public static final int NONE = -1;

        public DeadCode {
            lines = List.copyOf(lines);
        }
    }

    /**
     * An entry of a jump table whose arm no run gets to.
     *
     * @param table its name
     * @param index from 0
     * @param slot that it leads to
     */
    public record DeadEntry(String table, int index, int slot) {}

    static Decisions of(BpfProgram program, Invariants invariants) {
        List<Jump> jumps = jumps(program, invariants);
        return new Decisions(jumps, dead(program, invariants, jumps), entries(program, invariants));
    }

    private static List<Jump> jumps(BpfProgram program, Invariants invariants) {
        Code code = program.code();
        Ways ways = invariants.ways();
        ReadOnlyOrigins origins = ReadOnlyOrigins.of(program, invariants);
        List<Jump> jumps = new ArrayList<>();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            int at = slot;
            if (code.at(slot) instanceof Insn.JumpIf jump && ways.mayJump(slot) != ways.mayGoOn(slot)) {
                Way way = ways.mayJump(slot) ? Way.ALWAYS : Way.NEVER;
                invariants
                        .before(slot, jump.dst())
                        .ifPresent(known -> jumps.add(new Jump(at, way, known, origins.read(at))));
            } else if (code.at(slot) instanceof Insn.JumpIndirect jump
                    && ways.targets(slot).size() == 1) {
                invariants
                        .before(slot, jump.target())
                        .ifPresent(known -> jumps.add(new Jump(at, Way.ONE_TARGET, known, origins.read(at))));
            }
        }
        return jumps;
    }

    private static List<DeadCode> dead(BpfProgram program, Invariants invariants, List<Jump> jumps) {
        int[] causes = DeadWays.causes(program, invariants, jumps);
        Code code = program.code();
        List<DeadCode> dead = new ArrayList<>();
        for (BpfProgram.FunctionRange function : program.functions()) {
            int slot = function.start();
            while (slot < function.end()) {
                int start = slot;
                while (slot < function.end() && !invariants.reachable(slot) && causes[slot] == causes[start]) {
                    slot = code.next(slot);
                }
                if (slot > start) {
                    dead.add(new DeadCode(causes[start], start, slot, lines(program, start, slot)));
                } else {
                    slot = code.next(slot);
                }
            }
        }
        return dead;
    }

    private static List<LineInfo> lines(BpfProgram program, int start, int end) {
        int first = program.linesUpTo(start) - (program.lineAt(start).isPresent() ? 1 : 0);
        return program.lines().subList(first, program.linesUpTo(end - 1));
    }

    private static List<DeadEntry> entries(BpfProgram program, Invariants invariants) {
        List<DeadEntry> entries = new ArrayList<>();
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets table) {
                for (int index = 0; index < table.targets().size(); index++) {
                    int slot = table.targets().get(index);
                    if (!invariants.reachable(slot)) {
                        entries.add(new DeadEntry(map.name(), index, slot));
                    }
                }
            }
        }
        return entries;
    }
}
