package dev.turnout.tests.random;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.List;

/**
 * A function that is being written, and what its registers are for: one holds the memory, two are for addresses under
 * construction, the others hold numbers or nothing. {@link #live} says which hold a number at the present place.
 */
final class FunctionDraft {
    private static final int PACKET_END =
            ProgramType.XDP.context().field("data_end").orElseThrow().offset();

    final ProgramDraft program;
    final Ingredients all;
    final CodeDraft code;
    final int number;
    final Signature signature;
    /** Kept over calls. */
    final Reg memory;
    /** Bytes behind it; 0 if there are none, and the register is one of the numbers. */
    final int bytes;
    /** Where the packet ends, in a register that is kept; r10 if this function does not know. */
    final Reg packetEnd;
    /** Lost by calls. */
    final Reg address;
    /** Lost by calls. */
    final Reg scratch;
    /** Bytes of stack below r10 that hold numbers, a multiple of 8. */
    final int stack;

    /** Registers that hold a number here. */
    RegisterSet live = RegisterSet.NONE;
    /** Registers that must not be written here: counters. */
    RegisterSet kept = RegisterSet.NONE;

    private final RegisterSet numbers;

    FunctionDraft(ProgramDraft program, int number) {
        this.program = program;
        this.all = program.ingredients;
        this.code = program.code;
        this.number = number;
        this.signature = program.function(number);
        List<Reg> stable = new ArrayList<>(List.of(Reg.R6, Reg.R7, Reg.R8, Reg.R9));
        List<Reg> passing = new ArrayList<>(List.of(Reg.R1, Reg.R2, Reg.R3, Reg.R4, Reg.R5));
        RegisterSet rest = RegisterSet.ALL;
        this.memory = take(stable);
        this.bytes = signature.memory() ? all.bytes : 0;
        if (bytes > 0) {
            rest = rest.without(memory);
        }
        if (number == 0 && all.isPacket() && all.random.nextBoolean()) {
            packetEnd = take(stable);
            rest = rest.without(packetEnd);
        } else {
            packetEnd = Reg.R10;
        }
        this.address = take(passing);
        this.scratch = take(passing);
        this.numbers = rest.without(address).without(scratch);
        this.stack = all.pick(0, 8, 16, 32, 64);
    }

    private Reg take(List<Reg> from) {
        return from.remove(all.random.nextInt(from.size()));
    }

    // Writing.

    void add(Insn insn) {
        code.add(insn);
    }

    void move(Reg dst, Reg src) {
        add(new Insn.Alu(AluOp.MOV, Width.W64, dst, Operand.of(src)));
    }

    void alu(AluOp op, Reg dst, int value) {
        add(new Insn.Alu(op, Width.W64, dst, Operand.of(value)));
    }

    void alu(AluOp op, Reg dst, Reg src) {
        add(new Insn.Alu(op, Width.W64, dst, Operand.of(src)));
    }

    void jump(JumpOp op, Reg dst, int value, int label) {
        code.add(new Insn.JumpIf(op, Width.W64, dst, Operand.of(value), 0), label);
    }

    // Registers.

    /** A register that holds a number. */
    Reg source() {
        RegisterSet from = live.and(numbers);
        if (from.isEmpty()) {
            return target();
        }
        return all.pick(from.list());
    }

    /** A register that may be written, and holds a number: before, if it did not, and afterwards. */
    Reg target() {
        Reg reg = destination();
        if (!live.has(reg)) {
            number(reg);
        }
        return reg;
    }

    /** A register that may be written, whether it holds a number or not. */
    Reg destination() {
        return all.pick(numbers.minus(kept).list());
    }

    /** A register for numbers that may be written and that calls keep; the scratch register if there is none. */
    Reg stable() {
        RegisterSet from = numbers.minus(kept).minus(RegisterSet.LOST_BY_CALLS);
        return from.isEmpty() ? scratch : all.pick(from.list());
    }

    /** Gives a register some number. */
    void number(Reg reg) {
        switch (all.random.nextInt(3)) {
            case 0 -> alu(AluOp.MOV, reg, all.constant());
            case 1 -> add(Insn.Wide.constant(reg, all.number()));
            default -> {
                if (bytes > 0) {
                    Size size = all.pick(List.of(Size.values()));
                    int room = bytes - size.bytes();
                    if (room >= 0) {
                        boolean signed = size != Size.DW && all.random.nextBoolean();
                        add(new Insn.Load(size, signed, reg, memory, all.random.nextInt(room + 1)));
                        break;
                    }
                }
                add(new Insn.Alu(AluOp.MOV, Width.W32, reg, Operand.of(all.constant())));
            }
        }
        live = live.with(reg);
    }

    /** Gives every register of {@code wanted} a number again that has none: the way back to a loop's head. */
    void restore(RegisterSet wanted) {
        wanted.and(numbers).minus(live).list().forEach(this::number);
    }

    /** What a call leaves: r0 holds a number. */
    void called() {
        live = live.minus(RegisterSet.LOST_BY_CALLS);
        if (numbers.has(Reg.R0)) {
            live = live.with(Reg.R0);
        }
    }

    /** Whether a call would lose nothing that must be kept. */
    boolean mayCall() {
        return kept.and(RegisterSet.LOST_BY_CALLS).isEmpty();
    }

    // The frame of the function.

    /** Takes over the arguments and fills the stack. */
    void begin() {
        if (number == 0 && all.isPacket()) {
            openPacket();
        } else if (signature.callback()) {
            live = live.with(Reg.R1);
            Reg round = stable();
            move(round, Reg.R1);
            live = RegisterSet.NONE.with(round);
        } else if (bytes > 0) {
            move(memory, Reg.R1);
            arguments(2);
        } else {
            arguments(number == 0 ? 3 : 1);
        }
        if (number == 0 && !all.isPacket() && numbers.has(Reg.R2)) {
            live = live.with(Reg.R2);
        }
        live = live.and(numbers);
        for (Reg reg : numbers.minus(live).list()) {
            if (!all.oneIn(4)) {
                number(reg);
            }
        }
        for (int at = -stack; at < 0; at += 8) {
            Operand value = all.random.nextBoolean() ? Operand.of(source()) : Operand.of(all.constant());
            add(new Insn.Store(Size.DW, Reg.R10, at, value));
        }
    }

    /** Some of the numbers go into registers that calls keep. */
    private void arguments(int first) {
        for (int i = 0; i < signature.numbers(); i++) {
            Reg argument = Reg.of(first + i);
            live = live.with(argument);
            if (all.random.nextBoolean()) {
                Reg to = stable();
                if (!to.equals(scratch)) {
                    move(to, argument);
                    live = live.with(to);
                }
            }
        }
    }

    private void openPacket() {
        Reg end = packetEnd == Reg.R10 ? address : packetEnd;
        Reg context = Reg.R1;
        Reg keep = end == context ? scratch : context;
        if (keep != context) {
            move(keep, context);
        }
        if (keep == end) {
            throw new IllegalStateException("one register for two things");
        }
        if (all.has(Construct.PACKET_HELPERS)) {
            add(new Insn.Store(Size.DW, Reg.R10, context(), Operand.of(keep)));
        }
        add(new Insn.Load(Size.W, false, memory, keep, 0));
        add(new Insn.Load(Size.W, false, end, keep, PACKET_END));
        int enough = code.label();
        move(Reg.R0, memory);
        alu(AluOp.ADD, Reg.R0, bytes);
        code.add(new Insn.JumpIf(JumpOp.JLE, Width.W64, Reg.R0, Operand.of(end), 0), enough);
        alu(AluOp.MOV, Reg.R0, 1);
        add(new Insn.Exit());
        code.place(enough);
    }

    /** Where main keeps its context, below the numbers on the stack. */
    int context() {
        return -stack - 8;
    }

    /** Ends the function: what it computed goes into its result. */
    void end() {
        Reg last = source();
        if (last != Reg.R0) {
            move(Reg.R0, last);
        }
        for (Reg reg : live.and(numbers).without(Reg.R0).list()) {
            if (all.random.nextInt(4) != 0) {
                alu(AluOp.MUL, Reg.R0, 31);
                alu(AluOp.XOR, Reg.R0, reg);
            }
        }
        if (signature.callback()) {
            alu(AluOp.AND, Reg.R0, 1);
        }
        add(new Insn.Exit());
    }
}
