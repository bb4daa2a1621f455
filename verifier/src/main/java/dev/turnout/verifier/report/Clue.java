package dev.turnout.verifier.report;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.report.Course.Stop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A place on the way that has to do with what went wrong: where the value at fault came from, or a decision on that value.
 *
 * @param words what happens there
 */
record Clue(int slot, String words) {
    /** Decisions that are told: the last ones, which are the nearest. */
    private static final int MOST_DECISIONS = 4;

    /** In the order of the way. */
    static List<Clue> of(BpfProgram program, Violation violation) {
        if (!program.code().begins(violation.slot())) {
            return List.of();
        }
        List<Stop> course = Course.of(program, violation);
        List<Set<Integer>> looked = new ArrayList<>(course.size());
        Origins origins = new Origins(program);
        for (int i = 0; i < course.size() - 1; i++) {
            Stop stop = course.get(i);
            looked.add(
                    program.code().at(stop.slot()) instanceof Insn.JumpIf jump ? origins.of(jump) : Set.<Integer>of());
            origins.step(i, stop, course.get(i + 1).depth());
        }
        Reg subject = violation.subject();
        Set<Integer> wanted = subject == null ? Set.of() : origins.of(subject);
        // By place on the way: that is the order in which they are told.
        TreeMap<Integer, Clue> clues = new TreeMap<>();
        origin(program, course, origins, wanted, subject, clues);
        decisions(program, course, looked, wanted, subject == null, clues);
        return List.copyOf(clues.values());
    }

    private static void origin(
            BpfProgram program,
            List<Stop> course,
            Origins origins,
            Set<Integer> wanted,
            @Nullable Reg subject,
            Map<Integer, Clue> clues) {
        if (wanted.isEmpty() || subject == null) {
            return;
        }
        boolean constants = wanted.stream().allMatch(at -> isConstant(program, course.get(at)));
        for (int at : wanted) {
            Stop stop = course.get(at);
            if (constants || !isConstant(program, stop)) {
                String words = origins.isPartial(at)
                        ? "this loads a part of what was stored there: what was known of it is lost"
                        : source(program.code().at(stop.slot()), subject);
                clues.put(at, new Clue(stop.slot(), words));
            }
        }
    }

    /** Numbers that a value began with say little beside what was read. */
    private static boolean isConstant(BpfProgram program, Stop stop) {
        return program.code().at(stop.slot()) instanceof Insn.Alu;
    }

    private static String source(Insn insn, Reg subject) {
        String name = "`" + subject + "`";
        return switch (insn) {
            case Insn.CallHelper call ->
                name + " is made from the result of "
                        + HelperFunction.ofId(call.id())
                                .map(helper -> "`" + helper.word() + "`")
                                .orElse("helper " + call.id());
            case Insn.Load load ->
                name + " is made from the " + bytes(load.size().bytes()) + " that this reads";
            case Insn.CallKernel _, Insn.CallLocal _, Insn.CallIndirect _ ->
                name + " is made from the result of this call";
            case Insn.Atomic _, Insn.PacketLoad _ -> name + " is made from what this reads";
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Store _ ->
                name + " is made here";
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _, Insn.Exit _ ->
                name + " is made here";
        };
    }

    private static String bytes(int count) {
        return count == 1 ? "byte" : count + " bytes";
    }

    private record Decided(int at, Clue clue) {}

    /** @param any whether all decisions are about it: nothing says which value is at fault */
    private static void decisions(
            BpfProgram program,
            List<Stop> course,
            List<Set<Integer>> looked,
            Set<Integer> wanted,
            boolean any,
            Map<Integer, Clue> clues) {
        Map<Integer, Integer> times = new HashMap<>();
        Map<Integer, Decided> last = new LinkedHashMap<>();
        for (int i = 0; i < looked.size(); i++) {
            Stop stop = course.get(i);
            if (stop.to() == Stop.ONLY) {
                continue;
            }
            int count = times.merge(stop.slot(), 1, Integer::sum);
            Insn insn = program.code().at(stop.slot());
            boolean tells = any || !(insn instanceof Insn.JumpIf) || !Collections.disjoint(looked.get(i), wanted);
            String words = tells ? decision(program, stop, insn) : "";
            if (!words.isEmpty()) {
                Clue clue = new Clue(stop.slot(), count == 1 ? words : words + " (time " + count + " here)");
                // A loop is told by its last round, at the place in the order that this round has.
                last.remove(stop.slot());
                last.put(stop.slot(), new Decided(i, clue));
            }
        }
        last.values().stream()
                .skip(Math.max(0, last.size() - MOST_DECISIONS))
                .forEach(decided -> clues.putIfAbsent(decided.at, decided.clue));
    }

    private static String decision(BpfProgram program, Stop stop, Insn insn) {
        int behind = program.code().next(stop.slot());
        return switch (insn) {
            case Insn.JumpIf jump ->
                jump.distance() == 0 ? "" : "on the way here `" + condition(jump, stop.to() != behind) + "`";
            case Insn.MayGoto _ -> stop.to() == behind ? "" : "`may_goto` leaves the loop";
            case Insn.JumpIndirect _ -> "the jump goes to instruction " + stop.to();
            case Insn.CallIndirect _ ->
                "this calls `" + program.functionAt(stop.to()).name() + "`";
            case Insn.CallHelper _ ->
                stop.to() == behind
                        ? ""
                        : "this calls back `" + program.functionAt(stop.to()).name() + "`";
            case Insn.StaticJump _ -> stop.to() == behind ? "" : "the static branch jumps";
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Load _, Insn.Store _ -> "";
            case Insn.Atomic _, Insn.PacketLoad _, Insn.Jump _, Insn.CallLocal _, Insn.CallKernel _, Insn.Exit _ -> "";
        };
    }

    /** What holds of the operands on the edge. */
    private static String condition(Insn.JumpIf jump, boolean taken) {
        String left = jump.dst().toString(jump.width());
        String right = jump.src() instanceof Operand.Register register
                ? register.reg().toString(jump.width())
                : jump.src().toString();
        if (jump.op() == JumpOp.JSET) {
            return "(" + left + " & " + right + ") " + (taken ? "!=" : "==") + " 0";
        }
        return left + " " + (taken ? jump.op() : jump.op().negated()).symbol() + " " + right;
    }
}
