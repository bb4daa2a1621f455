package dev.turnout.ir.pass;

import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the body of a function in the place of its call.
 *
 * <pre>
 * function @f -&gt; i32 {                  function @f -&gt; i32 {
 * b0(v0: i32):                           b0(v0: i32):
 *     v1 = call i32 @g(v0)                   v1 = add i32 v0, v0
 *     return v1                              jump b1(v1)
 * }                               =&gt;     b1(v2: i32):
 * function @g -&gt; i32 {                      return v2
 * b0(v0: i32):                           }
 *     v1 = add i32 v0, v0
 *     return v1
 * }
 * </pre>
 *
 * <p>A function is inlined if it is small or called from one place only, unless its attribute says {@code never}; one that
 * says {@code always} is inlined whatever its size. A function that is gone from every place that referred to it leaves the
 * module. Never inlined are: recursive functions; functions with static branches, unless they have one single call (a patch
 * site is never copied); functions that tail-call, since that leaves their own frame and not the caller's, unless the caller gives back their result
 * and does nothing more; functions with
 * {@code may_goto}, whose budget is a call's own, unless they ask for it; and nothing is inlined into tests, which are run
 * and not emitted. Frames add up when functions are inlined, and BPF has 512 bytes for a chain of calls: past half of that no copy is
 * made. The frame of a function that is called from one place stood below its caller's anyway, so it is taken in unless the
 * chains that its caller begins otherwise would become too deep with it.
 *
 * <p>Callees come first, so that their sizes are final. Linear in the size of the result.
 */
public final class Inline {
    /** A function of so many instructions and terminators costs little more than its call. */
    private static final int SMALL = 24;

    private static final int LARGE = 1000;
    private static final int MOST_FRAME = 256;

    /** Of a chain, before registers are spilled and frames are rounded. */
    private static final int MOST_DEEP = 400;

    private final Map<String, Function> functions = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Set<String> otherwiseUsed = new HashSet<>();
    private final Set<String> done = new HashSet<>();
    private final Set<String> open = new HashSet<>();
    private final Map<String, Integer> below = new HashMap<>();

    private Inline(Module module) {
        for (Function function : module.functions()) {
            functions.put(function.name(), function);
        }
        module.functions().forEach(this::count);
        for (CallTable table : module.tables()) {
            otherwiseUsed.addAll(table.candidates());
        }
    }

    public static Module run(Module module) {
        Inline pass = new Inline(module);
        Map<String, Integer> before = new HashMap<>(pass.calls);
        if (before.isEmpty()) {
            return module;
        }
        module.functions().forEach(one -> pass.visit(one.name()));
        List<Function> left = new ArrayList<>(module.functions().size());
        for (Function function : module.functions()) {
            String name = function.name();
            boolean gone = before.containsKey(name)
                    && pass.calls.getOrDefault(name, 0) == 0
                    && !pass.otherwiseUsed.contains(name)
                    && function.kind() instanceof Function.Kind.Subprogram;
            if (!gone) {
                left.add(pass.functions.getOrDefault(name, function));
            }
        }
        return module.withFunctions(left);
    }

    private void count(Function function) {
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Call call) {
                    calls.merge(call.function(), 1, Integer::sum);
                } else if (inst.op() instanceof Operation.Address address && address.region() == Region.FUNCTION) {
                    otherwiseUsed.add(address.name());
                }
            }
        }
    }

    /** Callees first. Depth is that of the chain of calls. */
    private void visit(String name) {
        Function function = functions.get(name);
        if (function == null || !done.add(name)) {
            return;
        }
        open.add(name);
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Call call) {
                    visit(call.function());
                }
            }
        }
        if (!(function.kind() instanceof Function.Kind.Test)) {
            functions.put(name, inlined(function));
        }
        open.remove(name);
    }

    private Function inlined(Function caller) {
        Draft draft = new Draft(caller);
        boolean changed = false;
        int size = size(caller);
        int frame = frame(caller);
        // Blocks of inlined bodies are not looked at again: what they call was judged in their own function.
        for (Draft.DraftBlock first : List.copyOf(draft.order())) {
            Draft.@Nullable DraftBlock block = first;
            int from = 0;
            while (block != null) {
                int at = nextCall(block, from);
                if (at < 0) {
                    break;
                }
                Inst inst = block.insts.get(at);
                Operation.Call call = (Operation.Call) inst.op();
                Function callee = functions.get(call.function());
                if (callee == null || !wanted(callee, call, isReturned(block, at), caller, size, frame)) {
                    from = at + 1;
                    continue;
                }
                size += size(callee);
                frame += frame(callee);
                calls.merge(call.function(), -1, Integer::sum);
                if (calls.getOrDefault(call.function(), 0) > 0 || otherwiseUsed.contains(call.function())) {
                    count(callee);
                }
                block = splice(draft, block, at, call, callee);
                from = 0;
                changed = true;
            }
        }
        return changed ? draft.freeze() : caller;
    }

    private static int nextCall(Draft.DraftBlock block, int from) {
        for (int i = from; i < block.insts.size(); i++) {
            if (block.insts.get(i).op() instanceof Operation.Call) {
                return i;
            }
        }
        return -1;
    }

    /** Whether nothing is left to do behind a call but to give back its result. */
    private static boolean isReturned(Draft.DraftBlock block, int at) {
        Inst inst = block.insts.get(at);
        return at == block.insts.size() - 1
                && block.terminator instanceof Terminator.Return back
                && (back.values().isEmpty() || back.values().equals(List.of(inst.result())));
    }

    /**
     * @param returned whether the caller's caller gets the result as it is
     * @param size of the caller by now
     * @param frame of the caller by now
     */
    private boolean wanted(
            Function callee, Operation.Call call, boolean returned, Function caller, int size, int frame) {
        if (!(callee.kind() instanceof Function.Kind.Subprogram subprogram)
                || subprogram.inlining() == Function.Inlining.NEVER
                || open.contains(callee.name())) {
            return false;
        }
        boolean always = subprogram.inlining() == Function.Inlining.ALWAYS;
        boolean alone = calls.getOrDefault(callee.name(), 0) == 1 && !otherwiseUsed.contains(callee.name());
        for (Block block : callee.blocks()) {
            boolean mayBeMoved = switch (block.terminator()) {
                case Terminator.StaticBranch _, Terminator.StaticSwitch _ -> alone;
                case Terminator.TailCall _ -> returned;
                case Terminator.MayGoto _ -> always;
                case Terminator.Jump _,
                        Terminator.Branch _,
                        Terminator.Switch _,
                        Terminator.Checked _,
                        Terminator.Return _,
                        Terminator.Unreachable _ -> true;
            };
            if (!mayBeMoved || !retypes(block, callee, call)) {
                return false;
            }
        }
        int own = size(callee);
        int together = frame + frame(callee);
        return always
                || (own <= SMALL && together <= MOST_FRAME)
                || (alone
                        && own + size <= LARGE
                        && together + Math.max(below(callee), below(caller, callee.name())) <= MOST_DEEP);
    }

    /** Bytes of the deepest chain of frames below a function that is done. */
    private int below(Function function) {
        Integer known = below.get(function.name());
        if (known == null) {
            known = below(function, "");
            below.put(function.name(), known);
        }
        return known;
    }

    /** The same without the chains that begin with a call of {@code other}. */
    private int below(Function function, String other) {
        int deepest = 0;
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                Function callee = inst.op() instanceof Operation.Call call
                                && !call.function().equals(other)
                        ? functions.get(call.function())
                        : null;
                // A circle of calls is somebody else's error.
                if (callee != null && !open.contains(callee.name())) {
                    deepest = Math.max(deepest, frame(callee) + below(callee));
                }
            }
        }
        return deepest;
    }

    /** A choice between pointers keeps its two sides of one type only if the arguments have the parameters' types. */
    private static boolean retypes(Block block, Function callee, Operation.Call call) {
        boolean same = true;
        for (int i = 0; i < call.arguments().size(); i++) {
            same &= call.arguments()
                    .get(i)
                    .type()
                    .equals(callee.parameters().get(i).type());
        }
        return same
                || block.insts().stream()
                        .noneMatch(inst -> inst.op() instanceof Operation.Select
                                && inst.op().type() instanceof Type.Ptr);
    }

    private static int size(Function function) {
        int size = 0;
        for (Block block : function.blocks()) {
            size += 1 + block.insts().size();
            for (Inst inst : block.insts()) {
                // Constants are parts of other instructions.
                size -= inst.op() instanceof Operation.Const ? 1 : 0;
            }
        }
        return size;
    }

    private static int frame(Function function) {
        int bytes = 0;
        for (Inst inst : function.entry().insts()) {
            bytes += inst.op() instanceof Operation.Slot slot ? (slot.size() + 7) & -8 : 0;
        }
        return bytes;
    }

    /** Splits the block at the call and puts the body between; gives the block that goes on behind the call. */
    private static Draft.DraftBlock splice(
            Draft draft, Draft.DraftBlock block, int at, Operation.Call call, Function callee) {
        Inst inst = block.insts.get(at);
        Draft.DraftBlock rest = draft.insert(block, block.at);
        rest.insts = new ArrayList<>(block.insts.subList(at + 1, block.insts.size()));
        rest.terminator = block.terminator;
        if (!(call.type() instanceof Type.Void)) {
            // The same value, defined by the block's parameter from now on.
            rest.parameters.add(inst.result());
        }
        block.insts = new ArrayList<>(block.insts.subList(0, at));
        new Body(draft, callee, rest.label()).copy(block, call.arguments());
        return rest;
    }

    /** A copy of a function's body in another one. */
    private static final class Body {
        private final Draft draft;
        private final Function callee;
        private final Label behind;
        private final @Nullable Value[] values;
        private final Draft.@Nullable DraftBlock[] blocks;

        Body(Draft draft, Function callee, Label behind) {
            this.draft = draft;
            this.callee = callee;
            this.behind = behind;
            values = new Value[callee.valueCount()];
            blocks = new Draft.DraftBlock[callee.blocks().size()];
        }

        void copy(Draft.DraftBlock entry, List<Value> arguments) {
            for (int i = 0; i < arguments.size(); i++) {
                values[callee.parameters().get(i).index()] = arguments.get(i);
            }
            int[] order = ControlFlowGraph.of(callee).order();
            boolean[] reachable = new boolean[blocks.length];
            for (int number : order) {
                reachable[number] = true;
            }
            Draft.DraftBlock last = entry;
            for (Block block : callee.blocks()) {
                int number = block.label().index();
                if (number == 0) {
                    blocks[number] = entry;
                } else if (reachable[number]) {
                    last = draft.insert(last, block.at());
                    blocks[number] = last;
                    for (Value parameter : block.parameters()) {
                        Value own = draft.fresh(parameter.type());
                        values[parameter.index()] = own;
                        last.parameters.add(own);
                    }
                }
            }
            // Definitions before uses, so that a result has the type that its operands give it here.
            for (int number : order) {
                fill(callee.blocks().get(number), copyOf(number));
            }
        }

        private void fill(Block block, Draft.DraftBlock to) {
            for (Inst inst : block.insts()) {
                Inst own = draft.inst(inst.op().map(this::value), inst.at());
                values[inst.result().index()] = own.result();
                if (own.op() instanceof Operation.Slot) {
                    draft.block(0).insts.addFirst(own);
                } else {
                    to.insts.add(own);
                }
            }
            to.at = block.at();
            to.terminator = block.terminator() instanceof Terminator.Return leave
                    ? new Terminator.Jump(new Target(
                            behind, leave.values().stream().map(this::value).toList()))
                    : block.terminator()
                            .map(
                                    this::value,
                                    target -> new Target(
                                            copyOf(target.block().index()).label(),
                                            target.arguments().stream()
                                                    .map(this::value)
                                                    .toList()));
        }

        private Draft.DraftBlock copyOf(int number) {
            Draft.DraftBlock found = blocks[number];
            if (found == null) {
                throw new IllegalStateException("b" + number + " of @" + callee.name() + " was not copied");
            }
            return found;
        }

        private Value value(Value old) {
            Value found = values[old.index()];
            if (found == null) {
                throw new IllegalStateException(old + " of @" + callee.name() + " was not copied");
            }
            return found;
        }
    }
}
