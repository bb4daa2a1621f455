package dev.turnout.verifier.walk;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.cfg.Exceptions;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.invariant.InvariantTable;
import dev.turnout.verifier.obligation.Checker;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.signature.Signature;
import dev.turnout.verifier.transfer.Branching;
import dev.turnout.verifier.transfer.Callbacks;
import dev.turnout.verifier.transfer.Transfer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One try: follows a path to its end, then the one that was left open last, until none is left. */
final class PathWalk {
    /** Frames that may be active at once: Linux 7.2. */
    private static final int MOST_FRAMES = 16;

    /** Paths that wait to be followed. */
    private static final int MOST_WAITING = 16_384;

    /** In place of a slot: where a helper stands between two rounds of its callback. */
    private static final int BETWEEN_ROUNDS = -1;

    private final BpfProgram program;
    private final Options options;
    private final Code code;
    private final long budget;
    private final Transfer transfer;
    private final Checker checker;
    private final InvariantTable table;
    private final Meetings meetings;
    private final Counts counts;
    private final Callbacks callbacks;
    private final List<ControlFlow> flows = new ArrayList<>();
    private final Deque<Walker> waiting = new ArrayDeque<>();
    private @Nullable Violation broken;
    private long steps;

    /**
     * @param budget steps that it may take
     * @param forgetful whether numbers are forgotten that nothing seems to need
     */
    PathWalk(BpfProgram program, Options options, long budget, boolean forgetful) {
        this.options = options;
        this.program = program;
        this.code = program.code();
        this.budget = budget;
        this.callbacks = new Callbacks(program, options);
        this.counts = new Counts(program);
        this.transfer = new Transfer(program, options);
        this.checker = new Checker(program, options);
        this.table = new InvariantTable(program);
        for (BpfProgram.FunctionRange function : program.functions()) {
            flows.add(ControlFlow.of(program, function));
        }
        this.meetings = new Meetings(code, flows, forgetful);
    }

    Walk.Outcome run(int function, State entry) {
        int start = program.functions().get(function).start();
        Checkpoint root = new Checkpoint(null, 0, null, null, Checkpoint.NONE, Checkpoint.NONE);
        waiting.push(new Walker(entry, Activation.root(function, start), start, root));
        while (!waiting.isEmpty() && broken == null) {
            if (!follow(waiting.pop())) {
                return new Walk.Outcome.Exhausted(steps);
            }
        }
        if (broken == null) {
            broken = meetings.endless();
        }
        if (broken == null) {
            TreeMap<Integer, Violation> violations = new TreeMap<>();
            table.check(options, violations);
            broken = violations.isEmpty() ? null : violations.firstEntry().getValue();
        }
        return broken == null ? new Walk.Outcome.Proven(table, steps) : new Walk.Outcome.Broken(broken, steps);
    }

    /** Follows a path to its end, or to a violation; false if there are no steps left for that. */
    private boolean follow(Walker path) {
        boolean goesOn = true;
        while (goesOn) {
            if (steps >= budget || waiting.size() > MOST_WAITING) {
                return false;
            }
            goesOn = meets(path, path.slot, counts.isAt(path.slot)) && step(path);
        }
        path.last.close();
        return true;
    }

    /** Compares the path's state with what was seen where it is; false if the path ends here. */
    private boolean meets(Walker path, int slot, boolean forced) {
        return switch (meetings.meet(path, slot, forced)) {
            case GOES_ON -> true;
            case SEEN -> false;
            case ENDLESS -> breaks(path, meetings.endless(path.slot));
        };
    }

    /** Ends the walk with a violation; false. */
    private boolean breaks(Walker path, Violation violation) {
        int start = path.at.root().site();
        broken = violation.along(Trail.path(start, path.trail));
        return false;
    }

    /** One instruction; false if the path ends with it. */
    private boolean step(Walker path) {
        steps++;
        path.insns++;
        int slot = path.slot;
        Insn insn = code.at(slot);
        table.note(slot, path.state);
        Optional<Violation> violation = checker.check(path.state, slot, insn);
        if (violation.isPresent()) {
            return breaks(path, violation.get());
        }
        table.noteStack(path.at.active(), path.state, insn);
        return switch (insn) {
            case Insn.JumpIf jump -> branch(path, jump);
            case Insn.Jump _ -> {
                path.jumps++;
                path.slot = code.next(slot) + insn.jumpDistance().orElse(0);
                yield true;
            }
            case Insn.StaticJump _ -> {
                split(path, targets(path));
                yield true;
            }
            case Insn.MayGoto _ -> {
                mayGoto(path);
                yield true;
            }
            case Insn.JumpIndirect jump -> indirect(path, jump);
            case Insn.Exit _ -> exit(path);
            case Insn.CallLocal call -> {
                Optional<Signature.Typed> alone = transfer.alone(slot, call);
                if (alone.isEmpty()) {
                    yield call(path, slot, slot + 1 + call.distance());
                }
                table.calls().call(path.at.active().getLast(), alone.get().function());
                yield plain(path, insn);
            }
            case Insn.CallIndirect call -> {
                List<Integer> starts = Callbacks.functions(path.state.reg(call.target()));
                for (int start : starts) {
                    Walker each = path.fork(path.state.copy());
                    each.trail = new Trail(path.trail, slot, start);
                    if (!call(each, slot, start)) {
                        yield false;
                    }
                    push(each);
                }
                yield false;
            }
            case Insn.CallHelper call -> {
                if (Callbacks.callsBack(insn)) {
                    yield enterHelper(path);
                }
                goesOnElsewhere(path, call);
                yield plain(path, insn);
            }
            case Insn.Load load -> {
                plain(path, insn);
                table.noteLoad(slot, path.state, load.dst());
                yield true;
            }
            case Insn.Alu alu -> arithmetic(path, alu);
            case Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.Store _ -> plain(path, insn);
            case Insn.Atomic _ -> plain(path, insn);
            case Insn.PacketLoad _ -> {
                endsFunction(path);
                yield plain(path, insn);
            }
            case Insn.CallKernel call -> !Exceptions.at(program, call) && kernel(path, call);
        };
    }

    private boolean plain(Walker path, Insn insn) {
        transfer.step(path.state, path.slot, insn);
        path.slot = code.next(path.slot);
        return true;
    }

    /** One outcome, but for a mask made of a sign. */
    private boolean arithmetic(Walker path, Insn.Alu alu) {
        int next = code.next(path.slot);
        List<State> outcomes = transfer.outcomes(path.state, path.slot, alu);
        for (State outcome : outcomes.subList(1, outcomes.size())) {
            Walker other = path.fork(outcome);
            other.decide(next);
            push(other);
        }
        path.slot = next;
        return true;
    }

    /** What the call did in one case, to be followed first, and in others. */
    private boolean kernel(Walker path, Insn.CallKernel call) {
        int slot = path.slot;
        int next = code.next(slot);
        int started = counts.started(path.state, call);
        int restarted = counts.restarted(slot, call);
        List<State> outcomes = transfer.outcomes(path.state, slot, call);
        for (State outcome : outcomes.subList(1, outcomes.size())) {
            Walker other = path.fork(outcome);
            other.counted = started;
            other.decide(next);
            push(other);
        }
        path.restarts = restarted;
        path.trail = outcomes.size() > 1 ? new Trail(path.trail, slot, next) : path.trail;
        path.slot = next;
        return true;
    }

    // Branches

    /** Another path, to be followed later. */
    private void push(Walker path) {
        path.last.open();
        waiting.push(path);
    }

    /** Like Linux: on behind the jump first, its target later. */
    private boolean branch(Walker path, Insn.JumpIf jump) {
        int slot = path.slot;
        int next = code.next(slot);
        int target = next + jump.distance();
        State taken = path.state.copy();
        boolean jumps = Branching.assume(taken, jump, true);
        boolean goesOn = Branching.assume(path.state, jump, false);
        if (jumps) {
            table.ways().jumps(slot);
            Walker other = goesOn ? path.fork(taken) : path;
            other.state = taken;
            other.decide(target);
            if (goesOn) {
                push(other);
            }
        }
        if (goesOn) {
            table.ways().goesOn(slot);
            path.decide(next);
        }
        return jumps || goesOn;
    }

    private int[] targets(Walker path) {
        ControlFlow flow = flow(path);
        int[] blocks = flow.successors(flow.blockOf(path.slot));
        int[] slots = new int[blocks.length];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = flow.start(blocks[i]);
        }
        return slots;
    }

    /** Goes on at the last of the slots, and later at the others. */
    private void split(Walker path, int[] slots) {
        for (int i = 0; i < slots.length - 1; i++) {
            Walker other = path.fork(path.state.copy());
            other.decide(slots[i]);
            push(other);
        }
        path.decide(slots[slots.length - 1]);
    }

    /** Leaves the loop first; what goes on takes one from the count. */
    private void mayGoto(Walker path) {
        int next = code.next(path.slot);
        Walker counted = path.fork(path.state.copy());
        counted.counted = Counts.MAY_GOTO;
        counted.decide(next);
        push(counted);
        path.decide(next + code.at(path.slot).jumpDistance().orElse(0));
    }

    private boolean indirect(Walker path, Insn.JumpIndirect jump) {
        if (!(path.state.reg(jump.target()) instanceof Value.CodeAddress address)) {
            return false;
        }
        int through = flow(path).table(flow(path).blockOf(path.slot));
        if (through >= 0 && through != address.map()) {
            return breaks(path, ControlFlow.throughAnotherTable(path.slot));
        }
        for (int target : address.targets()) {
            table.ways().goesTo(path.slot, target);
        }
        split(path, address.targets().stream().mapToInt(Integer::intValue).toArray());
        return true;
    }

    private ControlFlow flow(Walker path) {
        return flows.get(path.at.function());
    }

    // Calls

    private boolean call(Walker path, int site, int start) {
        if (!mayCall(path, site, start)) {
            return false;
        }
        path.state.enter();
        path.state.sweep();
        return true;
    }

    /** Makes the function that begins at {@code start} the active one, if it may be called; its frame is not entered yet. */
    private boolean mayCall(Walker path, int site, int start) {
        int callee = program.functions().indexOf(program.functionAt(start));
        String name = program.functions().get(callee).name();
        if (path.at.runs(callee)) {
            return breaks(
                    path,
                    Violation.of(DiagnosticCode.V0105, site, "function `" + name + "` calls itself")
                            .note("a function that is still active is called again: " + chain(path.at, name))
                            .help("write a loop instead"));
        }
        if (path.at.frames() + 1 > MOST_FRAMES) {
            return breaks(
                    path,
                    Violation.of(DiagnosticCode.V0107, site, "calls nest deeper than " + MOST_FRAMES + " frames")
                            .note("the calls are " + chain(path.at, name)));
        }
        table.calls().call(path.at.active().getLast(), callee);
        path.at = path.at.call(site, callee);
        path.slot = start;
        return true;
    }

    /** The active functions and the one that is called now, by name. */
    private String chain(Activation active, String callee) {
        StringBuilder text = new StringBuilder("`" + callee + "`");
        for (Activation a = active; ; a = a.caller()) {
            if (!a.isHelper()) {
                text.insert(0, "`" + program.functions().get(a.function()).name() + "` → ");
            }
            if (a.isRoot()) {
                return text.toString();
            }
        }
    }

    private boolean exit(Walker path) {
        if (path.at.isRoot()) {
            return false;
        }
        Activation callee = path.at;
        if (callee.caller().isHelper()) {
            return exitCallback(path);
        }
        path.state.leave();
        boolean forgets = program.functions().get(callee.function()).global();
        if (forgets && path.state.reg(Reg.R0) instanceof Value.Scalar) {
            path.state.put(Reg.R0, path.state.fresh(Num.top()));
        }
        path.at = callee.caller();
        path.slot = code.next(callee.site());
        return true;
    }

    /**
     * A tail call out of a function: the other program takes the function's place and comes back to its caller, with any result,
     * and may have moved the packet. Frames are out of its reach. Out of main nothing comes back here, and out of a callback it is
     * refused.
     */
    private void goesOnElsewhere(Walker path, Insn.CallHelper call) {
        if (call.id() != HelperFunction.TAIL_CALL.id() || path.at.isRoot() || path.at.isInCallback()) {
            return;
        }
        Walker elsewhere = path.fork(path.state.copy());
        elsewhere.state.forgetPacket();
        elsewhere.state.clobber();
        elsewhere.state.put(Reg.R0, elsewhere.state.fresh(Num.top()));
        if (exit(elsewhere)) {
            push(elsewhere);
        }
    }

    /** A packet load past the packet's end returns 0 from the function that it stands in. */
    private void endsFunction(Walker path) {
        if (path.at.isRoot()) {
            return;
        }
        Walker elsewhere = path.fork(path.state.copy());
        elsewhere.state.clobber();
        elsewhere.state.put(Reg.R0, Value.constant(0));
        if (exit(elsewhere)) {
            push(elsewhere);
        }
    }

    // Callbacks

    private boolean enterHelper(Walker path) {
        path.restarts = path.slot;
        path.at = path.at.helper(path.slot);
        path.rounds = new Rounds(path.rounds, 0);
        return betweenRounds(path);
    }

    /** The helper may return, and it may make another round: the latter is followed later. */
    private boolean betweenRounds(Walker path) {
        if (!meets(path, BETWEEN_ROUNDS, true)) {
            return false;
        }
        Rounds rounds = Objects.requireNonNull(path.rounds);
        State state = path.state;
        List<Value> given = new ArrayList<>();
        for (int i = 0; i < State.KEPT; i++) {
            given.add(state.reg(Reg.argument(i)));
        }
        if (rounds.done() < callbacks.mostRounds(state, code.at(path.slot), given)) {
            for (int start : Callbacks.functions(given.get(Callbacks.FUNCTION))) {
                if (!pushRound(path, rounds, given, start)) {
                    return false;
                }
            }
        }
        int site = path.at.site();
        path.at = path.at.caller();
        path.rounds = rounds.outer();
        path.slot = site;
        return plain(path, code.at(site));
    }

    private boolean pushRound(Walker path, Rounds rounds, List<Value> given, int start) {
        Walker round = path.fork(path.state.copy());
        round.slot = path.at.site();
        round.counted = path.at.site();
        round.rounds = rounds.more();
        round.decide(start);
        int site = round.at.site();
        if (!mayCall(round, site, start)) {
            return false;
        }
        round.state.enterCallback();
        table.calls().callback(round.at.function());
        callbacks.enter(round.state, code.at(site), given);
        push(round);
        return true;
    }

    private boolean exitCallback(Walker path) {
        Activation helper = path.at.caller();
        Num result = path.state.reg(Reg.R0) instanceof Value.Scalar scalar ? path.state.num(scalar) : Num.top();
        if (!result.leq(Callbacks.results())) {
            return breaks(
                    path,
                    Violation.of(
                                    DiagnosticCode.V0127,
                                    helper.site(),
                                    "the callback may return something else than 0 or 1")
                            .note("it returns " + (result.isTop() ? "anything" : result.toString())
                                    + "; 0 asks for the next round, 1 ends the loop"));
        }
        path.state.leaveCallback();
        path.decide(helper.site());
        path.at = helper;
        return betweenRounds(path);
    }
}
