package dev.turnout.verifier;

import dev.turnout.bpf.isa.ConcreteAlgebra;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.domain.Known;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program without maps, whose only helper is {@code bpf_loop}, on given memory, and compares every register with a
 * table of invariants.
 */
final class ConcreteMachine {
    private static final long MEMORY = 0x10_0000_0000L;
    private static final long STACK = 0x20_0000_0000L;
    private static final int FRAME = 512;
    /** What {@link #run} says when the steps did not suffice: nested loops may rightly take longer. */
    static final String TOO_LONG = "did not end";

    private final BpfProgram program;
    /** Null where nothing is claimed of the code that runs. */
    private final @Nullable Invariants invariants;

    private final byte[] memory;
    private final byte[] stack = new byte[FRAME * 16];
    private final long[] regs = new long[Reg.COUNT];
    private int depth;
    /** What went wrong in an access; empty if nothing. */
    private String fault = "";

    /** Who waits: for a function, or for round {@code round} of {@code rounds} of a callback. */
    @SuppressWarnings("ArrayRecordComponent") // Never leaves this class.
    private record Caller(int slot, long[] regs, int callback, long round, long rounds) {}

    ConcreteMachine(BpfProgram program, @Nullable Invariants invariants, byte[] memory) {
        this.program = program;
        this.invariants = invariants;
        this.memory = memory.clone();
    }

    /** What the run left behind: the result, then the memory. */
    String outcome() {
        return regs[0] + " " + HexFormat.of().formatHex(memory);
    }

    /** Empty if all is well, else what is wrong. */
    Optional<String> run(int most) {
        regs[1] = MEMORY;
        regs[2] = memory.length;
        regs[10] = STACK + FRAME;
        Deque<Caller> callers = new ArrayDeque<>();
        int slot = 0;
        for (int steps = 0; steps < most; steps++) {
            Optional<String> wrong = compare(slot);
            if (wrong.isPresent()) {
                return wrong;
            }
            Insn insn = program.code().at(slot);
            int next = program.code().next(slot);
            switch (insn) {
                case Insn.Alu alu ->
                    regs[alu.dst().number()] =
                            alu.op().result(ConcreteAlgebra.INSTANCE, alu.width(), reg(alu.dst()), operand(alu.src()));
                case Insn.Neg neg ->
                    regs[neg.dst().number()] = ConcreteAlgebra.INSTANCE.negate(neg.width(), reg(neg.dst()));
                case Insn.Swap swap ->
                    regs[swap.dst().number()] =
                            swap.op().result(ConcreteAlgebra.INSTANCE, reg(swap.dst()), swap.bits());
                case Insn.Wide wide ->
                    regs[wide.dst().number()] = wide.kind() == WideKind.FUNCTION ? slot + 1 + wide.low() : wide.value();
                case Insn.Load load -> {
                    long value =
                            access(reg(load.base()) + load.offset(), load.size().bytes(), false, 0);
                    int up = 64 - load.size().bits();
                    regs[load.dst().number()] = load.signed() ? value << up >> up : value;
                }
                case Insn.Store store ->
                    access(reg(store.base()) + store.offset(), store.size().bytes(), true, operand(store.value()));
                case Insn.Jump jump -> next += jump.distance();
                case Insn.JumpIf jump -> {
                    if (jump.op().test(jump.width(), reg(jump.dst()), operand(jump.src()))) {
                        next += jump.distance();
                    }
                }
                case Insn.CallLocal call -> {
                    callers.push(new Caller(next, regs.clone(), 0, 0, 0));
                    next += call.distance();
                    enter();
                }
                case Insn.CallHelper call -> {
                    if (call.id() != HelperFunction.LOOP.id()) {
                        throw new IllegalStateException("not drawn: " + insn);
                    }
                    long rounds = regs[1] & 0xffff_ffffL;
                    if (rounds == 0) {
                        regs[0] = 0;
                    } else {
                        callers.push(new Caller(next, regs.clone(), (int) regs[2], 0, rounds));
                        next = callBack(callers.element());
                    }
                }
                case Insn.Exit _ -> {
                    if (callers.isEmpty()) {
                        return Optional.empty();
                    }
                    Caller caller = callers.pop();
                    System.arraycopy(caller.regs, 6, regs, 6, 5);
                    depth--;
                    if (regs[0] == 0 && caller.round + 1 < caller.rounds) {
                        callers.push(
                                new Caller(caller.slot, caller.regs, caller.callback, caller.round + 1, caller.rounds));
                        next = callBack(callers.element());
                    } else {
                        next = caller.slot;
                        regs[0] = caller.rounds > 0 ? caller.round + 1 : regs[0];
                    }
                }
                case Insn.CastSpace _, Insn.Atomic _, Insn.PacketLoad _, Insn.StaticJump _, Insn.MayGoto _ ->
                    throw new IllegalStateException("not drawn: " + insn);
                case Insn.JumpIndirect _, Insn.CallKernel _, Insn.CallIndirect _ ->
                    throw new IllegalStateException("not drawn: " + insn);
            }
            if (!fault.isEmpty()) {
                return Optional.of("slot " + slot + ": " + fault);
            }
            slot = next;
        }
        return Optional.of(TOO_LONG);
    }

    private void enter() {
        depth++;
        regs[10] = STACK + (long) FRAME * (depth + 1);
    }

    /** Begins a round, and gives the slot where it begins. */
    private int callBack(Caller caller) {
        regs[1] = caller.round;
        regs[2] = caller.regs[3];
        enter();
        return caller.callback;
    }

    private long reg(Reg reg) {
        return regs[reg.number()];
    }

    private long operand(Operand operand) {
        return switch (operand) {
            case Operand.Register register -> reg(register.reg());
            case Operand.Immediate immediate -> immediate.value();
        };
    }

    private long access(long address, int bytes, boolean write, long value) {
        byte[] bank = address >= STACK ? stack : memory;
        long first = address - (address >= STACK ? STACK : MEMORY);
        if (first < 0 || first + bytes > bank.length) {
            fault = "access of " + bytes + " bytes at " + Long.toHexString(address);
            return 0;
        }
        long result = 0;
        for (int i = 0; i < bytes; i++) {
            if (write) {
                bank[(int) first + i] = (byte) (value >>> (8 * i));
            }
            result |= (bank[(int) first + i] & 0xffL) << (8 * i);
        }
        return result;
    }

    private Optional<String> compare(int slot) {
        if (invariants == null) {
            return Optional.empty();
        }
        if (!invariants.reachable(slot)) {
            return Optional.of("slot " + slot + " is reached, the table says never");
        }
        for (int r = 0; r < 10; r++) {
            long value = regs[r];
            boolean holds = switch (invariants.before(slot, Reg.of(r)).orElseThrow()) {
                case Known.Unreadable _ -> true;
                case Known.Number number -> number.num().contains(value);
                case Known.Address(Region.Stack(int frame), Num offset, boolean _) ->
                    offset.contains(value - STACK - (long) FRAME * (frame + 1));
                case Known.Address(Region region, Num offset, boolean _) ->
                    region instanceof Region.Memory && offset.contains(value - MEMORY);
                case Known.Target _, Known.Function _ -> true;
            };
            if (!holds) {
                return Optional.of("slot " + slot + ": r" + r + " is " + value + " (0x" + Long.toHexString(value)
                        + "), the table says "
                        + invariants.before(slot, Reg.of(r)).orElseThrow());
            }
        }
        return Optional.empty();
    }
}
