package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.ConcreteAlgebra;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.x86.isa.Feature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Runs the code of every row, in every width, with constants and with all pairs of registers, on numbers at the edges, and
 * compares all registers with what the rows say. Prints a line before each group, so that whoever started the process knows where
 * it died.
 */
final class NativeTable {
    private static final long[] EDGES = {
        0,
        1,
        2,
        -1,
        -2,
        7,
        31,
        32,
        33,
        63,
        64,
        65,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        0x1_0000_0000L,
        0xffff_ffff_8000_0000L,
        0xffff_ffff_7fff_ffffL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x0123_4567_89ab_cdefL
    };

    private static final int REGISTERS = 10;
    private static final int MOST_REPORTED = 20;

    private final Set<Feature> features;
    private long checks;
    private int differences;

    private NativeTable(Set<Feature> features) {
        this.features = features;
    }

    /** Arguments: features that the translator may use. With any, only what they change is run. */
    public static void main(String[] args) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (String name : args) {
            features.add(Feature.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        NativeTable table = new NativeTable(features);
        if (features.isEmpty()) {
            table.arithmetic();
            table.unary();
            table.jumps();
            table.memory();
            table.atomics();
        } else {
            table.shifts();
        }
        System.out.println(table.checks + " checks, " + table.differences + " differences");
        System.exit(table.differences == 0 ? 0 : 1);
    }

    private static void group(String name) {
        System.out.println(name);
        System.out.flush();
    }

    private void check(Object what, String where, long expected, long actual) {
        checks++;
        if (expected != actual && ++differences <= MOST_REPORTED) {
            System.out.println("  " + what + " " + where + ": expected 0x" + Long.toHexString(expected) + ", is 0x"
                    + Long.toHexString(actual));
        }
    }

    /** One instruction, perhaps with others around it, and where its code is. */
    private record Piece(Insn insn, long at) {}

    /** After the body all registers are stored below the frame pointer. */
    private static List<Insn> observed(List<Insn> body) {
        List<Insn> all = new ArrayList<>(body);
        for (int i = 0; i < REGISTERS; i++) {
            all.add(new Insn.Store(Size.DW, Reg.R10, place(i), Operand.of(Reg.of(i))));
        }
        all.add(new Insn.Exit());
        return all;
    }

    private static int place(int register) {
        return -8 * (register + 1);
    }

    /** What registers hold that an instruction has no business with. */
    private static long filler(int register) {
        return 0x5a5a_0000_a5a5_0000L + register * 0x1111L;
    }

    private void fill(Testbed bed) {
        for (int i = 0; i < REGISTERS; i++) {
            bed.set(i, filler(i));
        }
    }

    /** Compares all registers: {@code dst} is {@code expected}, {@code src} is as it was, all others are fillers. */
    private void compare(Testbed bed, Object what, String where, int dst, long expected, int src, long source) {
        for (int i = 0; i < REGISTERS; i++) {
            long value = i == dst ? expected : i == src ? source : filler(i);
            check(what, where + ", r" + i, value, bed.local(place(i)));
        }
    }

    private void arithmetic() {
        for (AluOp op : AluOp.values()) {
            for (Width width : Width.values()) {
                group(op + " " + width + " with registers");
                registers(op, width);
                if (op == AluOp.MOV || !op.isMove()) {
                    group(op + " " + width + " with constants");
                    constants(op, width);
                }
            }
        }
    }

    private void shifts() {
        for (AluOp op : AluOp.values()) {
            if (op.isShift()) {
                for (Width width : Width.values()) {
                    group(op + " " + width + " with registers");
                    registers(op, width);
                }
            }
        }
    }

    private void registers(AluOp op, Width width) {
        try (Testbed bed = new Testbed(features)) {
            List<Piece> pieces = new ArrayList<>();
            List<Piece> hidden = new ArrayList<>();
            for (int dst = 0; dst < REGISTERS; dst++) {
                for (int src = 0; src < REGISTERS; src++) {
                    Insn insn = new Insn.Alu(op, width, Reg.of(dst), Operand.of(Reg.of(src)));
                    pieces.add(new Piece(insn, bed.add(observed(List.of(insn)))));
                    Insn copy = new Insn.Alu(AluOp.MOV, Width.W64, Reg.AX, Operand.of(Reg.of(src)));
                    Insn blinded = new Insn.Alu(op, width, Reg.of(dst), Operand.of(Reg.AX));
                    hidden.add(new Piece(insn, bed.add(observed(List.of(copy, blinded)))));
                }
            }
            bed.seal();
            pieces.addAll(hidden);
            for (Piece piece : pieces) {
                Insn.Alu alu = (Insn.Alu) piece.insn;
                int dst = alu.dst().number();
                int src = ((Operand.Register) alu.src()).reg().number();
                for (long a : EDGES) {
                    for (long b : dst == src ? new long[] {a} : EDGES) {
                        fill(bed);
                        bed.set(dst, a);
                        bed.set(src, b);
                        bed.run(piece.at);
                        long expected = op.result(ConcreteAlgebra.INSTANCE, width, a, b);
                        compare(bed, alu, Long.toHexString(a) + " " + Long.toHexString(b), dst, expected, src, b);
                    }
                }
            }
        }
    }

    private void constants(AluOp op, Width width) {
        try (Testbed bed = new Testbed(features)) {
            List<Piece> pieces = new ArrayList<>();
            for (int dst = 0; dst < REGISTERS; dst++) {
                for (long edge : EDGES) {
                    Insn insn = new Insn.Alu(op, width, Reg.of(dst), Operand.of((int) edge));
                    pieces.add(new Piece(insn, bed.add(observed(List.of(insn)))));
                }
            }
            bed.seal();
            for (Piece piece : pieces) {
                Insn.Alu alu = (Insn.Alu) piece.insn;
                int dst = alu.dst().number();
                long b = ((Operand.Immediate) alu.src()).value();
                for (long a : EDGES) {
                    fill(bed);
                    bed.set(dst, a);
                    bed.run(piece.at);
                    long expected = op.result(ConcreteAlgebra.INSTANCE, width, a, b);
                    compare(bed, alu, Long.toHexString(a), dst, expected, dst, expected);
                }
            }
        }
    }

    private void unary() {
        group("negations, swaps, wide constants");
        try (Testbed bed = new Testbed(features)) {
            List<Piece> pieces = new ArrayList<>();
            for (int i = 0; i < REGISTERS; i++) {
                Reg dst = Reg.of(i);
                List<Insn> insns = new ArrayList<>();
                for (Width width : Width.values()) {
                    insns.add(new Insn.Neg(width, dst));
                }
                for (SwapOp op : SwapOp.values()) {
                    for (int bits = 16; bits <= 64; bits *= 2) {
                        insns.add(new Insn.Swap(op, bits, dst));
                    }
                }
                for (long edge : EDGES) {
                    insns.add(Insn.Wide.constant(dst, edge));
                }
                for (Insn insn : insns) {
                    pieces.add(new Piece(insn, bed.add(observed(List.of(insn)))));
                }
            }
            bed.seal();
            for (Piece piece : pieces) {
                for (long a : EDGES) {
                    int dst = destination(piece.insn);
                    fill(bed);
                    bed.set(dst, a);
                    bed.run(piece.at);
                    long expected = result(piece.insn, a);
                    compare(bed, piece.insn, Long.toHexString(a), dst, expected, dst, expected);
                }
            }
        }
    }

    private static int destination(Insn insn) {
        return switch (insn) {
            case Insn.Neg neg -> neg.dst().number();
            case Insn.Swap swap -> swap.dst().number();
            case Insn.Wide wide -> wide.dst().number();
            default -> throw new IllegalArgumentException(insn.toString());
        };
    }

    private static long result(Insn insn, long value) {
        return switch (insn) {
            case Insn.Neg neg -> ConcreteAlgebra.INSTANCE.negate(neg.width(), value);
            case Insn.Swap swap -> swap.op().result(ConcreteAlgebra.INSTANCE, value, swap.bits());
            case Insn.Wide wide -> wide.value();
            default -> throw new IllegalArgumentException(insn.toString());
        };
    }

    private void jumps() {
        for (JumpOp op : JumpOp.values()) {
            for (Width width : Width.values()) {
                group(op + " " + width);
                jumps(op, width);
            }
        }
    }

    /** Stores 1 if it jumps, else 0. */
    private static List<Insn> jumping(JumpOp op, Width width, Reg dst, Operand src) {
        return List.of(
                new Insn.JumpIf(op, width, dst, src, 2),
                new Insn.Store(Size.DW, Reg.R10, -8, Operand.of(0)),
                new Insn.Exit(),
                new Insn.Store(Size.DW, Reg.R10, -8, Operand.of(1)),
                new Insn.Exit());
    }

    private void jumps(JumpOp op, Width width) {
        try (Testbed bed = new Testbed(features)) {
            List<Piece> pieces = new ArrayList<>();
            for (int dst = 0; dst < REGISTERS; dst++) {
                List<Operand> operands = new ArrayList<>();
                for (int src = 0; src < REGISTERS; src++) {
                    operands.add(Operand.of(Reg.of(src)));
                }
                for (long edge : EDGES) {
                    operands.add(Operand.of((int) edge));
                }
                for (Operand src : operands) {
                    List<Insn> insns = jumping(op, width, Reg.of(dst), src);
                    pieces.add(new Piece(insns.getFirst(), bed.add(insns)));
                }
            }
            bed.seal();
            for (Piece piece : pieces) {
                Insn.JumpIf jump = (Insn.JumpIf) piece.insn;
                for (long a : EDGES) {
                    switch (jump.src()) {
                        case Operand.Immediate(int value) -> jump(bed, piece, jump, -1, a, value);
                        case Operand.Register(var src) -> {
                            for (long b : src == jump.dst() ? new long[] {a} : EDGES) {
                                jump(bed, piece, jump, src.number(), a, b);
                            }
                        }
                    }
                }
            }
        }
    }

    private void jump(Testbed bed, Piece piece, Insn.JumpIf jump, int src, long a, long b) {
        fill(bed);
        bed.set(jump.dst().number(), a);
        if (src >= 0) {
            bed.set(src, b);
        }
        bed.run(piece.at);
        boolean taken = jump.op().test(jump.width(), a, b);
        check(jump, Long.toHexString(a) + " " + Long.toHexString(b), taken ? 1 : 0, bed.local(-8));
    }

    /** Accesses to the first and the last bytes of a page without neighbours, at offsets of every length. */
    private void memory() {
        long page = Testbed.guardedPage();
        int[] offsets = {0, 1, 127, 128, -1, -128, -129, Short.MAX_VALUE, Short.MIN_VALUE};
        for (Size size : Size.values()) {
            group("loads and stores of " + size);
            long[] places = {page, page + Testbed.PAGE - size.bytes()};
            for (int offset : offsets) {
                for (long place : places) {
                    loads(size, place, offset);
                    stores(size, place, offset);
                }
            }
        }
    }

    private void loads(Size size, long place, int offset) {
        try (Testbed bed = new Testbed(features)) {
            List<Piece> pieces = new ArrayList<>();
            for (int dst = 0; dst < REGISTERS; dst++) {
                for (int base = 0; base < REGISTERS; base++) {
                    for (boolean signed : new boolean[] {false, true}) {
                        Insn load = new Insn.Load(size, signed, Reg.of(dst), Reg.of(base), offset);
                        pieces.add(new Piece(load, bed.add(observed(List.of(load)))));
                    }
                    Insn ordered = new Insn.Atomic(AtomicOp.LOAD_ACQUIRE, size, Reg.of(base), offset, Reg.of(dst));
                    pieces.add(new Piece(ordered, bed.add(observed(List.of(ordered)))));
                }
            }
            bed.seal();
            for (Piece piece : pieces) {
                Insn.Load load = switch (piece.insn) {
                    case Insn.Load plain -> plain;
                    case Insn.Atomic atomic -> new Insn.Load(size, false, atomic.value(), atomic.base(), offset);
                    default -> throw new IllegalStateException();
                };
                for (long value : new long[] {0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L, 0x8080_8080_8080_8080L}) {
                    Memory.store(place, size.bytes(), value);
                    long expected = Memory.load(place, size.bytes());
                    int shift = 64 - size.bits();
                    long result = load.signed() ? expected << shift >> shift : expected;
                    fill(bed);
                    bed.set(load.base().number(), place - offset);
                    bed.run(piece.at);
                    int dst = load.dst().number();
                    compare(bed, piece.insn, "", dst, result, load.base().number(), place - offset);
                }
            }
        }
    }

    private void stores(Size size, long place, int offset) {
        try (Testbed bed = new Testbed(features)) {
            List<Piece> pieces = new ArrayList<>();
            for (int base = 0; base < REGISTERS; base++) {
                for (int src = 0; src < REGISTERS; src++) {
                    Insn store = new Insn.Store(size, Reg.of(base), offset, Operand.of(Reg.of(src)));
                    pieces.add(new Piece(store, bed.add(observed(List.of(store)))));
                    Insn ordered = new Insn.Atomic(AtomicOp.STORE_RELEASE, size, Reg.of(base), offset, Reg.of(src));
                    pieces.add(new Piece(
                            new Insn.Store(size, Reg.of(base), offset, Operand.of(Reg.of(src))),
                            bed.add(observed(List.of(ordered)))));
                }
                for (long edge : EDGES) {
                    Insn store = new Insn.Store(size, Reg.of(base), offset, Operand.of((int) edge));
                    pieces.add(new Piece(store, bed.add(observed(List.of(store)))));
                }
            }
            bed.seal();
            for (Piece piece : pieces) {
                Insn.Store store = (Insn.Store) piece.insn;
                int base = store.base().number();
                long value = 0xfedc_ba98_7654_3210L;
                fill(bed);
                int src = base;
                long stored = place - offset;
                switch (store.value()) {
                    case Operand.Immediate(int constant) -> stored = constant;
                    case Operand.Register(var reg) -> {
                        if (reg.number() != base) {
                            src = reg.number();
                            bed.set(src, value);
                            stored = value;
                        }
                    }
                }
                bed.set(base, place - offset);
                Memory.store(place, size.bytes(), 0x5555_5555_5555_5555L);
                bed.run(piece.at);
                int shift = 64 - size.bits();
                check(store, "memory", stored << shift >>> shift, Memory.load(place, size.bytes()));
                compare(bed, store, "", base, place - offset, src, value);
            }
        }
    }

    private void atomics() {
        long page = Testbed.guardedPage();
        for (AtomicOp op : AtomicOp.values()) {
            if (op == AtomicOp.LOAD_ACQUIRE || op == AtomicOp.STORE_RELEASE) {
                continue; // They stand among the loads and stores.
            }
            for (Size size : new Size[] {Size.W, Size.DW}) {
                group(op + " " + size);
                atomics(op, size, page + Testbed.PAGE - size.bytes());
            }
        }
    }

    private void atomics(AtomicOp op, Size size, long place) {
        int offset = 8;
        try (Testbed bed = new Testbed(features)) {
            List<Piece> pieces = new ArrayList<>();
            for (int base = 0; base < REGISTERS; base++) {
                for (int value = 0; value < REGISTERS; value++) {
                    Insn atomic = new Insn.Atomic(op, size, Reg.of(base), offset, Reg.of(value));
                    pieces.add(new Piece(atomic, bed.add(observed(List.of(atomic)))));
                }
            }
            bed.seal();
            for (Piece piece : pieces) {
                Insn.Atomic atomic = (Insn.Atomic) piece.insn;
                for (long old : EDGES) {
                    for (long operand : EDGES) {
                        atomic(bed, piece, atomic, place, offset, old, operand, filler(0));
                        atomic(bed, piece, atomic, place, offset, old, operand, old);
                    }
                }
            }
        }
    }

    /** The meaning of the row, step by step. */
    private void atomic(
            Testbed bed, Piece piece, Insn.Atomic atomic, long place, int offset, long old, long operand, long r0) {
        AtomicOp op = atomic.op();
        int bytes = atomic.size().bytes();
        Width width = bytes == 8 ? Width.W64 : Width.W32;
        long[] r = new long[REGISTERS];
        for (int i = 0; i < REGISTERS; i++) {
            r[i] = filler(i);
        }
        r[0] = r0;
        r[atomic.value().number()] = operand;
        r[atomic.base().number()] = place - offset;
        for (int i = 0; i < REGISTERS; i++) {
            bed.set(i, r[i]);
        }
        Memory.store(place, bytes, old);
        long before = Memory.load(place, bytes);
        long value = r[atomic.value().number()];
        long mask = bytes == 8 ? -1 : 0xffff_ffffL;
        long after;
        if (op == AtomicOp.CMPXCHG) {
            after = before == (r[0] & mask) ? value & mask : before;
            r[0] = before;
        } else {
            after = op.combine(ConcreteAlgebra.INSTANCE, width, before, value) & mask;
            if (op.fetches()) {
                r[atomic.value().number()] = before;
            }
        }
        bed.run(piece.at);
        String where = Long.toHexString(old) + " " + Long.toHexString(operand);
        check(atomic, where + ", memory", after, Memory.load(place, bytes));
        for (int i = 0; i < REGISTERS; i++) {
            check(atomic, where + ", r" + i, r[i], bed.local(place(i)));
        }
    }
}
