package dev.turnout.bpf.asm;

import dev.turnout.bpf.isa.FieldRule;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Fault;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Words to instructions, by the rows of {@link InsnForms}: a word is an instruction of the one row of its opcode whose every
 * field rule it obeys. A word that obeys none is explained against the row that it comes closest to. Where jumps land is not
 * looked at: that needs to know the functions.
 */
public final class Decoder {
    /** Mistakes after which decoding stops: such bytes are not code. */
    private static final int PATIENCE = 20;

    /** The same where functions are judged one by one; one section may hold many that are wrong on purpose. */
    private static final int MOST_FAULTS = 1000;

    private final ByteBuffer bytes;
    private final String what;
    private final Policy policy;
    private final Diagnostics diagnostics;
    private final boolean tolerant;
    private final List<Fault> faults = new ArrayList<>();
    private int mistakes;

    private Decoder(ByteBuffer bytes, String what, Policy policy, Diagnostics diagnostics, boolean tolerant) {
        this.tolerant = tolerant;
        this.bytes = bytes;
        this.what = what;
        this.policy = policy;
        this.diagnostics = diagnostics;
    }

    /**
     * The instructions between position and limit of {@code bytes}, whose byte order and position stay as they are.
     *
     * @param what the code's name in messages: {@code section `xdp`}
     * @return nothing if a mistake was reported
     */
    public static Optional<Code> decode(ByteBuffer bytes, String what, Policy policy, Diagnostics diagnostics) {
        ByteBuffer little = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        return new Decoder(little, what, policy, diagnostics, false).decode();
    }

    /**
     * The same of code that may have words that are no instructions: other functions around them can still be used.
     *
     * @param faults where to put what is wrong with each, in order of slot
     * @return nothing if a mistake was reported: the bytes cannot be cut into words, or hardly any word is an instruction
     */
    public static Optional<Code> decode(
            ByteBuffer bytes, String what, Policy policy, Diagnostics diagnostics, List<Fault> faults) {
        ByteBuffer little = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        Decoder decoder = new Decoder(little, what, policy, diagnostics, true);
        Optional<Code> code = decoder.decode();
        faults.addAll(decoder.faults);
        return code;
    }

    private Optional<Code> decode() {
        int size = bytes.remaining();
        if (size % 8 != 0) {
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.O0101, what + " has " + size + " bytes of code, which is no multiple of 8")
                    .withNote("an instruction is 8 bytes, a wide load 16"));
            return Optional.empty();
        }
        List<Insn> insns = new ArrayList<>(size / 8);
        for (int at = 0; at < size && mistakes < (tolerant ? MOST_FAULTS : PATIENCE); ) {
            long word = bytes.getLong(at);
            at += 8;
            long second = 0;
            if ((int) (word & 0xff) == 0x18) {
                if (at == size) {
                    report(
                            at / 8 - 1,
                            DiagnosticCode.O0105,
                            what + " ends inside a wide load, at slot " + (at / 8 - 1),
                            "opcode 0x18 takes two slots");
                    insns.add(new Insn.Exit());
                    break;
                }
                second = bytes.getLong(at);
                at += 8;
                if ((int) second != 0) {
                    report(
                            at / 8 - 2,
                            DiagnosticCode.O0105,
                            "second slot of the wide load at slot " + (at / 8 - 2) + " of " + what
                                    + " is not zero where it must be",
                            "its bytes are " + hex(second) + "; only the last four may be set");
                    insns.add(Insn.Wide.constant(Reg.R0, 0));
                    continue;
                }
            }
            Insn insn = decode(word, (int) (second >>> 32), at);
            if (insn == null) {
                insns.add((int) (word & 0xff) == 0x18 ? Insn.Wide.constant(Reg.R0, 0) : new Insn.Exit());
            } else {
                insns.add(insn);
            }
        }
        if (tolerant && mistakes == MOST_FAULTS) {
            diagnostics.report(
                    faults.getFirst().diagnostic().withNote("and " + (mistakes - 1) + " more words are wrong"));
            return Optional.empty();
        }
        return mistakes == 0 || (tolerant && !faults.isEmpty()) ? Optional.of(Code.of(insns)) : Optional.empty();
    }

    private @Nullable Insn decode(long word, int high, int behind) {
        int opcode = (int) word & 0xff;
        int dst = (int) (word >>> 8) & 15;
        int src = (int) (word >>> 12) & 15;
        int off = (short) (word >>> 16);
        int imm = (int) (word >>> 32);
        for (InsnForm row : InsnForms.ofOpcode(opcode)) {
            if (registerAllowed(row.dst(), dst)
                    && registerAllowed(row.src(), src)
                    && row.off().allows(off)
                    && row.imm().allows(imm)
                    && row.high().allows(high)) {
                return row.build(dst, src, off, imm, high);
            }
        }
        explain(word, high, slot(behind, opcode));
        return null;
    }

    private static int slot(int behind, int opcode) {
        return behind / 8 - (opcode == 0x18 ? 2 : 1);
    }

    /** Whether a register may stand there: also the frame pointer where it would be written, if a verifier is to judge that. */
    private boolean registerAllowed(FieldRule rule, int register) {
        return rule.allows(register) || (register == 10 && !rule.isFixed() && policy == Policy.LINUX);
    }

    /** Says which field of the nearest row is wrong: the row that the most fields obey, the first such. */
    private void explain(long word, int high, int slot) {
        int opcode = (int) word & 0xff;
        int[] fields = {
            (int) (word >>> 8) & 15, (int) (word >>> 12) & 15, (short) (word >>> 16), (int) (word >>> 32), high
        };
        InsnForm nearest = null;
        int best = -1;
        for (InsnForm row : InsnForms.ofOpcode(opcode)) {
            int score = 0;
            for (int i = 0; i < fields.length; i++) {
                if (rule(row, i).allows(fields[i])) {
                    // A field that selects the operation says more about what was meant than a reserved one.
                    score += fields[i] != 0 && rule(row, i).isFixed() ? 2 : 1;
                }
            }
            if (score > best) {
                best = score;
                nearest = row;
            }
        }
        String bytesNote = "its bytes are " + hex(word);
        if (nearest == null) {
            report(
                    slot,
                    DiagnosticCode.O0102,
                    "unknown opcode 0x" + HexFormat.of().toHexDigits((byte) opcode) + " at slot " + slot + " of "
                            + what,
                    bytesNote);
            return;
        }
        for (int i = 0; i < fields.length; i++) {
            FieldRule rule = rule(nearest, i);
            if (!rule.allows(fields[i])) {
                report(slot, mistake(nearest, i, rule, fields[i], slot), bytesNote);
                return;
            }
        }
    }

    private Diagnostic mistake(InsnForm row, int field, FieldRule rule, int value, int slot) {
        String where = " of `" + row.name() + "` at slot " + slot + " of " + what;
        boolean register = field < 2 && !rule.isFixed();
        if (register && value > 10) {
            return Diagnostic.general(
                    DiagnosticCode.O0104, "there is no register r" + value + ", named as the " + NAMES[field] + where);
        }
        if (register) {
            return Diagnostic.general(
                            DiagnosticCode.O0104, "the frame pointer `r10` cannot be the " + NAMES[field] + where)
                    .withHelp("copy it to another register and change that one");
        }
        return Diagnostic.general(
                DiagnosticCode.O0103, "the " + NAMES[field] + where + " is " + value + ", must be " + rule);
    }

    private static final String[] NAMES = {"destination", "source", "offset", "immediate", "second immediate"};

    private static FieldRule rule(InsnForm row, int field) {
        return switch (field) {
            case 0 -> row.dst();
            case 1 -> row.src();
            case 2 -> row.off();
            case 3 -> row.imm();
            default -> row.high();
        };
    }

    private static String hex(long word) {
        return HexFormat.ofDelimiter(" ")
                .formatHex(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(word)
                        .array());
    }

    private void report(int slot, DiagnosticCode code, String message, String note) {
        report(slot, Diagnostic.general(code, message), note);
    }

    private void report(int slot, Diagnostic diagnostic, String note) {
        mistakes++;
        if (tolerant) {
            faults.add(new Fault(slot, diagnostic.withNote(note)));
        } else {
            diagnostics.report(diagnostic.withNote(note));
        }
    }
}
