package dev.turnout.linux.report;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a log of the kernel's verifier ends with. The log follows one way through the program, instruction by instruction, and its last
 * words are about the last one; a complaint about the shape of the code comes before any instruction and names its own.
 *
 * @param message in the kernel's words, without its figures; empty if the log is
 * @param slot that it is about
 * @param steps instructions that were looked at until then
 * @param last the end of the log: the last instructions, states and words, without source lines and figures
 */
public record Complaint(String message, OptionalInt slot, OptionalLong steps, List<String> last) {
    /** Lines of a log that say enough to see what the kernel knew at the end. */
    private static final int LINES = 12;

    /** {@code 12: (79) r0 = *(u64 *)(r1 +0)}. */
    private static final Pattern INSTRUCTION = Pattern.compile("^\\s*(\\d+): \\([0-9a-f]{2}\\) .*");

    private static final Pattern STATE = Pattern.compile("^\\s*(from \\d+ to \\d+|\\d+)(:| \\().*");
    private static final Pattern NAMED = Pattern.compile("\\binsn (\\d+)");
    private static final Pattern OPCODE = Pattern.compile("^unknown opcode ([0-9a-f]{2})$");
    private static final Pattern STEPS = Pattern.compile("^processed (\\d+) insns.*");
    private static final Pattern FIGURES =
            Pattern.compile("^(processed \\d+ insns|verification time |stack depth |insns processed ).*");

    public Complaint {
        last = List.copyOf(last);
    }

    /** Reads the log of a program that was refused. */
    public static Complaint of(BpfProgram program, String log) {
        List<String> lines = new ArrayList<>();
        OptionalLong steps = OptionalLong.empty();
        for (String line : log.lines().toList()) {
            Matcher figure = STEPS.matcher(line);
            if (figure.matches()) {
                steps = OptionalLong.of(Long.parseLong(figure.group(1)));
            }
            if (!line.isBlank()
                    && !line.startsWith(";")
                    && !FIGURES.matcher(line).matches()) {
                lines.add(line);
            }
        }
        String message = lines.isEmpty() || STATE.matcher(lines.getLast()).matches() ? "" : lines.getLast();
        return new Complaint(
                message,
                slot(program.code(), message, lines),
                steps,
                lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }

    private static OptionalInt slot(Code code, String message, List<String> lines) {
        for (String line : lines.reversed()) {
            OptionalInt slot = slotOf(line);
            if (slot.isPresent()) {
                return slot;
            }
        }
        Matcher named = NAMED.matcher(message);
        if (named.find()) {
            return OptionalInt.of(Integer.parseInt(named.group(1)));
        }
        Matcher opcode = OPCODE.matcher(message);
        if (opcode.matches()) {
            int wanted = Integer.parseInt(opcode.group(1), 16);
            for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
                if ((Encoder.word(code.at(slot)) & 0xff) == wanted) {
                    return OptionalInt.of(slot);
                }
            }
        }
        return OptionalInt.empty();
    }

    /** The slot of the instruction that a line of a log shows; empty if it shows none. */
    public static OptionalInt slotOf(String line) {
        Matcher instruction = INSTRUCTION.matcher(line);
        return instruction.matches() ? OptionalInt.of(Integer.parseInt(instruction.group(1))) : OptionalInt.empty();
    }

    /** Whether the kernel gave up for the program's size or the number of its paths, having found nothing wrong. */
    public boolean effort() {
        return message.startsWith("BPF program is too large") || message.contains("jumps is too complex");
    }
}
