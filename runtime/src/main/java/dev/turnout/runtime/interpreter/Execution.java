package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.ConcreteAlgebra;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.engine.Limits;
import dev.turnout.runtime.engine.RunFault;
import dev.turnout.runtime.helper.CallSite;
import dev.turnout.runtime.helper.CallbackCalls;
import dev.turnout.runtime.helper.HelperCalls;
import dev.turnout.runtime.helper.KernelCalls;
import dev.turnout.runtime.helper.Turns;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.image.Keys;
import dev.turnout.runtime.image.OwnedMemory;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.InstructionArrayMap;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run at a time of a program, and of those that it tail-calls. Owned by one thread. */
sealed class Execution implements CallSite permits WatchedExecution {
    private static final int SAVED_FROM = 6;
    private static final int SAVED = 4;
    private static final int FP = 10;
    private static final int FIRST_FRAMES = 8;
    private static final int NETWORK = -0x100000;
    private static final int LINK = -0x200000;

    private final InterpretedProgram main;
    private final CpuSlots.Lease lease;
    private final Workspace workspace;
    private final Keys keys;
    private final long fuel;

    private final long[] r = new long[Reg.COUNT];
    // By depth; they grow, because few runs need all frames.
    private int[] returnTo = new int[FIRST_FRAMES];
    private @Nullable InterpretedProgram[] returnProgram = new InterpretedProgram[FIRST_FRAMES];
    private long[] saved = new long[FIRST_FRAMES * SAVED];
    private long[] turnsLeft = new long[FIRST_FRAMES];

    private InterpretedProgram program;
    private int depth;
    private int tailCalls;
    private int pc;
    private long steps;
    private long end;

    Execution(InterpretedProgram main, CpuSlots.Lease lease, long fuel) {
        this.main = main;
        this.program = main;
        this.lease = lease;
        this.workspace = lease.workspace();
        this.keys = main.machine().keys();
        this.fuel = fuel;
    }

    final InterpretedProgram loaded() {
        return program;
    }

    final int pc() {
        return pc;
    }

    final int frame() {
        return depth;
    }

    final long value(Reg reg) {
        return r[reg.number()];
    }

    /** Instructions executed so far. */
    final long steps() {
        return steps;
    }

    /** Runs the main program once; r0. */
    final long run() {
        program = main;
        depth = 0;
        tailCalls = 0;
        pc = 0;
        end = fuel > Long.MAX_VALUE - steps ? Long.MAX_VALUE : steps + fuel;
        turnsLeft[0] = Limits.MOST_TURNS;
        Arrays.fill(r, 0);
        r[1] = workspace.input().argument();
        switch (main.program().entry()) {
            case BpfProgram.Entry.Context _ -> {}
            case BpfProgram.Entry.Memory(long bytes) -> r[2] = bytes;
        }
        r[FP] = workspace.framePointer(0);
        return loop(0);
    }

    /** Runs until the frame at depth {@code base} exits; r0. */
    private long loop(int base) {
        while (true) {
            Step step = fetch();
            before();
            if (++steps > end) {
                throw new RunFault(Faults.fuel(program.program(), fuel));
            }
            switch (step.kind) {
                case ALU_REG -> {
                    r[step.dst] = Arithmetic.result(step.alu, step.width, r[step.dst], r[step.src]);
                    pc++;
                }
                case ALU_IMM -> {
                    r[step.dst] = Arithmetic.result(step.alu, step.width, r[step.dst], step.value);
                    pc++;
                }
                case NEG -> {
                    r[step.dst] = Arithmetic.negate(step.width, r[step.dst]);
                    pc++;
                }
                case SWAP -> {
                    r[step.dst] = step.swap.result(ConcreteAlgebra.INSTANCE, r[step.dst], step.bytes * 8);
                    pc++;
                }
                case CONSTANT -> {
                    r[step.dst] = step.value;
                    pc += 2;
                }
                case LOAD -> {
                    r[step.dst] = load(r[step.src] + step.value, step.bytes);
                    pc++;
                }
                case LOAD_SIGNED -> {
                    int shift = 64 - step.bytes * 8;
                    r[step.dst] = (load(r[step.src] + step.value, step.bytes) << shift) >> shift;
                    pc++;
                }
                case STORE_REG -> {
                    store(r[step.dst] + step.value, step.bytes, r[step.src]);
                    pc++;
                }
                case STORE_IMM -> {
                    store(r[step.dst] + step.value, step.bytes, step.other);
                    pc++;
                }
                case ATOMIC -> {
                    atomic(step, r[step.dst] + step.value);
                    pc++;
                }
                case JUMP -> pc = step.target;
                case JUMP_REG ->
                    pc = Arithmetic.test(step.jump, step.width, r[step.dst], r[step.src]) ? step.target : pc + 1;
                case JUMP_IMM ->
                    pc = Arithmetic.test(step.jump, step.width, r[step.dst], step.value) ? step.target : pc + 1;
                case STATIC_JUMP -> pc = staticTarget(step, pc + 1);
                case MAY_GOTO -> pc = turnsLeft[depth] > 0 && turnsLeft[depth]-- > 0 ? pc + 1 : step.target;
                case JUMP_INDIRECT -> pc = indirectTarget(r[step.dst]);
                case HELPER -> helper(step);
                case KERNEL -> {
                    r[0] = KernelCalls.call((int) step.other, this, r[1], r[2], r[3], r[4], r[5]);
                    pc++;
                }
                case CALL -> call(step.target);
                case CALL_INDIRECT -> call(functionAt(r[step.dst]));
                case PACKET_LOAD -> {
                    if (packetLoad(step)) {
                        pc++;
                    } else {
                        r[0] = 0;
                        if (depth == base) {
                            return 0;
                        }
                        leave();
                    }
                }
                case EXIT -> {
                    if (depth == base) {
                        return r[0];
                    }
                    leave();
                }
            }
        }
    }

    /** Before each instruction: nothing, also in compiled form, as long as nobody watches and the subclass is not loaded. */
    void before() {}

    private Step fetch() {
        Step step = pc >= 0 && pc < program.steps.length ? program.steps[pc] : null;
        if (step == null) {
            throw fault("it jumped to where no instruction begins");
        }
        return step;
    }

    // Memory.

    private long load(long address, int bytes) {
        reads(address, bytes);
        return Memory.load(address, bytes);
    }

    private void store(long address, int bytes, long value) {
        writes(address, bytes);
        Memory.store(address, bytes, value);
    }

    @Override
    public final void reads(long address, long bytes) {
        if (!program.memory.readable(workspace, depth, address, bytes)) {
            throw fault("it reads " + bytes + " bytes at 0x" + Long.toHexString(address) + ", which it may not");
        }
    }

    @Override
    public final void writes(long address, long bytes) {
        if (!program.memory.writable(workspace, depth, address, bytes)) {
            throw fault("it writes " + bytes + " bytes at 0x" + Long.toHexString(address) + ", which it may not");
        }
    }

    @Override
    public final boolean owns(long address, long bytes) {
        return OwnedMemory.holds(program.machine(), workspace, address, bytes);
    }

    private void atomic(Step step, long address) {
        if ((address & (step.bytes - 1)) != 0) {
            throw fault("its atomic access at 0x" + Long.toHexString(address) + " is not aligned");
        }
        switch (step.atomic) {
            case LOAD_ACQUIRE -> {
                reads(address, step.bytes);
                r[step.src] = Memory.loadAcquire(address, step.bytes);
            }
            case STORE_RELEASE -> {
                writes(address, step.bytes);
                Memory.storeRelease(address, step.bytes, r[step.src]);
            }
            case CMPXCHG -> {
                writes(address, step.bytes);
                r[0] = compareExchange(address, step.bytes, r[0], r[step.src]);
            }
            case ADD, OR, AND, XOR, FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR, XCHG -> {
                writes(address, step.bytes);
                modify(step, address);
            }
        }
    }

    private void modify(Step step, long address) {
        AtomicOp op = step.atomic;
        while (true) {
            long old = Memory.loadAcquire(address, step.bytes);
            long fresh = op.combine(ConcreteAlgebra.INSTANCE, step.width, old, r[step.src]);
            if (compareExchange(address, step.bytes, old, fresh) == old) {
                if (op.fetches()) {
                    r[step.src] = old;
                }
                return;
            }
        }
    }

    /** What memory was, zero-extended. */
    private static long compareExchange(long address, int bytes, long expected, long fresh) {
        if (bytes == 8) {
            return Memory.compareAndExchangeLong(address, expected, fresh);
        }
        return Memory.compareAndExchangeInt(address, (int) expected, (int) fresh) & 0xffff_ffffL;
    }

    /** False if the bytes are not in the packet. */
    private boolean packetLoad(Step step) {
        long offset = step.value + (step.other == 0 ? 0 : (int) r[step.src]);
        long address = packetAddress((int) offset);
        if (address == 0 || address + step.bytes > workspace.dataEnd() || address < workspace.macHeader()) {
            return false;
        }
        r[0] = Long.reverseBytes(Memory.load(address, step.bytes)) >>> (64 - step.bytes * 8);
        // As a call: nobody may rely on what these hold.
        Arrays.fill(r, 1, 6, 0);
        return true;
    }

    /** Negative offsets count from the network header or the link header, in windows of a MiB. */
    private long packetAddress(int offset) {
        if (offset >= 0) {
            return workspace.data() + offset;
        }
        if (offset >= NETWORK) {
            return workspace.networkHeader() + (offset - NETWORK);
        }
        return offset >= LINK ? workspace.macHeader() + (offset - LINK) : 0;
    }

    // Control.

    private int staticTarget(Step site, int next) {
        for (Step one = site; one != null; one = one.otherwise) {
            if ((keys.value((int) one.other) == one.value) != one.inverse) {
                return one.target;
            }
        }
        return next;
    }

    private int indirectTarget(long address) {
        int slot = InstructionArrayMap.slotOf(address);
        if (slot < 0 || slot >= program.steps.length || program.steps[slot] == null) {
            throw fault("it jumps to 0x" + Long.toHexString(address) + ", which is no instruction");
        }
        return slot;
    }

    private int functionAt(long address) {
        int slot = InstructionArrayMap.slotOf(address);
        if (slot >= 0 && program.program().functionAt(slot).start() == slot) {
            return slot;
        }
        throw fault("it calls 0x" + Long.toHexString(address) + ", which is no function");
    }

    private void call(int target) {
        enter(target, pc + 1);
    }

    private void enter(int target, int back) {
        if (depth + 1 >= Workspace.FRAMES) {
            throw fault("its calls nest deeper than " + Workspace.FRAMES + " frames");
        }
        if (depth + 1 == returnTo.length) {
            grow(2 * returnTo.length);
        }
        returnTo[depth] = back;
        returnProgram[depth] = program;
        System.arraycopy(r, SAVED_FROM, saved, depth * SAVED, SAVED);
        depth++;
        turnsLeft[depth] = Limits.MOST_TURNS;
        r[FP] = workspace.framePointer(depth);
        pc = target;
    }

    private void grow(int frames) {
        returnTo = Arrays.copyOf(returnTo, frames);
        returnProgram = Arrays.copyOf(returnProgram, frames);
        saved = Arrays.copyOf(saved, frames * SAVED);
        turnsLeft = Arrays.copyOf(turnsLeft, frames);
    }

    private void leave() {
        depth--;
        System.arraycopy(saved, depth * SAVED, r, SAVED_FROM, SAVED);
        r[FP] = workspace.framePointer(depth);
        InterpretedProgram caller = returnProgram[depth];
        assert caller != null;
        program = caller;
        pc = returnTo[depth];
    }

    private void helper(Step step) {
        if (step.helper == HelperFunction.TAIL_CALL) {
            tailCall();
            return;
        }
        if (step.helper == HelperFunction.LOOP) {
            r[0] = countedLoop(r[1], r[2], r[3], r[4]);
        } else if (CallbackCalls.isOne(step.helper)) {
            r[0] = allTurns(step.helper);
        } else {
            r[0] = HelperCalls.call(step.helper, this, r[1], r[2], r[3], r[4], r[5]);
        }
        pc++;
    }

    private long allTurns(HelperFunction helper) {
        Turns turns = CallbackCalls.begin(helper, this, depth, r[1], r[3], r[4]);
        long function = r[2];
        long[] arguments = new long[Turns.ARGUMENTS];
        for (long previous = 0; turns.next(previous, arguments); ) {
            previous = callBack(functionAt(function), arguments);
        }
        return turns.result();
    }

    /** Goes to the first instruction of another program, in the present frame; goes on behind the call if it cannot. */
    private void tailCall() {
        BpfMap map = map(r[2]);
        if (!(map instanceof ProgramArrayMap array)) {
            throw fault("its tail call is through " + map);
        }
        Optional<?> target = array.target(r[3] & 0xffff_ffffL);
        if (tailCalls < Limits.MOST_TAIL_CALLS
                && target.isPresent()
                && target.get() instanceof InterpretedProgram next) {
            tailCalls++;
            program = next;
            turnsLeft[depth] = Limits.MOST_TURNS;
            pc = 0;
            return;
        }
        r[0] = -Errno.ENOENT;
        pc++;
    }

    private long countedLoop(long turns, long function, long context, long flags) {
        if (flags != 0) {
            return -Errno.EINVAL;
        }
        long most = turns & 0xffff_ffffL;
        if (most > Limits.MOST_TURNS) {
            return -Errno.E2BIG;
        }
        int callback = functionAt(function);
        long[] arguments = {0, context};
        for (long turn = 0; turn < most; turn++) {
            arguments[0] = turn;
            if (callBack(callback, arguments) != 0) {
                return turn + 1;
            }
        }
        return most;
    }

    private long callBack(int function, long[] arguments) {
        int here = pc;
        int base = depth + 1;
        enter(function, here);
        System.arraycopy(arguments, 0, r, 1, arguments.length);
        long result = loop(base);
        leave();
        pc = here;
        return result;
    }

    // What helpers see.

    @Override
    public final World world() {
        return program.machine().world();
    }

    @Override
    public final Workspace workspace() {
        return workspace;
    }

    @Override
    public final int slot() {
        return lease.slot();
    }

    @Override
    public final BpfMap map(long pointer) {
        BpfMap map = program.mapAt(pointer);
        if (map == null) {
            throw fault("it takes 0x" + Long.toHexString(pointer) + " for a map");
        }
        return map;
    }

    private RunFault fault(String what) {
        Insn insn = program.program().code().find(pc).orElse(new Insn.Exit());
        return new RunFault(Faults.broken(program.program(), pc, insn, what, r));
    }
}
