package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Something that must hold before an instruction. */
public sealed interface Obligation {
    /** The register holds something. */
    record Readable(Reg reg) implements Obligation {}

    /** The register holds a number. */
    record Number(Reg reg, String operation) implements Obligation {}

    /** What an access does. */
    enum Mode {
        READ,
        WRITE,
        /** Reads and writes indivisibly. */
        UPDATE
    }

    /** The bytes from base + offset on may be accessed so. */
    record Access(Reg base, int offset, Size size, Mode mode, boolean atomic, boolean signed) implements Obligation {}

    /** The register may be stored there: a pointer only whole and on the stack. */
    record Storable(Reg value, Reg base, int offset, Size size) implements Obligation {}

    /** The register may be written: it is not the frame pointer. */
    record Writable(Reg reg) implements Obligation {}

    /** The constant operand is one that the operation takes. */
    record ConstantOperand(Insn.Alu alu) implements Obligation {}

    /** The operands' kinds allow the operation, and a pointer stays within its bounds. */
    record Arithmetic(Insn.Alu alu) implements Obligation {}

    /** The operands' kinds may be compared so. */
    record Comparable(Insn.JumpIf jump) implements Obligation {}

    /** The program may call the helper. */
    record Callable(int helper) implements Obligation {}

    /** Argument {@code index} (from 0) is what the helper's row demands. */
    record Argument(HelperFunction helper, int index) implements Obligation {}

    /** The arguments, each as it must be, are together what the helper takes, and it may be called where it is. */
    record Together(HelperFunction helper) implements Obligation {}

    /** The register holds an entry of a jump table whose targets lie in this function. */
    record TableEntry(Reg target) implements Obligation {}

    /** The register holds the address of a function. */
    record Function(Reg target) implements Obligation {}

    /** Of the kernel's pointers in map values, a store may replace none by anything but null. */
    record Kept(Operand value, Reg base, int offset) implements Obligation {}

    /** The kernel function may be called, with what the registers hold. */
    record KernelCall(Insn.CallKernel call) implements Obligation {}

    /** The function so many slots behind the next one may be called here, with what the registers hold. */
    record Call(int distance) implements Obligation {}

    /** The helper may be called here, whatever is held. */
    record Undisturbed(int helper) implements Obligation {}

    /**
     * Nothing is held, and no region is open, because control leaves.
     *
     * @param what leaves, as a sentence begins
     */
    record NothingHeld(String what) implements Obligation {}

    /** The legacy loads from the packet may be used here, and r6 is the context. */
    record PacketLoad() implements Obligation {}

    /** r0 is a result that the program, or the function, may give. */
    record Result() implements Obligation {}

    /** The register that it is about, if it is about one. */
    default Optional<Reg> subject() {
        return switch (this) {
            case Readable readable -> Optional.of(readable.reg());
            case Number number -> Optional.of(number.reg());
            case Access access -> Optional.of(access.base());
            case Storable storable -> Optional.of(storable.value());
            case Arithmetic arithmetic ->
                Optional.of(
                        arithmetic.alu().src() instanceof Operand.Register register
                                ? register.reg()
                                : arithmetic.alu().dst());
            case Writable writable -> Optional.of(writable.reg());
            case ConstantOperand constant -> Optional.of(constant.alu().dst());
            case Comparable comparable -> Optional.of(comparable.jump().dst());
            case Argument argument -> Optional.of(Reg.argument(argument.index()));
            case TableEntry entry -> Optional.of(entry.target());
            case Function function -> Optional.of(function.target());
            case PacketLoad _ -> Optional.of(Reg.R6);
            case Result _ -> Optional.of(Reg.R0);
            case Kept kept -> Optional.of(kept.base());
            case Callable _, Together _, KernelCall _, Call _, Undisturbed _, NothingHeld _ -> Optional.empty();
        };
    }

    /** The obligations of an instruction, in the order in which they are to be judged: a cause before its consequences. */
    static List<Obligation> of(Insn insn) {
        List<Obligation> all = new ArrayList<>(4);
        switch (insn) {
            case Insn.Alu alu -> {
                if (alu.op().readsDestination()) {
                    all.add(new Readable(alu.dst()));
                }
                readable(all, alu.src());
                if (alu.src() instanceof Operand.Immediate
                        && (alu.op().isDivision() || alu.op().isShift())) {
                    all.add(new ConstantOperand(alu));
                }
                writable(all, alu.dst());
                if (!(alu.op() == AluOp.MOV && alu.src() instanceof Operand.Immediate)) {
                    all.add(new Arithmetic(alu));
                }
            }
            case Insn.Neg neg -> {
                writable(all, neg.dst());
                all.add(new Number(neg.dst(), "negation"));
            }
            case Insn.Swap swap -> {
                writable(all, swap.dst());
                all.add(new Number(swap.dst(), "a change of byte order"));
            }
            case Insn.CastSpace cast -> {
                all.add(new Readable(cast.src()));
                writable(all, cast.dst());
            }
            case Insn.Wide wide -> writable(all, wide.dst());
            case Insn.Jump _, Insn.StaticJump _, Insn.MayGoto _ -> {}
            case Insn.CallLocal call -> all.add(new Call(call.distance()));
            case Insn.CallKernel call -> all.add(new KernelCall(call));
            case Insn.Load load -> {
                all.add(new Readable(load.base()));
                writable(all, load.dst());
                all.add(new Access(load.base(), load.offset(), load.size(), Mode.READ, false, load.signed()));
            }
            case Insn.Store store -> {
                all.add(new Readable(store.base()));
                readable(all, store.value());
                all.add(new Access(store.base(), store.offset(), store.size(), Mode.WRITE, false, false));
                all.add(new Kept(store.value(), store.base(), store.offset()));
                if (store.value() instanceof Operand.Register register) {
                    all.add(new Storable(register.reg(), store.base(), store.offset(), store.size()));
                }
            }
            case Insn.Atomic atomic -> atomic(all, atomic);
            case Insn.PacketLoad load -> {
                all.add(new Readable(Reg.R6));
                if (load.indexed()) {
                    all.add(new Readable(load.index()));
                }
                all.add(new PacketLoad());
                all.add(new NothingHeld("a packet load may end the program"));
            }
            case Insn.JumpIf jump -> {
                all.add(new Readable(jump.dst()));
                readable(all, jump.src());
                all.add(new Comparable(jump));
            }
            case Insn.JumpIndirect jump -> all.add(new TableEntry(jump.target()));
            case Insn.CallHelper call -> {
                all.add(new Undisturbed(call.id()));
                all.add(new Callable(call.id()));
                Optional<HelperFunction> helper = HelperFunction.ofId(call.id());
                for (int i = 0; helper.isPresent() && i < helper.get().mostArguments(); i++) {
                    all.add(new Argument(helper.get(), i));
                }
                helper.ifPresent(of -> all.add(new Together(of)));
            }
            case Insn.CallIndirect call -> all.add(new Function(call.target()));
            case Insn.Exit _ -> {
                all.add(new NothingHeld("the program ends"));
                all.add(new Result());
            }
        }
        return all;
    }

    private static void readable(List<Obligation> all, Operand operand) {
        if (operand instanceof Operand.Register register) {
            all.add(new Readable(register.reg()));
        }
    }

    private static void writable(List<Obligation> all, Reg reg) {
        if (reg == Reg.R10) {
            all.add(new Writable(reg));
        }
    }

    private static void atomic(List<Obligation> all, Insn.Atomic atomic) {
        AtomicOp op = atomic.op();
        all.add(new Readable(atomic.base()));
        boolean load = op == AtomicOp.LOAD_ACQUIRE;
        if (!load) {
            all.add(new Readable(atomic.value()));
            all.add(new Number(atomic.value(), "an atomic operation"));
        }
        if (load || op.fetches()) {
            writable(all, atomic.value());
        }
        if (op == AtomicOp.CMPXCHG) {
            all.add(new Number(Reg.R0, "an atomic operation"));
        }
        Mode mode = load ? Mode.READ : op == AtomicOp.STORE_RELEASE ? Mode.WRITE : Mode.UPDATE;
        all.add(new Access(atomic.base(), atomic.offset(), atomic.size(), mode, true, false));
    }
}
