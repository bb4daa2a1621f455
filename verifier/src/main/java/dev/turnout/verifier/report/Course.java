package dev.turnout.verifier.report;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instructions of a {@link Path}, one by one. Without a path it is the straight line that leads to the instruction: back
 * to the nearest place where ways meet, which is on every path.
 */
public final class Course {
    /** Instructions that are looked at; of a longer way, the last ones. */
    private static final int MOST = 200_000;

    /**
     * An instruction that is gone through.
     *
     * @param depth calls that are active
     * @param to where control goes on, if this was a decision; else {@link #ONLY}
     */
    public record Stop(int slot, int depth, int to) {
        /** Nothing is decided here. */
        public static final int ONLY = -1;
    }

    private Course() {}

    /** In the order of the way, the instruction of the violation last. */
    public static List<Stop> of(BpfProgram program, Violation violation) {
        Path path = violation.path();
        List<Stop> way = path == null ? List.of() : along(program, path, violation.slot());
        return way.isEmpty() ? straight(program, violation.slot()) : way;
    }

    private static List<Stop> straight(BpfProgram program, int slot) {
        Code code = program.code();
        BpfProgram.FunctionRange function = program.functionAt(slot);
        boolean[] target = new boolean[function.end() - function.start() + 1];
        for (int at = function.start(); at < function.end(); at = code.next(at)) {
            Insn insn = code.at(at);
            int next = code.next(at);
            insn.jumpDistance().ifPresent(distance -> mark(target, next + distance - function.start()));
            if (!insn.fallsThrough()) {
                mark(target, next - function.start());
            }
        }
        Deque<Stop> line = new ArrayDeque<>();
        for (int at = function.start(); at <= slot; at = code.next(at)) {
            if (target[at - function.start()]) {
                line.clear();
            }
            // No way comes from elsewhere, so what stands behind a jump is where it was not taken.
            boolean passed = at != slot && code.at(at).jumpDistance().isPresent();
            line.add(new Stop(at, 0, passed ? code.next(at) : Stop.ONLY));
        }
        return List.copyOf(line);
    }

    private static void mark(boolean[] target, int at) {
        if (at >= 0 && at < target.length) {
            target[at] = true;
        }
    }

    /** Empty if the decisions do not lead there: then they are no way of this program. */
    private static List<Stop> along(BpfProgram program, Path path, int goal) {
        Deque<Stop> stops = new ArrayDeque<>();
        Deque<Integer> returns = new ArrayDeque<>();
        Code code = program.code();
        int decided = 0;
        int at = path.start();
        // Without a decision control moves on, or goes round for ever: then there is no such way.
        for (int idle = 0; idle <= code.size() && code.begins(at); idle++) {
            if (at == goal && decided == path.steps().size()) {
                stops.add(new Stop(at, returns.size(), Stop.ONLY));
                return new ArrayList<>(stops);
            }
            Path.@Nullable Step step =
                    decided < path.steps().size() && path.steps().get(decided).slot() == at
                            ? path.steps().get(decided)
                            : null;
            stops.add(new Stop(at, returns.size(), step == null ? Stop.ONLY : step.to()));
            if (stops.size() > MOST) {
                stops.remove();
            }
            int next = next(code, at, step, returns);
            if (step != null) {
                decided++;
                idle = 0;
            }
            at = next;
        }
        return List.of();
    }

    private static int next(Code code, int at, Path.@Nullable Step step, Deque<Integer> returns) {
        Insn insn = code.at(at);
        int behind = code.next(at);
        boolean enters = insn instanceof Insn.CallLocal
                || (step != null
                        && step.to() != behind
                        && (insn instanceof Insn.CallIndirect || insn instanceof Insn.CallHelper));
        if (enters) {
            returns.push(behind);
        }
        int back = insn instanceof Insn.Exit && !returns.isEmpty() ? returns.pop() : -1;
        if (step != null) {
            return step.to();
        }
        return switch (insn) {
            case Insn.CallLocal call -> behind + call.distance();
            case Insn.Jump jump -> behind + jump.distance();
            case Insn.Exit _ -> back;
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ ->
                behind;
            case Insn.Atomic _, Insn.PacketLoad _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _ -> behind;
            case Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallKernel _, Insn.CallIndirect _ -> behind;
        };
    }
}
