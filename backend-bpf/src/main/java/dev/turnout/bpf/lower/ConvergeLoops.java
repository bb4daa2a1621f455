package dev.turnout.bpf.lower;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.analysis.AddressInputs;
import dev.turnout.ir.analysis.ControlFlowGraph;
import dev.turnout.ir.analysis.Definitions;
import dev.turnout.ir.analysis.DominatorTree;
import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.analysis.LoopForest;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Effect;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.stdlib.target.TargetProfile.Feature;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loops in the form in which Linux's verifier stops after two or three rounds, whatever their number. It walks a plain loop
 * round by round, and a loop whose body branches it walks along every way through every round; at a {@code may_goto} it
 * compares states by inclusion, and stops when the state fits into one that it has seen. It does fit if every number that
 * the loop carries starts as one that the verifier does not know.
 *
 * <pre>
 * before: jump head(0)                          after: z = opaque 0; jump head(z)
 *         head(i): branch i &lt; 9 ? body : out          head(i): branch i &lt; 9 ? check : out
 *         body: … jump head(i + 1)                     check: may_goto body else spent
 * </pre>
 *
 * The way out of {@code may_goto} is taken only when the kernel's budget of rounds is spent, which bounded loops never do;
 * see {@link Draft#failing}. The test that bounds the counter stays in front, so that what the body relies on is said afresh in each
 * round. Measured on Linux 6.12 to 7.2.
 */
final class ConvergeLoops {
    private final Function function;
    private final Draft draft;
    private final TargetLowering.Listener listener;
    private final ControlFlowGraph graph;
    private final LoopForest loops;
    private final Set<Value> places;
    private final Set<Value> reduced;
    private final IntervalAnalysis intervals;
    private final Definitions definitions;
    private final Held held;

    /** Whether loops stay where they are; else they become callbacks, see {@link OutlineLoops}. */
    private final boolean inPlace;

    /** Headers that say their bounds in every round. */
    private final BitSet said;

    /** Bounds that are said in front of a loop only, by its header. */
    private final Map<Integer, List<Bound>> entered = new HashMap<>();

    private final List<Change> changes = new ArrayList<>();

    private ConvergeLoops(
            Function function, Held.Takers takers, boolean inPlace, TargetLowering.Listener listener, BitSet said) {
        this.inPlace = inPlace;
        this.function = function;
        this.draft = new Draft(function);
        this.listener = listener;
        this.graph = ControlFlowGraph.of(function);
        this.loops = LoopForest.of(graph, DominatorTree.of(graph));
        this.places = AddressInputs.of(function);
        this.reduced = AddressInputs.reduced(function);
        this.intervals = IntervalAnalysis.of(function);
        this.definitions = Definitions.of(function);
        this.held = Held.of(function, takers);
        this.said = said;
    }

    static Function run(Function function, Held.Takers takers, TargetProfile target, TargetLowering.Listener listener) {
        if (target == TargetProfile.VM || !(target.has(Feature.MAY_GOTO) || target.has(Feature.BPF_LOOP))) {
            return function;
        }
        if (!hasLoop(function)) {
            return function;
        }
        BitSet said = new BitSet();
        if (!target.has(Feature.LIVE_STATES)) {
            // Measured: Linux 6.12 loses what a test at the end of a round said.
            said.set(0, function.blocks().size());
        }
        while (true) {
            ConvergeLoops pass = new ConvergeLoops(function, takers, target.has(Feature.MAY_GOTO), listener, said);
            Function converged = pass.all();
            BitSet lost = pass.lost(converged);
            if (lost.isEmpty()) {
                pass.changes.forEach(Change::report);
                return converged;
            }
            said.or(lost);
        }
    }

    /** Whether a loop of the function becomes a callback. */
    static boolean makesAny(Function function, Held.Takers takers, TargetProfile target) {
        boolean[] made = new boolean[1];
        run(function, takers, target, new TargetLowering.Listener() {
            @Override
            public void became(String name, Location at, String construct, String form, String reason) {
                made[0] = true;
            }

            @Override
            public void refused(Location at, DiagnosticCode code, String message, String note, String help) {}
        });
        return made[0];
    }

    private Function all() {
        if (!inPlace) {
            LoopCost cost = new LoopCost(function, loops.loops(), this::rounds);
            for (int i = 0; i < loops.loops().size(); i++) {
                LoopForest.Loop loop = loops.loops().get(i);
                String why = cost.reason(i);
                if (!why.isEmpty()
                        && OutlineLoops.obstacle(function, loop, held).isEmpty()) {
                    converge(loop, why, true);
                }
            }
            return draft.build();
        }
        boolean[] converging = new boolean[loops.loops().size()];
        for (int i = 0; i < converging.length; i++) {
            LoopForest.Loop loop = loops.loops().get(i);
            String why = reason(loop);
            if (why.isEmpty() && loop.parent() >= 0 && converging[loop.parent()] && startsUnknown(loop)) {
                why = "it starts from a number of the loop around it";
            }
            if (!why.isEmpty()) {
                converging[i] = true;
                converge(loop, why, said.get(loop.header()));
            }
        }
        for (LoopForest.Loop loop : SeveralEntries.of(graph, loops)) {
            converge(loop, "it is entered in several places", true);
        }
        return draft.build();
    }

    /** Headers where what the loop was entered with does not hold in every round by what the code itself says. */
    private BitSet lost(Function converged) {
        BitSet lost = new BitSet();
        if (entered.isEmpty()) {
            return lost;
        }
        PlainRanges shown = PlainRanges.of(converged);
        entered.forEach((header, bounds) -> {
            for (Bound bound : bounds) {
                Interval now =
                        shown.at(function.blocks().get(header).parameters().get(bound.parameter), new Label(header));
                if (!now.isEmpty() && !bound.holds(now)) {
                    lost.set(header);
                }
            }
        });
        return lost;
    }

    private static boolean hasLoop(Function function) {
        for (Block block : function.blocks()) {
            for (Target target : block.terminator().targets()) {
                if (target.block().index() <= block.label().index()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether some number that the loop carries does not start as a constant. */
    private boolean startsUnknown(LoopForest.Loop loop) {
        Label header = new Label(loop.header());
        for (int from : graph.predecessors(loop.header())) {
            if (loop.latches().contains(from)) {
                continue;
            }
            for (Target target : function.blocks().get(from).terminator().targets()) {
                if (target.block().equals(header)
                        && !target.arguments().stream().allMatch(this::isConstant)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Why the plain form would not do; empty if it would. */
    private String reason(LoopForest.Loop loop) {
        int ways = 0;
        for (int at : loop.blocks()) {
            Terminator end = function.blocks().get(at).terminator();
            if (end instanceof Terminator.MayGoto) {
                return ""; // somebody has made it converge
            }
            int inside = 0;
            for (Target to : end.targets()) {
                inside += loop.blocks().contains(to.block().index()) ? 1 : 0;
            }
            if (end instanceof Terminator.Switch && inside > 4) {
                return "a switch inside";
            }
            // Ways through a function that is called are ways through the round.
            boolean calls =
                    function.blocks().get(at).insts().stream().anyMatch(inst -> inst.op() instanceof Operation.Call);
            ways += Math.max(0, inside - 1) + (calls ? 1 : 0);
        }
        if (ways > 0) {
            return "its body branches";
        }
        return countedBy(loop) ? "" : "the number of rounds is not constant";
    }

    /** Whether a test compares a number that the loop counts from a constant on with a constant: the rounds are known then. */
    private boolean countedBy(LoopForest.Loop loop) {
        for (int at : loop.blocks()) {
            Block block = function.blocks().get(at);
            if (!(block.terminator() instanceof Terminator.Branch branch) || !leaves(loop, branch)) {
                continue;
            }
            for (Inst inst : block.insts()) {
                if (inst.result().equals(branch.condition())
                        && inst.op() instanceof Operation.Compare compare
                        && isConstant(compare.b())
                        && startsConstant(loop, compare.a())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** At most so many rounds by a test that compares a number that starts constant with a constant; -1 if there is none. */
    private long rounds(LoopForest.Loop loop) {
        long least = -1;
        for (int at : loop.blocks()) {
            Block block = function.blocks().get(at);
            if (block.terminator() instanceof Terminator.Branch branch
                    && leaves(loop, branch)
                    && definition(branch.condition()) instanceof Operation.Compare compare
                    && definition(compare.b()) instanceof Operation.Const limit
                    && startsConstant(loop, compare.a())) {
                long most = Math.max(Math.abs(limit.type().signed(limit.value())), mostStart(loop));
                least = least < 0 ? most : Math.min(least, most);
            }
        }
        return least;
    }

    /** The largest constant that the loop starts with: a counter may go down. */
    private long mostStart(LoopForest.Loop loop) {
        long most = 0;
        for (int from : graph.predecessors(loop.header())) {
            for (Target target : function.blocks().get(from).terminator().targets()) {
                if (target.block().index() == loop.header() && !loop.latches().contains(from)) {
                    for (Value start : target.arguments()) {
                        if (definition(start) instanceof Operation.Const constant && constant.value() < 1 << 24) {
                            most = Math.max(most, constant.value());
                        }
                    }
                }
            }
        }
        return most;
    }

    /** Whether a value is a parameter of the header, or some steps from it, that is a constant in the first round. */
    private boolean startsConstant(LoopForest.Loop loop, Value value) {
        int parameter = -1;
        Value at = value;
        List<Value> parameters = function.blocks().get(loop.header()).parameters();
        while (parameter < 0) {
            parameter = parameters.indexOf(at);
            Operation op = definition(at);
            if (op instanceof Operation.Binary step && isConstant(step.b())) {
                at = step.a();
            } else if (op instanceof Operation.Convert convert) {
                at = convert.a();
            } else if (parameter < 0) {
                return false;
            }
        }
        Label header = new Label(loop.header());
        for (int from : graph.predecessors(loop.header())) {
            for (Target target : function.blocks().get(from).terminator().targets()) {
                if (target.block().equals(header)
                        && !loop.latches().contains(from)
                        && !isConstant(target.arguments().get(parameter))) {
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable Operation definition(Value value) {
        return definitions.op(value);
    }

    private boolean leaves(LoopForest.Loop loop, Terminator end) {
        for (Target to : end.targets()) {
            if (!loop.blocks().contains(to.block().index())) {
                return true;
            }
        }
        return false;
    }

    private boolean isConstant(Value value) {
        return definition(value) instanceof Operation.Const;
    }

    private void converge(LoopForest.Loop loop, String why, boolean everyRound) {
        Block header = draft.block(loop.header());
        if (held.at(loop.header()).keySet().stream().anyMatch(header.parameters()::contains)) {
            // What is held changes from round to round, and no way out could name it.
            return;
        }
        if (inPlace) {
            hideStarts(loop, header);
        }
        loop.latches().forEach(latch -> order(latch, header(loop)));
        header = draft.block(loop.header());
        Target inside = insideOf(loop, header);
        List<Bound> bounds = bounds(loop, header, inside != null);
        if (inside != null) {
            Label check = draft.add(
                    List.of(),
                    List.of(),
                    new Terminator.MayGoto(inside, Target.to(draft.failing(held.at(loop.header())))),
                    header.at());
            Terminator end = draft.block(loop.header()).terminator();
            draft.setTerminator(
                    loop.header(),
                    end.map(value -> value, target -> target.equals(inside) ? Target.to(check) : target));
        }
        boolean forgets = inPlace && loop.latches().size() > 1;
        if (!everyRound && !forgets && !bounds.isEmpty()) {
            gate(loop, header, bounds, held.at(loop.header()));
            entered.put(loop.header(), bounds);
            bounds = List.of();
        }
        if (inside == null || forgets || !bounds.isEmpty()) {
            front(
                    header,
                    bounds,
                    inside == null,
                    forgets ? changing(loop, header) : new BitSet(),
                    held.at(loop.header()));
        }
        changes.add(new Change(header.at(), why));
    }

    private final class Change {
        private final Location at;
        private final String why;

        Change(Location at, String why) {
            this.at = at;
            this.why = why;
        }

        void report() {
            listener.became(
                    function.name(),
                    at,
                    "loop",
                    inPlace
                            ? "converging: unknown starts, may_goto"
                            : "bpf_loop: a callback with its state in the frame",
                    why + ", so that the kernel's verifier would walk it way by way");
        }
    }

    /**
     * Between which numbers a parameter of a header lies: true by what came before, but lost to a verifier that no longer
     * knows where the parameter started.
     *
     * @param parameter position
     */
    private record Bound(int parameter, CompareOp beyond, long limit) {
        boolean holds(Interval now) {
            return beyond == CompareOp.UGT
                    ? Long.compareUnsigned(now.high(), limit) <= 0
                    : Long.compareUnsigned(now.low(), limit) >= 0;
        }
    }

    /** What must be said afresh in each round: of parameters that places in memory depend on. Upper bounds first. */
    private List<Bound> bounds(LoopForest.Loop loop, Block header, boolean tested) {
        List<Bound> bounds = new ArrayList<>();
        for (CompareOp beyond : List.of(CompareOp.UGT, CompareOp.ULT)) {
            for (int i = 0; i < header.parameters().size(); i++) {
                Value parameter = header.parameters().get(i);
                if (!(parameter.type() instanceof Type.Int type)
                        || !places.contains(parameter)
                        || (tested && testedBy(header, parameter))) {
                    continue;
                }
                Interval known = intervals.at(parameter, new Label(loop.header()));
                if (known.isEmpty()) {
                    continue;
                }
                if (beyond == CompareOp.UGT && known.high() != type.mask()) {
                    bounds.add(new Bound(i, beyond, known.high()));
                }
                // A number that only grows makes the verifier sure of this test, and what it relies on is not
                // forgotten.
                if (beyond == CompareOp.ULT && known.low() != 0 && reduced.contains(parameter)) {
                    bounds.add(new Bound(i, beyond, known.low()));
                }
            }
        }
        return bounds;
    }

    /** Whether the header's own test bounds the parameter by a constant. */
    private boolean testedBy(Block header, Value parameter) {
        for (Inst inst : header.insts()) {
            if (inst.op() instanceof Operation.Compare compare
                    && compare.op() == CompareOp.ULT
                    && compare.a().equals(parameter)
                    && isConstant(compare.b())) {
                return true;
            }
        }
        return false;
    }

    /** The way into the body, if the header does nothing but decide between it and the way out. */
    private @Nullable Target insideOf(LoopForest.Loop loop, Block header) {
        if (!(header.terminator() instanceof Terminator.Branch branch) || !leaves(loop, branch)) {
            return null;
        }
        for (Inst inst : header.insts()) {
            if (inst.op().effect() != Effect.PURE) {
                return null;
            }
        }
        return loop.blocks().contains(branch.then().block().index()) ? branch.then() : branch.otherwise();
    }

    private static Label header(LoopForest.Loop loop) {
        return new Label(loop.header());
    }

    /** A loop that goes on while a number is not at the end of its range goes on while it is above, or below, that end. */
    private void order(int latch, Label header) {
        Block block = draft.block(latch);
        if (!(block.terminator() instanceof Terminator.Branch branch)
                || !(definition(branch.condition()) instanceof Operation.Compare compare)
                || !(definition(compare.b()) instanceof Operation.Const end)
                || !(compare.a().type() instanceof Type.Int)) {
            return;
        }
        boolean goesOn = (compare.op() == CompareOp.NE && branch.then().block().equals(header))
                || (compare.op() == CompareOp.EQ && branch.otherwise().block().equals(header));
        Interval known = intervals.at(compare.a(), block.label());
        if (!goesOn || known.isEmpty() || (known.low() != end.value() && known.high() != end.value())) {
            return;
        }
        List<Inst> insts = new ArrayList<>(block.insts());
        CompareOp op = known.low() == end.value() ? CompareOp.UGT : CompareOp.ULT;
        Value beyond = draft.emit(insts, new Operation.Compare(op, compare.a(), compare.b()), block.at());
        boolean then = compare.op() == CompareOp.NE;
        draft.set(
                latch,
                insts,
                then
                        ? new Terminator.Branch(beyond, branch.then(), branch.otherwise(), branch.hint())
                        : new Terminator.Branch(beyond, branch.otherwise(), branch.then(), Terminator.Hint.NONE));
    }

    /**
     * Says the bounds where the loop is entered, and nowhere else: the loop's own tests say them again for the next round.
     * So they cost nothing in it.
     */
    private void gate(LoopForest.Loop loop, Block header, List<Bound> bounds, Map<Value, Held.Release> given) {
        Label out = draft.failing(given);
        List<Value> parameters = likeThoseOf(header);
        int last = draft.size();
        Label label = tests(header, true, parameters, bounds, new Target(header.label(), parameters), out);
        for (int i = 0; i < last; i++) {
            if (!loop.latches().contains(i)) {
                lead(i, header.label(), label);
            }
        }
    }

    /** Puts blocks in front of the header, which all that led to the header now leads to: bounds, then the checkpoint. */
    private void front(
            Block header, List<Bound> bounds, boolean checkpoint, BitSet forgotten, Map<Value, Held.Release> given) {
        Label out = draft.failing(given);
        List<Value> parameters = likeThoseOf(header);
        int last = draft.size();
        Target next = new Target(header.label(), parameters);
        boolean first = bounds.isEmpty() && forgotten.isEmpty();
        if (checkpoint) {
            next = Target.to(draft.add(
                    first ? parameters : List.of(),
                    List.of(),
                    new Terminator.MayGoto(next, Target.to(out)),
                    header.at()));
        }
        Label label =
                bounds.isEmpty() ? next.block() : tests(header, forgotten.isEmpty(), parameters, bounds, next, out);
        if (!forgotten.isEmpty()) {
            label = forget(header, parameters, forgotten, bounds.isEmpty() ? next : Target.to(label));
        }
        for (int i = 0; i < last; i++) {
            lead(i, header.label(), label);
        }
    }

    /**
     * A block in front of a loop that is led back to from several places. On each way a number has grown by something else, or is a copy of
     * another one on this way only; and what is known of it on the way that was walked first would not fit the others. Here it is
     * mixed with a zero that the verifier does not know, and is the same to it whatever way it came.
     *
     * @param values what the loop is entered with, each defined here
     */
    private Label forget(Block header, List<Value> values, BitSet forgotten, Target next) {
        List<Value> parameters = new ArrayList<>();
        List<Inst> insts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            if (forgotten.get(i) && value.type() instanceof Type.Int type) {
                Value before = draft.fresh(type);
                Operation hidden = draft.hidden(insts, before, header.at());
                insts.add(new Inst(value, hidden, header.at()));
                parameters.add(before);
            } else {
                parameters.add(value);
            }
        }
        return draft.add(parameters, insts, new Terminator.Jump(next), header.at());
    }

    /** Positions of the numbers that are not in every round what they were in the last one. */
    private BitSet changing(LoopForest.Loop loop, Block header) {
        BitSet changes = new BitSet();
        for (int latch : loop.latches()) {
            for (Target target : draft.block(latch).terminator().targets()) {
                if (target.block().equals(header.label())) {
                    int given = header.parameters().size() - target.arguments().size();
                    for (int i = given; i < header.parameters().size(); i++) {
                        if (!target.arguments()
                                .get(i - given)
                                .equals(header.parameters().get(i))) {
                            changes.set(i);
                        }
                    }
                }
            }
        }
        return changes;
    }

    private List<Value> likeThoseOf(Block header) {
        List<Value> parameters = new ArrayList<>();
        for (Value parameter : header.parameters()) {
            parameters.add(draft.fresh(parameter.type()));
        }
        return parameters;
    }

    /** Blocks that test bounds one behind the other, on the way to {@code next}; the first has the parameters. */
    private Label tests(
            Block header, boolean defines, List<Value> parameters, List<Bound> bounds, Target next, Label out) {
        Target to = next;
        for (int i = bounds.size() - 1; i >= 0; i--) {
            Bound bound = bounds.get(i);
            Value value = parameters.get(bound.parameter);
            List<Inst> insts = new ArrayList<>();
            Value limit = draft.emit(insts, new Operation.Const((Type.Int) value.type(), bound.limit), header.at());
            Value beyond = draft.emit(insts, new Operation.Compare(bound.beyond, value, limit), header.at());
            Terminator test = new Terminator.Branch(beyond, Target.to(out), to, Terminator.Hint.UNLIKELY);
            to = Target.to(draft.add(i == 0 && defines ? parameters : List.of(), insts, test, header.at()));
        }
        return to.block();
    }

    /** Makes what a block leads to another block, where it was the first one. */
    private void lead(int from, Label old, Label to) {
        Terminator end = draft.block(from).terminator();
        if (leadsTo(end, old)) {
            draft.setTerminator(
                    from,
                    end.map(value -> value, target -> target.block().equals(old) ? target.retargeted(to) : target));
        }
    }

    private static boolean leadsTo(Terminator end, Label label) {
        for (Target target : end.targets()) {
            if (target.block().equals(label)) {
                return true;
            }
        }
        return false;
    }

    /** Every number that changes from round to round starts hidden, each by itself: copies would be found equal. */
    private void hideStarts(LoopForest.Loop loop, Block header) {
        BitSet changes = changing(loop, header);
        int last = draft.size();
        for (int from = 0; from < last; from++) {
            Block block = draft.block(from);
            if (loop.latches().contains(from) || !leadsTo(block.terminator(), header.label())) {
                continue;
            }
            boolean only = block.terminator() instanceof Terminator.Jump;
            Map<Target, Target> hidden = new HashMap<>();
            List<Inst> own = new ArrayList<>(block.insts());
            for (Target target : block.terminator().targets()) {
                if (target.block().equals(header.label()) && !hidden.containsKey(target)) {
                    hidden.put(target, hidden(header, target, changes, only ? own : null, block.at()));
                }
            }
            draft.set(from, own, block.terminator().map(value -> value, target -> hidden.getOrDefault(target, target)));
        }
    }

    /**
     * The way into a header with hidden numbers.
     *
     * @param here where they are hidden; null if the block has other ways, and may be in another loop that would hide them
     *     again in each round: then it is done on this way only
     */
    private Target hidden(Block header, Target target, BitSet changes, @Nullable List<Inst> here, Location at) {
        // A bounds check passes a pointer by itself, in front of the others.
        int given = header.parameters().size() - target.arguments().size();
        List<Value> passed = new ArrayList<>();
        for (int i = 0; i < given; i++) {
            passed.add(draft.fresh(header.parameters().get(i).type()));
        }
        List<Inst> insts = here == null ? new ArrayList<>() : here;
        int before = insts.size();
        List<Value> arguments = new ArrayList<>(target.arguments());
        for (int i = given; i < header.parameters().size(); i++) {
            if (changes.get(i) && arguments.get(i - given).type() instanceof Type.Int) {
                Operation.Opaque opaque = new Operation.Opaque(arguments.get(i - given));
                arguments.set(i - given, draft.emit(insts, opaque, at));
            }
        }
        if (here != null || insts.size() == before) {
            return new Target(target.block(), arguments);
        }
        arguments.addAll(0, passed);
        Terminator onwards = new Terminator.Jump(new Target(target.block(), arguments));
        return Target.to(draft.add(passed, insts, onwards, at));
    }
}
