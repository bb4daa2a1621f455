package dev.turnout.tests.random;

import dev.turnout.bpf.asm.Decoder;
import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.isa.random.RandomInsns;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Programs that are nearly right. Nobody says whether what comes out is still safe: whoever accepts it must run it well. */
public final class Mutation {
    private static final List<JumpOp> COMPARES = List.of(JumpOp.values());

    private Mutation() {}

    /** A program in which one or two instructions are others, or gone. */
    public static BpfProgram spoil(BpfProgram program, SplittableRandom random) {
        BpfProgram spoiled = program;
        for (int times = random.nextInt(1, 3); times > 0; times--) {
            spoiled = random.nextInt(3) == 0 ? deleted(spoiled, random) : replaced(spoiled, random);
        }
        return spoiled;
    }

    /** A program with flipped bits, if its bytes are still instructions. */
    public static Optional<BpfProgram> flip(BpfProgram program, SplittableRandom random) {
        byte[] bytes = Encoder.encode(program.code()).toArray();
        for (int times = random.nextInt(1, 4); times > 0; times--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return decoded(program, bytes);
    }

    /** The program's bytes replaced by random ones, the opcodes of which exist; rarely are they instructions. */
    public static Optional<BpfProgram> noise(BpfProgram program, SplittableRandom random) {
        byte[] bytes = Encoder.encode(program.code()).toArray();
        RandomInsns rows = new RandomInsns(random.nextLong());
        byte[] code = Encoder.encode(rows.code(bytes.length / 8 - 1, true)).toArray();
        System.arraycopy(code, 0, bytes, 0, Math.min(code.length, bytes.length));
        return decoded(program, bytes);
    }

    private static Optional<BpfProgram> decoded(BpfProgram program, byte[] bytes) {
        return Decoder.decode(ByteBuffer.wrap(bytes), "it", Policy.RFC, new Diagnostics())
                .map(code -> with(program, code));
    }

    private static BpfProgram deleted(BpfProgram program, SplittableRandom random) {
        BitSet slot = new BitSet();
        slot.set(slot(program.code(), random));
        return Deletion.of(program, slot).orElse(program);
    }

    private static int slot(Code code, SplittableRandom random) {
        int slot = random.nextInt(code.size());
        return code.begins(slot) ? slot : slot - 1;
    }

    private static BpfProgram replaced(BpfProgram program, SplittableRandom random) {
        Code code = program.code();
        int slot = slot(code, random);
        RandomInsns rows = new RandomInsns(
                random.nextLong(),
                row -> row.prototype().slots() == code.at(slot).slots());
        Insn fresh = random.nextBoolean()
                ? rows.next()
                : similar(code.at(slot), random).orElseGet(rows::next);
        List<Insn> insns = code.insns();
        int index = 0;
        for (int at = 0; at < slot; at = code.next(at)) {
            index++;
        }
        insns.set(index, fresh);
        return with(program, Code.of(insns));
    }

    /** The same instruction with a field a little off. */
    private static Optional<Insn> similar(Insn insn, SplittableRandom random) {
        int by = random.nextInt(-2, 3);
        return switch (insn) {
            case Insn.Load load ->
                Optional.of(new Insn.Load(load.size(), load.signed(), load.dst(), load.base(), load.offset() + by));
            case Insn.Store store ->
                Optional.of(new Insn.Store(store.size(), store.base(), store.offset() + by, store.value()));
            case Insn.Atomic atomic ->
                Optional.of(new Insn.Atomic(
                        atomic.op(), atomic.size(), atomic.base(), atomic.offset() + by, atomic.value()));
            case Insn.JumpIf(JumpOp op, Width width, Reg dst, Operand.Immediate(int bound), int distance)
            when random.nextBoolean() -> Optional.of(new Insn.JumpIf(op, width, dst, Operand.of(bound + by), distance));
            case Insn.JumpIf jump
            when random.nextInt(3) == 0 ->
                Optional.of(new Insn.JumpIf(
                        COMPARES.get(random.nextInt(COMPARES.size())),
                        jump.width(),
                        jump.dst(),
                        jump.src(),
                        jump.distance()));
            case Insn.JumpIf jump
            when random.nextBoolean() ->
                Optional.of(new Insn.JumpIf(
                        jump.op().hasNegation() ? jump.op().negated() : jump.op(),
                        jump.width(),
                        jump.dst(),
                        jump.src(),
                        jump.distance()));
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.CallLocal _ -> {
                int distance = insn instanceof Insn.CallLocal call
                        ? call.distance()
                        : insn.jumpDistance().orElse(0);
                yield Optional.of(CodeDraft.aimed(insn, distance + by));
            }
            case Insn.Alu(AluOp op, Width width, Reg dst, Operand.Immediate(int value))
            when random.nextBoolean() -> Optional.of(new Insn.Alu(op, width, dst, Operand.of(value + by)));
            case Insn.Alu(AluOp op, Width width, Reg dst, Operand src)
            when !op.isSignExtension() ->
                Optional.of(new Insn.Alu(op, width == Width.W64 ? Width.W32 : Width.W64, dst, src));
            case Insn.Alu _ -> Optional.empty();
            case Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.PacketLoad _ -> Optional.empty();
            case Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ ->
                Optional.empty();
        };
    }

    private static BpfProgram with(BpfProgram program, Code code) {
        return new BpfProgram(
                program.name(),
                program.section(),
                program.entry(),
                program.license(),
                code,
                program.functions(),
                program.maps(),
                program.keys(),
                program.branchSites(),
                List.of());
    }
}
