package dev.turnout.verifier.fixpoint;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.cfg.ControlFlow;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Known;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Symbols;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.obligation.Checker;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.transfer.Transfer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The proof of a program that the structural rules have passed: invariants first, then every obligation of every reachable
 * instruction judged on them.
 */
public final class Analysis {
    /** What a frame is rounded up to when frames are added: Linux 7.2 with a JIT. */
    private static final int FRAME_UNIT = 16;

    private final BpfProgram program;
    private final Options options;
    private final List<List<Known>> rows = new ArrayList<>();
    private final TreeMap<Integer, Known> loads = new TreeMap<>();
    private final TreeMap<Integer, Violation> violations = new TreeMap<>();
    private final int[] stack;

    private Analysis(BpfProgram program, Options options) {
        this.program = program;
        this.options = options;
        this.stack = new int[program.functions().size()];
        for (int slot = 0; slot < program.code().size(); slot++) {
            rows.add(List.of());
        }
    }

    /**
     * What was found.
     *
     * @param violations in order of slots; empty if everything is proven
     * @param rows for each slot what the registers hold before it; empty where no run gets to
     * @param loads by slot, what a load leaves in its register
     * @param ways on from jumps
     * @param steps instructions visited
     */
    public record Outcome(
            List<Violation> violations, List<List<Known>> rows, Map<Integer, Known> loads, Ways ways, long steps) {}

    public static Outcome of(BpfProgram program, Options options) {
        return new Analysis(program, options).run();
    }

    private Outcome run() {
        Fixpoint fixpoint = new Fixpoint(program, options);
        Trace trace = fixpoint.run(entry(program));
        for (Violation violation : trace.violations()) {
            violations.putIfAbsent(violation.slot(), violation);
        }
        judge(fixpoint, trace);
        if (trace.isTorn() && violations.isEmpty()) {
            violations.put(
                    0,
                    Violation.of(
                            DiagnosticCode.V0134,
                            0,
                            "what the program holds depends on the way that control came, which is not modelled"));
        }
        new TailCalls(program, trace).check(stack, violations);
        if (violations.isEmpty()) {
            checkStack(trace);
        }
        return new Outcome(onePerFunction(), rows, loads, trace.ways(), fixpoint.steps());
    }

    /** What holds when the program is entered. */
    static State entry(BpfProgram program) {
        State state = State.entry(new Symbols());
        switch (program.entry()) {
            case BpfProgram.Entry.Context _ ->
                state.put(Reg.R1, new Value.Pointer(new Region.Context(), Num.constant(0), Form.ZERO, 0));
            case BpfProgram.Entry.Memory memory -> {
                state.put(
                        Reg.R1,
                        memory.bytes() == 0
                                ? Value.constant(0)
                                : new Value.Pointer(new Region.Memory(memory.bytes()), Num.constant(0), Form.ZERO, 0));
                state.put(Reg.R2, Value.constant(memory.bytes()));
            }
        }
        return state;
    }

    /** Goes once more through every block from the state at its head. A block that fails is not followed further. */
    private void judge(Fixpoint fixpoint, Trace trace) {
        Transfer transfer = new Transfer(program, options);
        Checker checker = new Checker(program, options);
        for (Trace.Entry entry : trace.entries()) {
            ControlFlow flow = fixpoint.flow(entry.function());
            State state = entry.state().copy();
            int last = flow.last(entry.block());
            for (int slot = flow.start(entry.block()); ; slot = program.code().next(slot)) {
                Insn insn = program.code().at(slot);
                note(slot, state);
                Optional<Violation> violation = checker.check(state, slot, insn);
                if (violation.isPresent()) {
                    violations.putIfAbsent(slot, violation.get());
                    break;
                }
                noteStack(entry.active(), state, insn);
                // Jumps and calls leave the state to the fixpoint, and end blocks; a load may end one, too.
                transfer.step(state, slot, insn);
                if (insn instanceof Insn.Load load) {
                    loads.merge(slot, known(state, state.reg(load.dst())), Known::join);
                }
                if (slot == last) {
                    break;
                }
            }
        }
    }

    private void note(int slot, State state) {
        List<Known> before = rows.get(slot);
        List<Known> now = new ArrayList<>(State.REGISTERS);
        for (int r = 0; r < State.REGISTERS; r++) {
            Known known = known(state, state.reg(Reg.of(r)));
            now.add(before.isEmpty() ? known : before.get(r).join(known));
        }
        rows.set(slot, List.copyOf(now));
    }

    private static Known known(State state, Value value) {
        return switch (value) {
            case Value.Unreadable _, Value.StackObject _ -> new Known.Unreadable();
            case Value.Scalar scalar -> new Known.Number(state.num(scalar));
            case Value.Pointer pointer ->
                new Known.Address(pointer.region(), state.offset(pointer), pointer.isNullable());
            case Value.CodeAddress code -> new Known.Target(code.targets());
            case Value.FunctionAddress function -> new Known.Function(function.starts(), function.isNullable());
        };
    }

    /** How deep the program goes into each function's frame, by every pointer that an instruction or a helper uses. */
    private void noteStack(List<Integer> active, State state, Insn insn) {
        switch (insn) {
            case Insn.Load load -> noteStack(active, state, load.base(), load.offset());
            case Insn.Store store -> noteStack(active, state, store.base(), store.offset());
            case Insn.Atomic atomic -> noteStack(active, state, atomic.base(), atomic.offset());
            case Insn.CallHelper _ -> {
                for (int i = 0; i < 5; i++) {
                    noteStack(active, state, Reg.argument(i), 0);
                }
            }
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.PacketLoad _ -> {}
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> {}
            case Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
    }

    private void noteStack(List<Integer> active, State state, Reg base, int offset) {
        if (state.reg(base) instanceof Value.Pointer pointer && pointer.region() instanceof Region.Stack frame) {
            long deep = -(state.offset(pointer).sMin() + offset);
            int function = active.get(frame.depth());
            stack[function] = (int) Math.max(stack[function], Math.min(deep, 512));
        }
    }

    /** The deepest chain of calls must fit one stack. The calls have no cycle: the fixpoint refuses recursion. */
    private void checkStack(Trace trace) {
        int n = stack.length;
        long[] deepest = new long[n];
        for (int f = 0; f < n; f++) {
            deepest[f] = round(stack[f]);
        }
        boolean changed = true;
        for (int round = 0; changed && round < Calls.MOST_FRAMES + 1; round++) {
            changed = false;
            for (Trace.Call call : trace.calls()) {
                long through = round(stack[call.caller()]) + deepest[call.callee()];
                if (through > deepest[call.caller()]) {
                    deepest[call.caller()] = through;
                    changed = true;
                }
            }
        }
        if (deepest[0] > 512) {
            violations.put(
                    0,
                    Violation.of(
                                    DiagnosticCode.V0106,
                                    0,
                                    "the frames of nested calls take " + deepest[0] + " bytes of stack")
                            .note("the limit for all active functions together is 512; each frame is rounded up to "
                                    + FRAME_UNIT)
                            .note("the deepest calls are " + deepest(trace, deepest))
                            .help("use smaller local variables, or keep them in a map"));
        }
    }

    /** The calls whose frames make up the depth of main, with their bytes. */
    private String deepest(Trace trace, long[] deepest) {
        StringBuilder text = new StringBuilder();
        for (int function = 0; function >= 0; ) {
            long own = round(stack[function]);
            text.append(text.isEmpty() ? "`" : " → `")
                    .append(program.functions().get(function).name())
                    .append("` ")
                    .append(own);
            int next = -1;
            for (Trace.Call call : trace.calls()) {
                boolean through = call.caller() == function && own + deepest[call.callee()] == deepest[function];
                next = through && deepest[call.callee()] > 0 && next < 0 ? call.callee() : next;
            }
            function = next;
        }
        return text.toString();
    }

    /** Bytes that a frame takes of the stack. */
    static long round(int bytes) {
        return (bytes + FRAME_UNIT - 1L) / FRAME_UNIT * FRAME_UNIT;
    }

    /** What follows from a first mistake is not worth a message: one a function, the first by place. */
    private List<Violation> onePerFunction() {
        TreeMap<Integer, Violation> first = new TreeMap<>(Comparator.naturalOrder());
        for (Violation violation : violations.values()) {
            first.putIfAbsent(program.functionAt(violation.slot()).start(), violation);
        }
        return List.copyOf(first.values());
    }
}
