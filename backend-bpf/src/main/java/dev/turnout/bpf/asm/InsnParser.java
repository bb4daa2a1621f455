package dev.turnout.bpf.asm;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text to instructions: one on a line, with an optional {@code 12:} in front; {@code ;} begins a comment, {@code <name>}
 * behind a distance is one too. {@code L1:} names the next instruction, and {@code goto L1} or {@code call L1} go there.
 * Reads what {@link InsnPrinter} prints, and the hexadecimal offsets of other disassemblers.
 */
public final class InsnParser {
    private final SourceFile file;
    private final Diagnostics diagnostics;
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Pending> insns = new ArrayList<>();
    private int slots;

    private String line = "";
    private int lineStart;
    private int at;
    private String label = "";

    /** An instruction whose distance may wait for a label. */
    private record Pending(Insn insn, int slot, String label, Span span) {}

    /** What goes wrong inside a line; never leaves this class. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    private InsnParser(SourceFile file, Diagnostics diagnostics) {
        this.file = file;
        this.diagnostics = diagnostics;
    }

    /**
     * The instructions of a text.
     *
     * @return nothing if a mistake was reported
     */
    public static Optional<Code> parse(SourceFile file, Diagnostics diagnostics) {
        int before = diagnostics.errorCount();
        Code code = new InsnParser(file, diagnostics).parse();
        return diagnostics.errorCount() == before ? Optional.of(code) : Optional.empty();
    }

    private Code parse() {
        String text = file.text();
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            line = text.substring(start, end);
            lineStart = start;
            line();
            start = end + 1;
        }
        List<Insn> resolved = new ArrayList<>(insns.size());
        for (Pending pending : insns) {
            resolved.add(pending.label.isEmpty() ? pending.insn : aimed(pending));
        }
        return Code.of(resolved);
    }

    private void line() {
        int comment = line.indexOf(';');
        if (comment >= 0) {
            line = line.substring(0, comment);
        }
        at = 0;
        label = "";
        try {
            skipBlanks();
            while (isLabel()) {
                String name = word();
                at++;
                if (Character.isLetter(name.charAt(0)) && labels.put(name, slots) != null) {
                    throw new Broken("the label `" + name + "` is there twice");
                }
                skipBlanks();
            }
            if (at == line.length()) {
                return;
            }
            int begin = at;
            Insn insn = insn();
            skipBlanks();
            if (peek() == '<') {
                at = line.indexOf('>', at) + 1;
                if (at == 0) {
                    at = line.length();
                    throw new Broken("`<` is not closed");
                }
                skipBlanks();
            }
            if (at < line.length()) {
                throw new Broken("nothing more was expected on this line");
            }
            insns.add(new Pending(insn, slots, label, new Span(file, lineStart + begin, lineStart + line.length())));
            slots += insn.slots();
        } catch (Broken broken) {
            int place = Math.min(lineStart + at, file.text().length());
            int end = Math.min(
                    lineStart + Math.max(at, line.length()), file.text().length());
            diagnostics.report(Diagnostic.at(
                    new Span(file, place, Math.max(place, end)),
                    DiagnosticCode.O0107,
                    String.valueOf(broken.getMessage())));
        }
    }

    private Insn aimed(Pending pending) {
        Integer target = labels.get(pending.label);
        if (target == null) {
            diagnostics.report(Diagnostic.at(
                    pending.span, DiagnosticCode.O0107, "there is no label `" + pending.label + "` in this text"));
            return pending.insn;
        }
        int distance = target - pending.slot - 1;
        boolean far = (pending.insn instanceof Insn.Jump jump && jump.far())
                || (pending.insn instanceof Insn.StaticJump site && site.far())
                || pending.insn instanceof Insn.CallLocal
                || pending.insn instanceof Insn.Wide;
        if (!far && distance != (short) distance) {
            diagnostics.report(Diagnostic.at(
                            pending.span,
                            DiagnosticCode.O0107,
                            "the label `" + pending.label + "` is " + distance
                                    + " slots away, 16 bits do not hold that")
                    .withHelp("use `gotol`"));
            return pending.insn;
        }
        return switch (pending.insn) {
            case Insn.Jump jump -> new Insn.Jump(jump.far(), distance);
            case Insn.JumpIf jump -> new Insn.JumpIf(jump.op(), jump.width(), jump.dst(), jump.src(), distance);
            case Insn.StaticJump jump -> new Insn.StaticJump(jump.far(), jump.nop(), distance);
            case Insn.MayGoto _ -> new Insn.MayGoto(distance);
            case Insn.CallLocal _ -> new Insn.CallLocal(distance);
            case Insn.Wide wide -> new Insn.Wide(wide.dst(), wide.kind(), distance, 0);
            default -> throw new IllegalStateException(pending.insn + " goes nowhere");
        };
    }

    // Characters and words.

    private char peek() {
        return at < line.length() ? line.charAt(at) : '\0';
    }

    private void skipBlanks() {
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
    }

    /** Whether {@code text} comes next, blanks in front aside; it is passed over if so. */
    private boolean accept(String text) {
        skipBlanks();
        if (line.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    private void expect(String text) {
        if (!accept(text)) {
            throw new Broken("`" + text + "` was expected here");
        }
    }

    private static boolean isWordCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    private boolean isLabel() {
        int end = at;
        while (end < line.length() && isWordCharacter(line.charAt(end))) {
            end++;
        }
        return end > at && end < line.length() && line.charAt(end) == ':';
    }

    private String word() {
        skipBlanks();
        int start = at;
        while (at < line.length() && isWordCharacter(line.charAt(at))) {
            at++;
        }
        return line.substring(start, at);
    }

    private long number() {
        skipBlanks();
        int start = at;
        boolean negative = peek() == '-';
        if (negative || peek() == '+') {
            at++;
            skipBlanks();
        }
        String digits = word();
        boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
        try {
            long value = hex ? Long.parseUnsignedLong(digits.substring(2), 16) : Long.parseUnsignedLong(digits);
            return negative ? -value : value;
        } catch (NumberFormatException e) {
            at = start;
            throw new Broken("a number was expected here");
        }
    }

    /** A number of 32 bits, written signed or unsigned. */
    private int immediate() {
        skipBlanks();
        int start = at;
        long value = number();
        if (value != (int) value && value >>> 32 != 0) {
            at = start;
            throw new Broken("the number does not fit 32 bits");
        }
        return (int) value;
    }

    private int offset() {
        skipBlanks();
        int start = at;
        long value = number();
        if (value != (short) value) {
            at = start;
            throw new Broken("the number does not fit 16 bits");
        }
        return (int) value;
    }

    /** A distance, or a label that stands for one. */
    private int distance(boolean wide) {
        skipBlanks();
        if (peek() == '+' || peek() == '-') {
            return wide ? immediate() : offset();
        }
        accept("<");
        label = word();
        accept(">");
        if (label.isEmpty()) {
            throw new Broken("a distance like `+3` or a label was expected here");
        }
        return 0;
    }

    /** A register with the width that its letter says. */
    private record Named(Reg reg, Width width) {}

    private @Nullable Named register() {
        skipBlanks();
        int start = at;
        char letter = peek();
        if (letter == 'r' || letter == 'w') {
            String name = word();
            int number = name.length() == 2 ? name.charAt(1) - '0' : name.equals(letter + "10") ? 10 : -1;
            if (number >= 0 && number <= 10 && (number < 10 || name.length() == 3)) {
                return new Named(Reg.of(number), letter == 'r' ? Width.W64 : Width.W32);
            }
        }
        at = start;
        return null;
    }

    private Named expectRegister() {
        Named named = register();
        if (named == null) {
            throw new Broken("a register was expected here");
        }
        return named;
    }

    private Reg expectRegister(Width width) {
        int start = at;
        Named named = expectRegister();
        if (named.width != width) {
            at = start;
            throw new Broken("the registers of one operation have one width");
        }
        return named.reg;
    }

    private Operand operand(Width width) {
        skipBlanks();
        char c = peek();
        return c == 'r' || c == 'w' ? Operand.of(expectRegister(width)) : Operand.of(immediate());
    }

    // Instructions.

    private Insn insn() {
        Named dst = register();
        if (dst != null) {
            return ofRegister(dst);
        }
        int start = at;
        if (accept("*(")) {
            return store();
        }
        String word = word();
        Insn insn = switch (word) {
            case "exit" -> new Insn.Exit();
            case "if" -> jumpIf();
            case "goto", "gotol" -> new Insn.Jump(word.equals("gotol"), distance(word.equals("gotol")));
            case "goto_or_nop" -> new Insn.StaticJump(false, false, distance(false));
            case "nop_or_goto" -> new Insn.StaticJump(false, true, distance(false));
            case "gotol_or_nop" -> new Insn.StaticJump(true, false, distance(true));
            case "nop_or_gotol" -> new Insn.StaticJump(true, true, distance(true));
            case "may_goto" -> new Insn.MayGoto(distance(false));
            case "gotox" -> new Insn.JumpIndirect(expectRegister(Width.W64));
            case "callx" -> new Insn.CallIndirect(expectRegister(Width.W64));
            case "call" -> call();
            case "lock" -> lock();
            case "store_release" -> storeRelease();
            default -> null;
        };
        if (insn == null) {
            at = start;
            throw new Broken("no instruction begins like this");
        }
        return insn;
    }

    private Insn call() {
        if (accept("pc")) {
            return new Insn.CallLocal(distance(true));
        }
        if (accept("kernel")) {
            expect("[");
            int id = immediate();
            int module = accept(",") ? offset() : 0;
            expect("]");
            return new Insn.CallKernel(id, module);
        }
        skipBlanks();
        char c = peek();
        return c == '-' || (c >= '0' && c <= '9')
                ? new Insn.CallHelper(immediate())
                : new Insn.CallLocal(distance(true));
    }

    private Insn jumpIf() {
        Named left = expectRegister();
        skipBlanks();
        JumpOp found = null;
        for (JumpOp op : JumpOp.values()) {
            // The longest sign wins: `>=` before `>`.
            if (line.startsWith(op.symbol(), at)
                    && (found == null || op.symbol().length() > found.symbol().length())) {
                found = op;
            }
        }
        if (found == null) {
            throw new Broken("a comparison was expected here");
        }
        at += found.symbol().length();
        Operand right = operand(left.width);
        expect("goto");
        return new Insn.JumpIf(found, left.width, left.reg, right, distance(false));
    }

    /** The size in {@code u32 *)}, behind the parenthesis. */
    private Size size(char sign) {
        skipBlanks();
        int start = at;
        if (peek() == sign) {
            at++;
            Size size = switch (word()) {
                case "8" -> Size.B;
                case "16" -> Size.H;
                case "32" -> Size.W;
                case "64" -> Size.DW;
                default -> null;
            };
            if (size != null) {
                expect("*");
                expect(")");
                return size;
            }
        }
        at = start;
        throw new Broken("a size like `" + sign + "32 *` was expected here");
    }

    /** {@code (r1 + 4)}. */
    private record Address(Reg base, int offset) {}

    private Address address() {
        expect("(");
        Reg base = expectRegister(Width.W64);
        int offset = offset();
        expect(")");
        return new Address(base, offset);
    }

    private Insn store() {
        Size size = size('u');
        Address address = address();
        expect("=");
        Named value = register();
        return new Insn.Store(
                size, address.base, address.offset, value == null ? Operand.of(immediate()) : Operand.of(value.reg));
    }

    private static Width width(Size size) {
        return size == Size.DW ? Width.W64 : Width.W32;
    }

    private Insn lock() {
        expect("*");
        expect("(");
        Size size = size('u');
        Address address = address();
        skipBlanks();
        AtomicOp op = switch (peek()) {
            case '+' -> AtomicOp.ADD;
            case '|' -> AtomicOp.OR;
            case '&' -> AtomicOp.AND;
            case '^' -> AtomicOp.XOR;
            default -> throw new Broken("`+=`, `|=`, `&=` or `^=` was expected here");
        };
        at++;
        expect("=");
        return atomic(op, size, address, expectRegister(width(size)));
    }

    private Insn atomic(AtomicOp op, Size size, Address address, Reg value) {
        boolean ordered = op == AtomicOp.LOAD_ACQUIRE || op == AtomicOp.STORE_RELEASE;
        if (size.bytes() < 4 && !ordered) {
            throw new Broken("an indivisible operation works on 32 or 64 bits");
        }
        return new Insn.Atomic(op, size, address.base, address.offset, value);
    }

    private Insn storeRelease() {
        expect("(");
        expect("(");
        Size size = size('u');
        Address address = address();
        expect(",");
        Reg value = expectRegister(width(size));
        expect(")");
        return atomic(AtomicOp.STORE_RELEASE, size, address, value);
    }

    private Insn ofRegister(Named dst) {
        skipBlanks();
        AluOp found = null;
        for (AluOp op : AluOp.values()) {
            if (!op.isMove() && line.startsWith(op.symbol(), at)) {
                found = op;
            }
        }
        if (found != null) {
            at += found.symbol().length();
            return new Insn.Alu(found, dst.width, dst.reg, operand(dst.width));
        }
        expect("=");
        skipBlanks();
        if (peek() == '-' && line.startsWith("-" + (dst.width == Width.W64 ? "r" : "w"), at)) {
            at++;
            requireSame(dst);
            return new Insn.Neg(dst.width, dst.reg);
        }
        if (accept("*(")) {
            return load(dst);
        }
        if (peek() == '(') {
            return signExtension(dst);
        }
        int start = at;
        Named src = register();
        if (src != null) {
            at = start;
            return new Insn.Alu(AluOp.MOV, dst.width, dst.reg, operand(dst.width));
        }
        char c = peek();
        if (c == '-' || c == '+' || (c >= '0' && c <= '9')) {
            return constant(dst);
        }
        return call(dst, word(), start);
    }

    private void requireSame(Named dst) {
        int start = at;
        if (!expectRegister().equals(dst)) {
            at = start;
            throw new Broken("this operation works in place: both registers must be the same");
        }
    }

    private Insn load(Named dst) {
        boolean signed = peek() == 's';
        Size size = size(signed ? 's' : 'u');
        if (accept("skb[")) {
            return packetLoad(dst, size);
        }
        if (signed && size == Size.DW) {
            throw new Broken("a load of 64 bits has no sign to extend");
        }
        Address address = address();
        return new Insn.Load(size, signed, dst.reg, address.base, address.offset);
    }

    private Insn packetLoad(Named dst, Size size) {
        if (dst.reg != Reg.R0 || size == Size.DW) {
            throw new Broken("a packet load gives 8, 16 or 32 bits to `r0`");
        }
        Named index = register();
        skipBlanks();
        int imm = index != null && peek() == ']' ? 0 : immediate();
        expect("]");
        return new Insn.PacketLoad(size, index != null, index == null ? Reg.R0 : index.reg, imm);
    }

    private Insn signExtension(Named dst) {
        for (AluOp op : AluOp.values()) {
            if (op.isSignExtension() && accept(op.symbol().substring(2))) {
                if (op == AluOp.MOVSX32 && dst.width == Width.W32) {
                    throw new Broken("32 bits cannot be extended to 32");
                }
                return new Insn.Alu(op, dst.width, dst.reg, Operand.of(expectRegister(dst.width)));
            }
        }
        throw new Broken("`(s8)`, `(s16)` or `(s32)` was expected here");
    }

    private Insn constant(Named dst) {
        int start = at;
        long value = number();
        if (accept("ll")) {
            return Insn.Wide.constant(dst.reg, value);
        }
        at = start;
        return new Insn.Alu(AluOp.MOV, dst.width, dst.reg, Operand.of(immediate()));
    }

    /** What is written like a call: {@code r0 = be16 r0}, {@code r1 = map[3]}, {@code r2 = xchg_64(r1 + 0, r2)}. */
    private Insn call(Named dst, String word, int start) {
        for (SwapOp op : SwapOp.values()) {
            for (int bits = 16; bits <= 64; bits *= 2) {
                if (word.equals(op.word() + bits)) {
                    if (expectRegister().reg != dst.reg) {
                        throw new Broken("this operation works in place: both registers must be the same");
                    }
                    return new Insn.Swap(op, bits, dst.reg);
                }
            }
        }
        return switch (word) {
            case "map" -> map(dst, WideKind.MAP_INDEX, WideKind.MAP_INDEX_VALUE);
            case "map_fd" -> map(dst, WideKind.MAP_FD, WideKind.MAP_VALUE);
            case "btf_id" -> {
                expect("[");
                int low = immediate();
                expect(",");
                int high = immediate();
                expect("]");
                yield new Insn.Wide(dst.reg, WideKind.BTF_ID, low, high);
            }
            case "function" -> {
                accept("pc");
                yield new Insn.Wide(dst.reg, WideKind.FUNCTION, distance(true), 0);
            }
            case "addr_space_cast" -> castSpace(dst);
            case "load_acquire" -> {
                expect("(");
                expect("(");
                Size size = size('u');
                Address address = address();
                expect(")");
                yield atomic(AtomicOp.LOAD_ACQUIRE, size, address, dst.reg);
            }
            case "xchg_64", "xchg32_32" -> exchange(dst, AtomicOp.XCHG, word.equals("xchg_64"));
            case "cmpxchg_64", "cmpxchg32_32" -> exchange(dst, AtomicOp.CMPXCHG, word.equals("cmpxchg_64"));
            default -> fetch(dst, word, start);
        };
    }

    private Insn map(Named dst, WideKind address, WideKind value) {
        expect("[");
        int low = immediate();
        expect("]");
        if (!accept("[0]")) {
            return new Insn.Wide(dst.reg, address, low, 0);
        }
        return new Insn.Wide(dst.reg, value, low, immediate());
    }

    private Insn castSpace(Named dst) {
        expect("(");
        Reg src = expectRegister(Width.W64);
        expect(",");
        int to = immediate();
        expect(",");
        int from = immediate();
        expect(")");
        if (to + from != 1 || to < 0 || from < 0) {
            throw new Broken("only casts from space 1 to 0 and back exist");
        }
        return new Insn.CastSpace(dst.reg, src, to << 16 | from);
    }

    private Insn exchange(Named dst, AtomicOp op, boolean wide) {
        Size size = wide ? Size.DW : Size.W;
        expect("(");
        Reg base = expectRegister(Width.W64);
        int offset = offset();
        expect(",");
        if (op == AtomicOp.CMPXCHG) {
            if (expectRegister(width(size)) != Reg.R0 || dst.reg != Reg.R0) {
                throw new Broken("a compare-and-exchange compares with `r0` and leaves the old value there");
            }
            expect(",");
        }
        Reg value = expectRegister(width(size));
        expect(")");
        if (op == AtomicOp.XCHG && value != dst.reg) {
            throw new Broken("an exchange leaves the old value in the register that it takes the new one from");
        }
        return new Insn.Atomic(op, size, base, offset, value);
    }

    private Insn fetch(Named dst, String word, int start) {
        String prefix = "atomic_";
        for (AtomicOp op : AtomicOp.values()) {
            boolean named = word.equals(prefix + op.name().toLowerCase(Locale.ROOT));
            if (named && op.fetches() && op != AtomicOp.XCHG) {
                expect("(");
                expect("(");
                Size size = size('u');
                Address address = address();
                expect(",");
                Reg value = expectRegister(width(size));
                expect(")");
                if (value != dst.reg) {
                    throw new Broken("a fetch leaves the old value in the register that it takes its operand from");
                }
                return atomic(op, size, address, value);
            }
        }
        at = start;
        throw new Broken("no operation is called `" + word + "`");
    }
}
