package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.asm.Mem;
import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Exchange;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;

/** Loads, stores and indivisible accesses. No address is checked: the proof has done that. */
final class MemoryLowering {
    private final Assembler asm;

    MemoryLowering(Draft draft) {
        this.asm = draft.asm;
    }

    void load(Insn.Load load) {
        OperandSize size = Registers.of(load.size());
        Mem from = Mem.of(Registers.of(load.base()), load.offset());
        if (load.signed()) {
            asm.loadSigned(size, OperandSize.QWORD, Registers.of(load.dst()), from);
        } else {
            asm.loadZero(size, Registers.of(load.dst()), from);
        }
    }

    void store(Insn.Store store) {
        OperandSize size = Registers.of(store.size());
        Mem to = Mem.of(Registers.of(store.base()), store.offset());
        switch (store.value()) {
            case Operand.Register(var value) -> asm.store(size, to, Registers.of(value));
            case Operand.Immediate(int value) -> asm.store(size, to, value);
        }
    }

    /**
     * Accesses of 1 and 2 bytes are loads and stores, which order what this processor may reorder as an acquire and a release
     * demand: not at all.
     */
    void atomic(Insn.Atomic atomic) {
        OperandSize size = Registers.of(atomic.size());
        Gpr base = Registers.of(atomic.base());
        Mem place = Mem.of(base, atomic.offset());
        Gpr value = Registers.of(atomic.value());
        switch (atomic.op()) {
            case LOAD_ACQUIRE -> asm.loadZero(size, value, place);
            case STORE_RELEASE -> asm.store(size, place, value);
            case ADD -> asm.lock(Arith.ADD, size, place, value);
            case OR -> asm.lock(Arith.OR, size, place, value);
            case AND -> asm.lock(Arith.AND, size, place, value);
            case XOR -> asm.lock(Arith.XOR, size, place, value);
            case FETCH_ADD -> asm.lock(Exchange.XADD, size, place, value);
            case XCHG -> asm.lock(Exchange.XCHG, size, place, value);
            case CMPXCHG -> {
                asm.lock(Exchange.CMPXCHG, size, place, value);
                if (size == OperandSize.DWORD) {
                    // If they were equal the processor has left all of rax, the upper half included.
                    asm.mov(OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
                }
            }
            case FETCH_OR -> fetch(Arith.OR, size, atomic, value);
            case FETCH_AND -> fetch(Arith.AND, size, atomic, value);
            case FETCH_XOR -> fetch(Arith.XOR, size, atomic, value);
        }
    }

    /** The processor has no such instruction: tries until nobody came between load and exchange. */
    private void fetch(Arith op, OperandSize size, Insn.Atomic atomic, Gpr value) {
        Gpr base = Registers.of(atomic.base());
        Gpr kept = Registers.SCRATCH;
        Gpr fresh = Registers.SCRATCH_2;
        asm.mov(OperandSize.QWORD, kept, Gpr.RAX);
        Mem place = Mem.of(base == Gpr.RAX ? kept : base, atomic.offset());
        asm.load(size, Gpr.RAX, place);
        Label again = asm.here();
        asm.mov(size, fresh, Gpr.RAX);
        asm.arith(op, size, fresh, value == Gpr.RAX ? kept : value);
        asm.lock(Exchange.CMPXCHG, size, place, fresh);
        asm.jump(Condition.NE, again);
        if (value != Gpr.RAX) {
            asm.mov(size, value, Gpr.RAX);
            asm.mov(OperandSize.QWORD, Gpr.RAX, kept);
        } else if (size == OperandSize.DWORD) {
            asm.mov(OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
        }
    }
}
