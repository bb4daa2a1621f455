package dev.turnout.bpf.codegen;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.ConcreteAlgebra;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.eval.CheckedMemory;
import dev.turnout.ir.model.Region;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs an object's functions one instruction at a time over the memory that the IR evaluator runs over, so that both can be
 * asked the same question. Registers that a call destroys are filled with rubbish.
 */
final class Stepper {
    private static final long TABLES = 0x7100_0000_0000L;
    private static final long CODE = 0x7200_0000_0000L;
    private static final long FUNCTIONS = 0x7300_0000_0000L;
    private static final long RUBBISH = 0xdead_beef_dead_beefL;

    private final BpfObject object;
    private final CheckedMemory memory;
    private final long context;
    private long steps;

    /** Functions by their addresses, those that were asked for. */
    private final List<String> callbacks = new ArrayList<>();

    Stepper(BpfObject object, CheckedMemory memory, long context) {
        this.object = object;
        this.memory = memory;
        this.context = context;
    }

    long steps() {
        return steps;
    }

    long run(String name, long... arguments) {
        CodeSection section = object.sectionOf(name).orElseThrow();
        ObjectFunction function = section.function(name).orElseThrow();
        long[] r = new long[11];
        java.util.Arrays.fill(r, RUBBISH);
        System.arraycopy(arguments, 0, r, 1, arguments.length);
        long stack = memory.allocateSlot(512, 8, "frame of " + name);
        r[10] = stack + 512;
        try {
            return run(section, function, r);
        } finally {
            memory.releaseSlots(1);
        }
    }

    private long run(CodeSection section, ObjectFunction function, long[] r) {
        int at = function.start();
        while (true) {
            if (++steps > 2_000_000) {
                throw new AssertionError("does not end");
            }
            if (at < function.start() || at >= function.end()) {
                throw new AssertionError("slot " + at + " is outside of " + function);
            }
            Insn insn = section.code().at(at);
            int next = section.code().next(at);
            switch (insn) {
                case Insn.Alu alu -> {
                    int d = alu.dst().number();
                    r[d] = alu.op().result(ConcreteAlgebra.INSTANCE, alu.width(), r[d], operand(alu.src(), r));
                }
                case Insn.Neg neg ->
                    r[neg.dst().number()] = ConcreteAlgebra.INSTANCE.negate(
                            neg.width(), r[neg.dst().number()]);
                case Insn.Swap swap ->
                    r[swap.dst().number()] = swap.op()
                            .result(ConcreteAlgebra.INSTANCE, r[swap.dst().number()], swap.bits());
                case Insn.Wide wide -> {
                    Reference to = section.referenceAt(at).orElse(null);
                    r[wide.dst().number()] = to == null ? wide.value() : address(to);
                }
                case Insn.Load load ->
                    r[load.dst().number()] = load(load, r[load.base().number()] + load.offset());
                case Insn.Store store ->
                    memory.store(
                            r[store.base().number()] + store.offset(),
                            store.size().bytes(),
                            operand(store.value(), r));
                case Insn.Atomic atomic -> atomic(atomic, r);
                case Insn.Jump jump -> next += jump.distance();
                case Insn.JumpIf jump -> {
                    if (jump.op().test(jump.width(), r[jump.dst().number()], operand(jump.src(), r))) {
                        next += jump.distance();
                    }
                }
                case Insn.StaticJump jump -> next += jump.nop() ? 0 : jump.distance();
                case Insn.MayGoto _ -> {}
                case Insn.JumpIndirect jump -> next = (int) (r[jump.target().number()] - CODE);
                case Insn.CallLocal _ -> {
                    Reference.ToFunction to =
                            (Reference.ToFunction) section.referenceAt(at).orElseThrow();
                    long[] arguments = {r[1], r[2], r[3], r[4], r[5]};
                    long result = run(to.function(), arguments);
                    java.util.Arrays.fill(r, 0, 6, RUBBISH);
                    r[0] = result;
                }
                case Insn.Exit _ -> {
                    return r[0];
                }
                case Insn.CallHelper call
                when call.id() == HelperFunction.LOOP.id() -> {
                    long rounds = loop(r);
                    java.util.Arrays.fill(r, 0, 6, RUBBISH);
                    r[0] = rounds;
                }
                case Insn.CastSpace _, Insn.PacketLoad _, Insn.CallHelper _, Insn.CallKernel _ ->
                    throw new AssertionError("not stepped: " + insn);
                case Insn.CallIndirect _ -> throw new AssertionError("not stepped: " + insn);
            }
            at = next;
        }
    }

    /** Linux's {@code bpf_loop}: calls back until the callback has enough. */
    private long loop(long[] r) {
        String callback = callbacks.get((int) (r[2] - FUNCTIONS));
        for (long round = 0; round < (r[1] & 0xffff_ffffL); round++) {
            if (run(callback, round, r[3]) != 0) {
                return round + 1;
            }
        }
        return r[1];
    }

    private long address(Reference to) {
        return switch (to) {
            case Reference.ToData(String section, int offset) -> {
                DataSection data = object.dataSection(section).orElseThrow();
                for (DataSection.Variable variable : data.variables()) {
                    if (offset >= variable.offset() && offset < variable.offset() + variable.size()) {
                        yield memory.addressOf(Region.GLOBAL, variable.name()) + offset - variable.offset();
                    }
                }
                throw new AssertionError("nothing at " + to);
            }
            case Reference.ToJumpTable(String table, int offset) -> {
                for (int i = 0; i < object.jumpTables().size(); i++) {
                    if (object.jumpTables().get(i).name().equals(table)) {
                        yield TABLES + ((long) i << 20) + offset;
                    }
                }
                throw new AssertionError("no table " + table);
            }
            case Reference.ToMap(String map) -> memory.addressOf(Region.MAP, map);
            case Reference.ToFunction(String function)
            when object.sectionOf(function).isPresent() -> {
                if (!callbacks.contains(function)) {
                    callbacks.add(function);
                }
                yield FUNCTIONS + callbacks.indexOf(function);
            }
            case Reference.ToFunction(String function) -> memory.addressOf(Region.FUNCTION, function);
            case Reference.ToField field -> field.offset();
            case Reference.ToArena _, Reference.ToFunctionTable _, Reference.ToKernelFunction _, Reference.ToExtern _ ->
                throw new AssertionError("not stepped: " + to);
        };
    }

    private long load(Insn.Load load, long address) {
        if (address >= TABLES && address < CODE) {
            JumpTable table = object.jumpTables().get((int) ((address - TABLES) >>> 20));
            int offset = (int) ((address - TABLES) & 0xfffff);
            assert offset % 8 == 0;
            return CODE + table.targets().get(offset / 8);
        }
        long value = address >= context && address < context + 64
                ? memory.loadContext(
                        context, (int) (address - context), load.size().bytes())
                : memory.load(address, load.size().bytes());
        int shift = 64 - load.size().bits();
        return load.signed() ? value << shift >> shift : value;
    }

    private void atomic(Insn.Atomic atomic, long[] r) {
        long address = r[atomic.base().number()] + atomic.offset();
        int bytes = atomic.size().bytes();
        Width width = bytes == 8 ? Width.W64 : Width.W32;
        int v = atomic.value().number();
        long mask = bytes == 8 ? -1 : 0xffff_ffffL;
        if (atomic.op() == AtomicOp.STORE_RELEASE) {
            memory.store(address, bytes, r[v]);
            return;
        }
        long old = memory.load(address, bytes);
        if (atomic.op() == AtomicOp.LOAD_ACQUIRE) {
            r[v] = old;
        } else if (atomic.op() == AtomicOp.CMPXCHG) {
            if (old == (r[0] & mask)) {
                memory.store(address, bytes, r[v]);
            }
            r[0] = old;
        } else {
            memory.store(address, bytes, atomic.op().combine(ConcreteAlgebra.INSTANCE, width, old, r[v]));
            if (atomic.op().fetches()) {
                r[v] = old;
            }
        }
    }

    private static long operand(Operand operand, long[] r) {
        return switch (operand) {
            case Operand.Register register -> r[register.reg().number()];
            case Operand.Immediate immediate -> immediate.value();
        };
    }
}
