package dev.turnout.verifier.log;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.report.Course;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the log of one program. */
public final class KernelLog {
    /** What Linux allows a walk to visit; part of the last line. */
    private static final int MOST_VISITED = 1_000_000;

    /** Lines of a way that are printed: of a longer one, the end. */
    private static final int MOST_STOPS = 2_000;

    private final BpfProgram program;
    private final StringBuilder out = new StringBuilder();
    private Optional<LineInfo> line = Optional.empty();

    private KernelLog(BpfProgram program) {
        this.program = program;
    }

    /** The log, with a line end. Of a program that is accepted Linux says its figures only. */
    public static String of(BpfProgram program, Verdict verdict) {
        KernelLog log = new KernelLog(program);
        switch (verdict) {
            case Verdict.Verified _ -> {}
            case Verdict.Rejected rejected -> log.reject(rejected.violations().getFirst());
        }
        log.out
                .append("processed ")
                .append(verdict.steps())
                .append(" insns (limit ")
                .append(MOST_VISITED)
                .append(") max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n");
        return log.out.toString();
    }

    private void reject(Violation violation) {
        Insn failing = program.code().find(violation.slot()).orElse(new Insn.Exit());
        Optional<State> state = Optional.empty();
        if (KernelWords.isMet(violation.code())) {
            List<Course.Stop> way = Course.of(program, violation);
            boolean whole = way.getFirst().slot()
                    == (violation.path() == null ? 0 : violation.path().start());
            if (whole && way.size() > MOST_STOPS) {
                out.append("... ").append(way.size() - MOST_STOPS).append(" instructions\n");
            }
            state = whole ? replay(way) : plain(way);
        }
        out.append(KernelWords.of(program, violation, failing, state)).append('\n');
    }

    /** Without a way from the start there is nothing to say of registers. */
    private Optional<State> plain(List<Course.Stop> way) {
        Course.Stop last = way.getLast();
        source(last.slot());
        insn(last.slot(), "");
        return Optional.empty();
    }

    private Optional<State> replay(List<Course.Stop> way) {
        Replay replay = new Replay(program, way.getFirst().slot());
        KernelState text = new KernelState(program);
        int first = Math.max(0, way.size() - MOST_STOPS);
        for (int i = 0; i < way.size(); i++) {
            Course.Stop stop = way.get(i);
            Optional<State> before = replay.state().map(State::copy);
            boolean shown = i >= first;
            if (shown) {
                if (i == first && before.isPresent()) {
                    out.append(stop.slot())
                            .append(": ")
                            .append(text.registers(before.get()))
                            .append('\n');
                }
                source(stop.slot());
            }
            if (i == way.size() - 1) {
                insn(stop.slot(), "");
                return before;
            }
            replay.step(stop, way.get(i + 1));
            if (shown) {
                insn(stop.slot(), changes(text, before, replay.state(), stop.slot()));
            }
        }
        return replay.state();
    }

    /** What is different, in the words of registers, and of the slot that a store writes. */
    private String changes(KernelState text, Optional<State> before, Optional<State> after, int slot) {
        if (before.isEmpty() || after.isEmpty()) {
            return "";
        }
        List<String> all = new ArrayList<>();
        if (before.get().depth() == after.get().depth()) {
            for (int r = 0; r < 10; r++) {
                Value now = after.get().reg(Reg.of(r));
                String was = text.value(before.get(), before.get().reg(Reg.of(r)));
                String is = text.value(after.get(), now);
                if (!is.equals(was) && !(now instanceof Value.Unreadable)) {
                    all.add("R" + r + "=" + is);
                }
            }
            if (program.code().at(slot) instanceof Insn.Store store && store.base() == Reg.R10) {
                all.add("fp" + store.offset() + "="
                        + (store.value() instanceof Operand.Register register
                                ? text.value(after.get(), after.get().reg(register.reg()))
                                : store.value().toString()));
            }
        }
        return String.join(" ", all);
    }

    private void source(int slot) {
        Optional<LineInfo> now =
                program.lineAt(slot).filter(info -> !info.text().isBlank());
        if (now.isPresent() && line.filter(info -> isOne(info, now.get())).isEmpty()) {
            String file = now.get().file();
            out.append("; ")
                    .append(now.get().text().strip())
                    .append(" @ ")
                    .append(file.substring(file.lastIndexOf('/') + 1))
                    .append(':')
                    .append(now.get().line())
                    .append('\n');
        }
        line = now;
    }

    private static boolean isOne(LineInfo a, LineInfo b) {
        return a.line() == b.line() && a.file().equals(b.file());
    }

    private void insn(int slot, String after) {
        String text = slot + ": " + KernelInsn.of(program, slot);
        out.append(text);
        if (!after.isEmpty()) {
            // Linux begins the registers at one column where the instruction leaves room.
            out.repeat(' ', Math.max(1, 40 - text.length())).append("; ").append(after);
        }
        out.append('\n');
    }
}
