package dev.turnout.tests.differential;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.interpreter.Moment;
import dev.turnout.runtime.interpreter.Watcher;
import dev.turnout.runtime.map.InstructionArrayMap;
import dev.turnout.verifier.Invariants;
import dev.turnout.verifier.VerifiedProgram;
import dev.turnout.verifier.domain.Known;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a machine with the invariants of the programs that it runs, which must be as they were verified, slot by slot. For one
 * thread, and one run after the other.
 */
final class Claims implements Watcher {
    private static final int NO_FRAME = -1;

    private final IdentityHashMap<BpfProgram, VerifiedProgram> proofs = new IdentityHashMap<>();
    /** By depth: the depth of the frame in which the program there began, which is another one behind a tail call. */
    private int[] mains = new int[8];

    private @Nullable BpfProgram program;
    private int slot;
    private int depth = NO_FRAME;
    private long checks;

    /** The program is one of those that run, and held to the proof, which is of the same instructions in the same slots. */
    void add(BpfProgram runs, VerifiedProgram proof) {
        proofs.put(runs, proof);
    }

    /** Registers that were compared with a claim about them. */
    long checks() {
        return checks;
    }

    @Override
    public void begins() {
        depth = NO_FRAME;
        program = null;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // A program is what was loaded, and its record is large.
    public void before(Moment moment) {
        VerifiedProgram proof = proofs.get(moment.program());
        if (proof == null) {
            throw new IllegalStateException(moment.program().name() + " was not added");
        }
        enter(moment);
        Invariants claims = proof.invariants();
        if (!claims.reachable(moment.slot())) {
            throw broken(moment, "is reached, the invariants say never");
        }
        if (program == moment.program() && depth == moment.depth()) {
            came(moment, claims);
        }
        for (int number = 0; number < Reg.R10.number(); number++) {
            Reg reg = Reg.of(number);
            Known known = claims.before(moment.slot(), reg).orElseThrow();
            if (!holds(moment, known, moment.register(reg))) {
                throw broken(moment, value(reg, moment) + ", the invariants say " + known);
            }
        }
        access(moment, claims);
        program = moment.program();
        slot = moment.slot();
        depth = moment.depth();
    }

    /** Keeps account of where the frames of the present program begin. */
    private void enter(Moment moment) {
        int now = moment.depth();
        if (now >= mains.length) {
            mains = Arrays.copyOf(mains, 2 * now);
        }
        if (depth == NO_FRAME) {
            mains[now] = now;
        } else if (now > depth) {
            mains[now] = mains[depth];
        } else if (now == depth
                && moment.slot() == 0
                && program != null
                && program.code().at(slot) instanceof Insn.CallHelper) {
            mains[now] = now;
        }
    }

    /** Whether the way from the last instruction to this one is one of the ways on, and a load left what it should. */
    private void came(Moment moment, Invariants claims) {
        Insn last = moment.program().code().at(slot);
        if (last instanceof Insn.JumpIf jump) {
            int target = slot + 1 + jump.distance();
            boolean jumped = moment.slot() == target && claims.ways().mayJump(slot);
            boolean wentOn = moment.slot() == slot + 1 && claims.ways().mayGoOn(slot);
            if (!jumped && !wentOn) {
                throw broken(moment, "is reached from " + slot + ", the invariants say that it goes the other way");
            }
        } else if (last instanceof Insn.JumpIndirect
                && !claims.ways().targets(slot).contains(moment.slot())) {
            throw broken(moment, "is reached from " + slot + ", the invariants know another target");
        } else if (last instanceof Insn.Load load) {
            Optional<Known> known = claims.loaded(slot);
            if (known.isPresent() && !holds(moment, known.get(), moment.register(load.dst()))) {
                throw broken(moment, value(load.dst(), moment) + ", was loaded as " + known.get());
            }
        }
    }

    private static String value(Reg reg, Moment moment) {
        long value = moment.register(reg);
        return reg + " is " + value + " (0x" + Long.toHexString(value) + ")";
    }

    private static BrokenClaim broken(Moment moment, String what) {
        return new BrokenClaim("slot " + moment.slot() + " of "
                + moment.program().name() + " at depth " + moment.depth() + ": " + what);
    }

    private boolean holds(Moment moment, Known known, long value) {
        checks++;
        return switch (known) {
            case Known.Unreadable _ -> {
                checks--;
                yield true;
            }
            case Known.Number(Num num) -> num.contains(value);
            case Known.Target(List<Integer> slots) -> slots.contains(InstructionArrayMap.slotOf(value));
            case Known.Function(List<Integer> starts, boolean nullable) ->
                (nullable && value == 0) || starts.contains(InstructionArrayMap.slotOf(value));
            case Known.Address(Region region, Num offset, boolean nullable) ->
                (nullable && value == 0) || pointsInto(moment, region, offset, value);
        };
    }

    private boolean pointsInto(Moment moment, Region region, Num offset, long value) {
        return switch (region) {
            case Region.Context _, Region.Memory _ ->
                offset.contains(value - moment.workspace().context());
            case Region.Stack(int frame) -> offset.contains(value - framePointer(moment, frame));
            case Region.Packet _ -> offset.contains(value - moment.workspace().data());
            case Region.PacketMeta _ ->
                offset.contains(value - moment.workspace().dataMeta());
            case Region.PacketEnd _ ->
                offset.contains(value - moment.workspace().dataEnd());
            case Region.MapReference(int map) -> value == moment.maps().get(map).address() && offset.contains(0);
            case Region.MapValue mapValue -> pointsIntoValue(moment, mapValue, offset, value);
            case Region.OneOfMapValues(List<Region.MapValue> each) ->
                each.stream().anyMatch(one -> pointsIntoValue(moment, one, offset, value));
            case Region.InsnTable table ->
                offset.contains(value - moment.maps().get(table.map()).direct());
            case Region.FunctionTables(List<Region.FunctionTable> each) ->
                each.stream()
                        .anyMatch(table -> offset.contains(
                                value - moment.maps().get(table.map()).direct()));
            case Region.Socket _, Region.HelperMemory _, Region.Buffer _, Region.FlowKeys _ -> {
                // Where these begin is for the context or a helper to say, run by run.
                checks--;
                yield true;
            }
            case Region.DynptrReference _, Region.Arena _, Region.KernelObject _, Region.Allocated _ -> unknown(region);
        };
    }

    private static boolean unknown(Region region) {
        throw new IllegalStateException("our machine has no " + region.words());
    }

    private long framePointer(Moment moment, int frame) {
        return moment.workspace().framePointer(mains[moment.depth()] + frame);
    }

    /** Where the value begins is known of a map with one value; of others if the offset is a constant. */
    private static boolean pointsIntoValue(Moment moment, Region.MapValue value, Num offset, long pointer) {
        var map = moment.maps().get(value.map());
        if (value.only()) {
            return offset.contains(pointer - map.direct());
        }
        return !offset.isConstant() || map.inValue(pointer - offset.constant(), value.bytes());
    }

    // Accesses. The interpreter asks whether the bytes are the program's at all; here they must be those of the proof.

    private void access(Moment moment, Invariants claims) {
        switch (moment.program().code().at(moment.slot())) {
            case Insn.Load load ->
                access(moment, claims, load.base(), load.offset(), load.size().bytes());
            case Insn.Store store ->
                access(
                        moment,
                        claims,
                        store.base(),
                        store.offset(),
                        store.size().bytes());
            case Insn.Atomic atomic ->
                access(
                        moment,
                        claims,
                        atomic.base(),
                        atomic.offset(),
                        atomic.size().bytes());
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _, Insn.PacketLoad _ -> {}
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> {}
            case Insn.CallHelper _, Insn.CallLocal _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
    }

    private void access(Moment moment, Invariants claims, Reg base, int offset, int bytes) {
        Optional<Known> known = claims.before(moment.slot(), base);
        if (known.isEmpty() || !(known.get() instanceof Known.Address address)) {
            return;
        }
        long at = moment.register(base) + offset;
        if (address.nullable()) {
            throw broken(moment, "accesses memory through " + base + ", which may be null");
        }
        if (!lies(moment, address.region(), at, bytes)) {
            throw broken(
                    moment,
                    "accesses " + bytes + " bytes at 0x" + Long.toHexString(at) + ", out of "
                            + address.region().words());
        }
    }

    private boolean lies(Moment moment, Region region, long at, int bytes) {
        return switch (region) {
            case Region.Context _, Region.Memory _ -> {
                long start = moment.workspace().context();
                yield within(at, bytes, start, start + moment.workspace().contextSize());
            }
            case Region.Stack(int frame) ->
                within(at, bytes, framePointer(moment, frame + 1), framePointer(moment, frame));
            case Region.Packet _ ->
                within(at, bytes, moment.workspace().data(), moment.workspace().dataEnd());
            case Region.PacketMeta _ ->
                within(
                        at,
                        bytes,
                        moment.workspace().dataMeta(),
                        moment.workspace().data());
            case Region.MapValue value -> moment.maps().get(value.map()).inValue(at, bytes);
            case Region.OneOfMapValues(List<Region.MapValue> each) ->
                each.stream().anyMatch(one -> moment.maps().get(one.map()).inValue(at, bytes));
            case Region.InsnTable table -> moment.maps().get(table.map()).inValue(at, bytes);
            case Region.FunctionTables(List<Region.FunctionTable> each) ->
                each.stream().anyMatch(table -> moment.maps().get(table.map()).inValue(at, bytes));
            case Region.PacketEnd _, Region.MapReference _ -> false;
            case Region.Socket _, Region.HelperMemory _, Region.Buffer _, Region.FlowKeys _ -> {
                // Where these begin is for the context or a helper to say, run by run.
                checks--;
                yield true;
            }
            case Region.DynptrReference _, Region.Arena _, Region.KernelObject _, Region.Allocated _ -> unknown(region);
        };
    }

    private static boolean within(long at, int bytes, long start, long end) {
        return at >= start && at <= end - bytes;
    }
}
