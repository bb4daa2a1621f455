package dev.turnout.tests.random;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import java.util.ArrayList;
import java.util.List;

/** Pointers and bounds that pass through the stack, and loops that end where two pointers meet. Of functions with memory. */
final class SpillStatements {
    private final FunctionDraft function;
    private final Ingredients all;

    SpillStatements(FunctionDraft function) {
        this.function = function;
        this.all = function.all;
    }

    /** Any of them. */
    void spill() {
        if (function.bytes < 8) {
            return;
        }
        // A packet's end must be compared again with what is added to it.
        switch (all.isPacket() ? 0 : all.random.nextInt(3)) {
            case 0 -> pointer();
            case 1 -> bound();
            default -> meet();
        }
    }

    /** Below the numbers, and below where main keeps its context. */
    private int cell() {
        return function.context() - 8;
    }

    private Size size() {
        return all.pick(List.of(Size.values()));
    }

    /** The pointer to the memory is kept on the stack; now and then something is written over a part of it. */
    private void pointer() {
        function.add(new Insn.Store(Size.DW, Reg.R10, cell(), Operand.of(function.memory)));
        if (all.oneIn(40)) {
            function.add(
                    new Insn.Store(Size.H, Reg.R10, cell() + 2 * all.random.nextInt(4), Operand.of(all.constant())));
        }
        function.add(new Insn.Load(Size.DW, false, function.address, Reg.R10, cell()));
        Size size = size();
        access(size, all.random.nextInt(function.bytes - size.bytes() + 1));
    }

    /** An index, masked, is kept on the stack, and comes back from as many bytes as it needs, or from more or fewer. */
    private void bound() {
        Size size = size();
        int bits = 31 - Integer.numberOfLeadingZeros(function.bytes - size.bytes() + 1);
        function.move(function.address, function.source());
        function.alu(AluOp.AND, function.address, (1 << bits) - 1);
        List<Size> wide = new ArrayList<>(List.of(Size.values()));
        wide.removeIf(one -> one.bits() < bits);
        Size stored = all.pick(wide);
        Size loaded = all.oneIn(8) ? size() : all.pick(wide);
        if (all.random.nextBoolean()) {
            function.add(new Insn.Store(Size.DW, Reg.R10, cell(), Operand.of(0)));
        } else if (loaded.bits() > stored.bits()) {
            loaded = stored;
        }
        function.add(new Insn.Store(stored, Reg.R10, cell(), Operand.of(function.address)));
        function.add(new Insn.Load(loaded, false, function.address, Reg.R10, cell()));
        function.alu(AluOp.ADD, function.address, function.memory);
        access(size, 0);
    }

    /** One pointer goes through the memory until it meets the other; now and then one step too far. */
    private void meet() {
        Size size = size();
        Reg value = function.target();
        int room = function.bytes / size.bytes();
        int rounds = all.random.nextInt(1, room + (all.oneIn(20) ? 2 : 1));
        function.move(function.address, function.memory);
        function.move(function.scratch, function.address);
        function.alu(AluOp.ADD, function.scratch, rounds * size.bytes());
        int head = function.code.here();
        if (all.random.nextBoolean()) {
            function.add(new Insn.Load(size, false, value, function.address, 0));
        } else {
            function.add(new Insn.Store(size, function.address, 0, Operand.of(value)));
        }
        function.alu(AluOp.ADD, function.address, size.bytes());
        function.code.add(
                new Insn.JumpIf(
                        all.pick(List.of(JumpOp.JNE, JumpOp.JLT)),
                        Width.W64,
                        function.address,
                        Operand.of(function.scratch),
                        0),
                head);
    }

    private void access(Size size, int at) {
        Reg value = function.target();
        if (all.random.nextBoolean()) {
            function.add(new Insn.Load(size, false, value, function.address, at));
        } else {
            function.add(new Insn.Store(size, function.address, at, Operand.of(value)));
        }
    }
}
