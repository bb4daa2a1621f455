package dev.turnout.bpf.lower;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.stdlib.target.TargetProfile.Feature;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fits the functions of a module to a target: keys, then constants to choose from, then loops, then the other switches. */
public final class TargetLowering {
    private final Module module;
    private final TargetProfile target;
    private final boolean strict;
    private final boolean callbacks;
    private final Listener listener;
    /** Found when the first function is lowered. */
    private Held.@Nullable Takers takers;

    /** Whether anything of the module is called back; found when first asked. */
    private @Nullable Boolean calledBack;

    /** Is told what constructs become. */
    public interface Listener {
        /** A construct took a form; see the rows of {@code --explain}. */
        void became(String function, Location at, String construct, String form, String reason);

        /** A demand cannot be met. */
        void refused(Location at, DiagnosticCode code, String message, String note, String help);
    }

    /**
     * Lowers the functions of a module.
     *
     * @param callbacks whether loops may become callbacks, where the target has no better form
     */
    public TargetLowering(Module module, TargetProfile target, boolean strict, boolean callbacks, Listener listener) {
        this.callbacks = callbacks;
        this.module = module;
        this.target = target;
        this.strict = strict;
        this.listener = listener;
    }

    /**
     * A module whose calls the target has: calls through values become choices between calls by name where it has no others.
     *
     * @param functions those of the module that become code
     * @param tables the tables of functions that code reads
     */
    public static Module calls(
            Module module,
            List<Function> functions,
            List<CallTable> tables,
            TargetProfile target,
            boolean strict,
            Listener listener) {
        return LowerCalls.run(module, functions, tables, target, strict, listener);
    }

    /** The bytes that stand for static keys, if the target patches no code; else none. */
    public List<Global> keyBytes() {
        List<Global> bytes = new ArrayList<>();
        if (!target.has(Feature.STATIC_BRANCH)) {
            for (Key key : module.keys()) {
                bytes.add(LowerKeys.variable(key));
            }
        }
        return bytes;
    }

    private Held.Takers takers() {
        Held.Takers known = takers;
        if (known == null) {
            known = Held.Takers.of(module);
            takers = known;
        }
        return known;
    }

    /** The function in constructs that the target has. */
    public Lowered lower(Function function) {
        TailCalls.report(function, module, listener);
        KeptCalls.report(function, module, listener);
        Function now = LowerKeys.run(function, module, target, strict, listener);
        now = target.has(Feature.WIDE_MAP_RESULTS) ? now : ExtendResults.run(now);
        Lowered values = ValueTables.run(now, listener);
        now = BoundDivisions.run(values.function(), takers(), target);
        now = inLoops() ? ConvergeLoops.run(now, takers(), target, listener) : now;
        now = RecheckPackets.run(target.has(Feature.MAY_GOTO) ? HideCells.run(now) : now, takers(), target);
        now = believes() ? OutlineLoops.hideLoads(now) : now;
        List<Function> all = target.has(Feature.MAY_GOTO) ? List.of(now) : OutlineLoops.run(now, takers());
        List<Function> done = new ArrayList<>(all.size());
        for (Function one : all) {
            done.add(LowerSwitches.run(HideStates.run(one, target), target, strict, listener));
        }
        return new Lowered(done.getFirst(), values.tables(), done.subList(1, done.size()));
    }

    private boolean inLoops() {
        return callbacks || target.has(Feature.MAY_GOTO);
    }

    /** Whether the verifier believes what callbacks may change: where it does not walk a loop of calls as a loop. */
    private boolean believes() {
        if (target.has(Feature.MAY_GOTO)) {
            return false;
        }
        Boolean known = calledBack;
        if (known == null) {
            known = module.functions().stream().anyMatch(this::callsBack);
            calledBack = known;
        }
        return known;
    }

    private boolean callsBack(Function function) {
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.CallHelper call
                        && call.helper().equals(HelperFunction.FOR_EACH_MAP_ELEM.word())) {
                    return true;
                }
            }
        }
        return callbacks && ConvergeLoops.makesAny(function, takers(), target);
    }
}
