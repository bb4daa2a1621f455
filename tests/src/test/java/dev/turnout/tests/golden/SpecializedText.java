package dev.turnout.tests.golden;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.Decisions;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.verifier.specialize.Specializer;
import java.util.List;

/**
 * {@code //! specialized [program] [target=T] [blind=SEED]}: the code that runs, each instruction with its slot and, where that is
 * another, the slot that it was proven at; then the tables, and what was decided, for which value, and which lines died of it.
 */
final class SpecializedText {
    private SpecializedText() {}

    static String of(Subject subject, Section section) {
        StringBuilder text = new StringBuilder();
        for (BpfProgram program : subject.stages(section).programs(section.words())) {
            switch (Verifier.verify(program, Options.linux())) {
                case Verdict.Verified verified ->
                    print(Specializer.specialize(verified.program(), rewrites(section)), text);
                case Verdict.Rejected rejected ->
                    text.append(program.name())
                            .append(": rejected: ")
                            .append(rejected.violations().getFirst().message())
                            .append('\n');
            }
        }
        return text.toString();
    }

    /** {@code blind=SEED} on top of what is done anyway. */
    static SpecializeOptions rewrites(Section section) {
        String seed = section.options().get("blind");
        return seed == null ? SpecializeOptions.DEFAULT : SpecializeOptions.DEFAULT.blinded(Long.parseLong(seed));
    }

    private static void print(ExecutableProgram executable, StringBuilder text) {
        BpfProgram program = executable.program();
        Code code = program.code();
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            BpfProgram.FunctionRange function = program.functionAt(slot);
            if (function.start() == slot) {
                text.append(function.name()).append(":\n");
            }
            int original = executable.original(slot);
            text.append(String.format("%4d %6s: ", slot, original == slot ? "" : "(" + original + ")"))
                    .append(InsnPrinter.print(code.at(slot)))
                    .append('\n');
        }
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Targets(List<Integer> targets)) {
                text.append(map.name()).append(": ").append(targets).append('\n');
            }
            if (map.content() instanceof MapDefinition.Content.Functions table) {
                text.append(map.name())
                        .append(", functions: ")
                        .append(table.rows())
                        .append('\n');
            }
        }
        BpfProgram origin = executable.origin().program();
        for (Decisions.Jump jump : executable.decisions().jumps()) {
            text.append("slot ")
                    .append(jump.slot())
                    .append(line(origin, jump.slot()))
                    .append(": `")
                    .append(InsnPrinter.print(origin.code().at(jump.slot())))
                    .append("` ")
                    .append(
                            switch (jump.way()) {
                                case ALWAYS -> "always jumps, for ";
                                case NEVER -> "never jumps, for ";
                                case ONE_TARGET -> "goes one way, to ";
                            })
                    .append(jump.value())
                    .append('\n');
        }
        for (Decisions.DeadCode dead : executable.decisions().dead()) {
            text.append("dead: slots ")
                    .append(dead.start())
                    .append(" to ")
                    .append(dead.end() - 1)
                    .append(", lines ")
                    .append(dead.lines().stream().map(LineInfo::line).distinct().toList())
                    .append('\n');
        }
    }

    private static String line(BpfProgram program, int slot) {
        return program.lineAt(slot).map(line -> ", line " + line.line()).orElse("");
    }
}
