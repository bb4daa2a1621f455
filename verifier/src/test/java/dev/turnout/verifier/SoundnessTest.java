package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What the verifier claims, held against what programs do. */
class SoundnessTest {
    private static final int PROGRAMS = Integer.getInteger("turnout.soundness.programs", 3_000);
    private static final long SEED = Long.getLong("turnout.soundness.seed", 0);
    static final int MEMORY = 64;
    /** Registers that hold numbers; r6 keeps the memory, r2 is the address under construction. */
    private static final Reg[] NUMBERS = {Reg.R0, Reg.R3, Reg.R4, Reg.R5, Reg.R7, Reg.R8, Reg.R9};

    private static final int[] CONSTANTS = {
        0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 31, 32, 60, 63, 64, 255, 4096, -1, -2, -8, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    /** A short walk: programs that take long are not what is looked for. */
    private static final Options OPTIONS =
            new Options(Options.Policy.EXEC, Options.Aim.RUN, Options.DEFAULT_BUDGET, 5_000);

    private final List<Insn> insns = new ArrayList<>();
    private Random random = new Random();

    private <T> T pick(T[] from) {
        return from[random.nextInt(from.length)];
    }

    private int constant() {
        return random.nextInt(4) == 0 ? random.nextInt() : CONSTANTS[random.nextInt(CONSTANTS.length)];
    }

    /** A program over 64 bytes of memory, as often wrong as right. */
    BpfProgram draw(long seed) {
        random = new Random(seed);
        insns.clear();
        begin(Reg.R1);
        body(random.nextInt(4, 16), 0);
        int callback = random.nextInt(4) == 0 ? callsBack() : -1;
        add(AluOp.MOV, random.nextBoolean() ? Width.W64 : Width.W32, Reg.R0, Operand.of(pick(NUMBERS)));
        insns.add(new Insn.Exit());
        List<BpfProgram.FunctionRange> functions = new ArrayList<>();
        int main = Code.of(insns).size();
        functions.add(new BpfProgram.FunctionRange("f", 0, main, true));
        if (callback >= 0) {
            int before = Code.of(insns.subList(0, callback)).size();
            insns.set(callback, new Insn.Wide(Reg.R2, WideKind.FUNCTION, main - before - 1, 0));
            begin(Reg.R2);
            body(random.nextInt(2, 10), 0);
            add(AluOp.MOV, Width.W64, Reg.R0, operand(random.nextInt(3) == 0));
            add(AluOp.AND, Width.W64, Reg.R0, Operand.of(random.nextInt(16) == 0 ? 3 : random.nextInt(2)));
            insns.add(new Insn.Exit());
            functions.add(
                    new BpfProgram.FunctionRange("round", main, Code.of(insns).size(), false));
        }
        Code code = Code.of(insns);
        return new BpfProgram(
                "f",
                ".text",
                new BpfProgram.Entry.Memory(MEMORY),
                "GPL",
                code,
                functions,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** Takes the 64 bytes that a register points to for the memory, and sets all registers and 64 bytes of stack. */
    private void begin(Reg memory) {
        add(AluOp.MOV, Width.W64, Reg.R6, Operand.of(memory));
        numbers(NUMBERS);
        for (int at = -64; at < 0; at += 8) {
            insns.add(new Insn.Store(Size.DW, Reg.R10, at, Operand.of(random.nextBoolean() ? Reg.R3 : Reg.R7)));
        }
    }

    private void numbers(Reg... regs) {
        for (Reg reg : regs) {
            if (random.nextInt(3) == 0) {
                add(AluOp.MOV, Width.W64, reg, Operand.of(constant()));
            } else {
                Size size = pick(Size.values());
                insns.add(new Insn.Load(
                        size, size != Size.DW && random.nextBoolean(), reg, Reg.R6, random.nextInt(MEMORY - 7)));
            }
        }
    }

    /** A loop of callbacks, whose memory is this function's stack. The index of the load of their address. */
    private int callsBack() {
        if (random.nextInt(4) == 0) {
            add(AluOp.MOV, Width.W64, Reg.R1, Operand.of(pick(NUMBERS)));
            add(AluOp.AND, Width.W64, Reg.R1, Operand.of(7));
        } else {
            add(AluOp.MOV, Width.W64, Reg.R1, Operand.of(random.nextInt(12)));
        }
        int function = insns.size();
        insns.add(new Insn.Wide(Reg.R2, WideKind.FUNCTION, 0, 0));
        add(AluOp.MOV, Width.W64, Reg.R3, Operand.of(Reg.R10));
        add(AluOp.ADD, Width.W64, Reg.R3, Operand.of(-64));
        add(AluOp.MOV, Width.W64, Reg.R4, Operand.of(0));
        insns.add(new Insn.CallHelper(HelperFunction.LOOP.id()));
        numbers(Reg.R3, Reg.R4, Reg.R5);
        body(random.nextInt(1, 5), 1);
        return function;
    }

    private void add(AluOp op, Width width, Reg dst, Operand src) {
        insns.add(new Insn.Alu(op, width, dst, src));
    }

    private Operand operand(boolean register) {
        return register ? Operand.of(pick(NUMBERS)) : Operand.of(constant());
    }

    private void body(int count, int depth) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(depth < 2 ? 13 : 9)) {
                case 0, 1, 2, 3 -> arithmetic();
                case 4 -> memory();
                case 5 -> stack();
                case 6, 7, 8 -> branch(depth);
                case 9 -> walk();
                default -> loop(depth);
            }
        }
    }

    private void arithmetic() {
        AluOp op = pick(AluOp.values());
        Width width = op == AluOp.MOVSX32 ? Width.W64 : random.nextBoolean() ? Width.W64 : Width.W32;
        Reg dst = pick(NUMBERS);
        if (random.nextInt(12) == 0) {
            insns.add(random.nextBoolean() ? new Insn.Neg(width, dst) : new Insn.Swap(SwapOp.BE, 16, dst));
        } else if (op.isShift()) {
            add(
                    op,
                    width,
                    dst,
                    random.nextBoolean() ? Operand.of(pick(NUMBERS)) : Operand.of(random.nextInt(width.bits())));
        } else {
            add(op, width, dst, operand(op.isSignExtension() || random.nextBoolean()));
        }
    }

    /** An access at a masked or compared index; often wrong by a little, so that the verifier has to refuse. */
    private void memory() {
        Reg index = pick(NUMBERS);
        Size size = pick(Size.values());
        add(AluOp.MOV, random.nextInt(4) == 0 ? Width.W32 : Width.W64, Reg.R2, Operand.of(index));
        boolean masked = random.nextBoolean();
        if (masked) {
            add(AluOp.AND, Width.W64, Reg.R2, Operand.of(pick(new Integer[] {7, 15, 31, 48, 63})));
        } else {
            JumpOp op = pick(new JumpOp[] {JumpOp.JGT, JumpOp.JGE, JumpOp.JSGT});
            insns.add(new Insn.JumpIf(
                    op,
                    random.nextInt(4) == 0 ? Width.W32 : Width.W64,
                    random.nextBoolean() ? Reg.R2 : index,
                    Operand.of(random.nextInt(40, MEMORY + 1)),
                    2));
        }
        add(AluOp.ADD, Width.W64, Reg.R2, Operand.of(Reg.R6));
        int displacement = random.nextInt(3) == 0 ? random.nextInt(9) : 0;
        if (random.nextBoolean()) {
            insns.add(new Insn.Load(size, false, pick(NUMBERS), Reg.R2, displacement));
        } else {
            insns.add(new Insn.Store(size, Reg.R2, displacement, operand(true)));
        }
    }

    private void stack() {
        Size size = pick(Size.values());
        int at = -64 + random.nextInt(64 / size.bytes()) * size.bytes();
        if (random.nextInt(3) == 0) {
            add(AluOp.MOV, Width.W64, Reg.R2, Operand.of(pick(NUMBERS)));
            add(AluOp.AND, Width.W64, Reg.R2, Operand.of(pick(new Integer[] {24, 28, 8, 56, 63})));
            add(AluOp.ADD, Width.W64, Reg.R2, Operand.of(Reg.R10));
            if (random.nextBoolean()) {
                insns.add(new Insn.Store(size, Reg.R2, -64, operand(true)));
            } else {
                insns.add(new Insn.Load(size, false, pick(NUMBERS), Reg.R2, -64));
            }
        } else if (random.nextBoolean()) {
            insns.add(new Insn.Store(size, Reg.R10, at, operand(random.nextBoolean())));
        } else {
            insns.add(new Insn.Load(size, size != Size.DW && random.nextBoolean(), pick(NUMBERS), Reg.R10, at));
        }
    }

    private void branch(int depth) {
        int at = insns.size();
        insns.add(new Insn.Exit());
        body(random.nextInt(1, 4), depth + 1);
        Width width = random.nextBoolean() ? Width.W64 : Width.W32;
        insns.set(
                at,
                new Insn.JumpIf(
                        pick(JumpOp.values()),
                        width,
                        pick(NUMBERS),
                        operand(random.nextBoolean()),
                        insns.size() - at - 1));
    }

    /** A loop that ends where two pointers into one piece of memory meet; often one round too late. */
    private void walk() {
        boolean stack = random.nextBoolean();
        Size size = pick(Size.values());
        add(AluOp.MOV, Width.W64, Reg.R2, Operand.of(stack ? Reg.R10 : Reg.R6));
        if (stack) {
            add(AluOp.ADD, Width.W64, Reg.R2, Operand.of(-64));
        }
        add(AluOp.MOV, Width.W64, Reg.R1, Operand.of(Reg.R2));
        int rounds = random.nextInt(1, 64 / size.bytes() + (random.nextInt(4) == 0 ? 2 : 1));
        add(AluOp.ADD, Width.W64, Reg.R1, Operand.of(rounds * size.bytes()));
        int head = insns.size();
        if (random.nextBoolean()) {
            insns.add(new Insn.Load(size, false, pick(NUMBERS), Reg.R2, 0));
        } else {
            insns.add(new Insn.Store(size, Reg.R2, 0, operand(true)));
        }
        arithmetic();
        add(AluOp.ADD, Width.W64, Reg.R2, Operand.of(size.bytes()));
        JumpOp op = pick(new JumpOp[] {JumpOp.JNE, JumpOp.JNE, JumpOp.JLT, JumpOp.JLE});
        insns.add(new Insn.JumpIf(op, Width.W64, Reg.R2, Operand.of(Reg.R1), head - insns.size() - 1));
    }

    /** Down to zero from a number of a range. */
    private void countDown(Reg counter, int depth) {
        add(AluOp.MOV, Width.W64, counter, Operand.of(pick(NUMBERS)));
        add(AluOp.AND, Width.W64, counter, Operand.of(pick(new Integer[] {3, 7, 15})));
        Width width = random.nextInt(3) == 0 ? Width.W32 : Width.W64;
        int head = insns.size();
        insns.add(new Insn.Exit());
        body(random.nextInt(1, 3), depth + 1);
        add(AluOp.ADD, width, counter, Operand.of(-1));
        add(AluOp.MOV, Width.W64, Reg.R2, Operand.of(counter));
        add(AluOp.ADD, Width.W64, Reg.R2, Operand.of(Reg.R6));
        insns.add(new Insn.Load(Size.B, false, pick(NUMBERS), Reg.R2, random.nextInt(52)));
        insns.add(new Insn.Jump(false, head - insns.size() - 1));
        insns.set(head, new Insn.JumpIf(JumpOp.JEQ, width, counter, Operand.of(0), insns.size() - head - 1));
    }

    private void loop(int depth) {
        Reg counter = depth == 0 ? Reg.R9 : Reg.R8;
        if (random.nextInt(4) == 0) {
            countDown(counter, depth);
            return;
        }
        Width width = random.nextInt(4) == 0 ? Width.W32 : Width.W64;
        int step = pick(new Integer[] {1, 1, 2, 4, -1});
        int rounds = random.nextInt(1, 14);
        int start = step < 0 ? rounds : random.nextInt(3);
        add(AluOp.MOV, Width.W64, counter, Operand.of(start));
        int aside = random.nextInt(6) == 0 ? insns.size() : -1;
        if (aside >= 0) {
            insns.add(new Insn.Exit());
        }
        int head = insns.size();
        body(random.nextInt(1, 4), depth + 1);
        if (aside >= 0) {
            // The loop has a second entry, anywhere in its body.
            int target = random.nextInt(head, insns.size());
            insns.set(
                    aside,
                    new Insn.JumpIf(
                            pick(JumpOp.values()), Width.W64, pick(NUMBERS), operand(false), target - aside - 1));
        }
        if (random.nextInt(3) == 0) {
            add(AluOp.MOV, Width.W64, Reg.R2, Operand.of(counter));
            add(AluOp.ADD, Width.W64, Reg.R2, Operand.of(Reg.R6));
            insns.add(new Insn.Load(pick(Size.values()), false, pick(NUMBERS), Reg.R2, random.nextInt(4)));
        }
        add(AluOp.ADD, width, counter, Operand.of(step));
        int end = start + step * rounds;
        JumpOp op = step < 0
                ? pick(new JumpOp[] {JumpOp.JNE, JumpOp.JSGT, JumpOp.JGT})
                : pick(new JumpOp[] {JumpOp.JNE, JumpOp.JLT, JumpOp.JLE, JumpOp.JSLT});
        insns.add(new Insn.JumpIf(op, width, counter, Operand.of(end), head - insns.size() - 1));
    }

    @Test
    void acceptedProgramsStayWithinTheirInvariantsAndEnd() {
        holds(PROGRAMS, Verifier::verify);
    }

    /** The walk alone is to be as sound as both engines together. */
    @Test
    void programsThatTheWalkAcceptsStayWithinTheirInvariantsAndEnd() {
        holds(PROGRAMS / 3, Verifier::walked);
    }

    private void holds(int programs, BiFunction<BpfProgram, Options, Verdict> verifier) {
        int accepted = 0;
        int tooLong = 0;
        for (int i = 0; i < programs; i++) {
            long seed = SEED * 1_000_000 + i;
            BpfProgram program = draw(seed);
            Verdict verdict = verifier.apply(program, OPTIONS);
            if (!(verdict instanceof Verdict.Verified verified)) {
                continue;
            }
            accepted++;
            Random bytes = new Random(seed);
            for (int run = 0; run < 6; run++) {
                byte[] memory = new byte[MEMORY];
                bytes.nextBytes(memory);
                if (run % 3 == 1) {
                    for (int b = 0; b < MEMORY; b++) {
                        memory[b] = (byte) (bytes.nextInt(3) - 1);
                    }
                }
                Optional<String> wrong =
                        new ConcreteMachine(program, verified.program().invariants(), memory).run(100_000);
                if (wrong.isPresent() && wrong.get().equals(ConcreteMachine.TOO_LONG)) {
                    tooLong++;
                    break;
                }
                if (wrong.isPresent()) {
                    StringBuilder listing = new StringBuilder();
                    for (int slot = 0;
                            slot < program.code().size();
                            slot = program.code().next(slot)) {
                        listing.append(slot)
                                .append(": ")
                                .append(InsnPrinter.print(program.code().at(slot)))
                                .append("    ; ")
                                .append(verified.program().invariants().text(slot))
                                .append('\n');
                    }
                    assertThat(wrong).as("seed %d%n%s", seed, listing).isEmpty();
                }
            }
        }
        assertThat(accepted).as("programs accepted, of %d", programs).isGreaterThan(programs / 10);
        assertThat(tooLong)
                .as("programs that ran too long to see the end, of %d", accepted)
                .isLessThan(accepted / 50);
    }
}
