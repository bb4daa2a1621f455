package dev.turnout.bpf.codegen;

import dev.turnout.bpf.frame.FrameLayout;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.analysis.CallTargets;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Terminator;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Adds up frames along chains of calls, those through values and tables included, and counts them. Linux rounds each frame up to 32 bytes (6.1) or 16 (since), with at least one round
 * for a function that has any; the sum may be 512.
 */
final class FrameChains {
    private static final int ROUND = 32;

    /** Bytes of callers' frames below a tail call: they stay while the other program runs, so Linux wants fewer. */
    private static final int MOST_BELOW_TAIL_CALL = 256;

    private final Module module;
    private final CallTargets targets;
    private final TargetProfile target;
    private final Diagnostics diagnostics;
    private final Places places;
    private final Map<String, Integer> sizes = new HashMap<>();
    private final Map<String, Set<String>> callees = new HashMap<>();
    /** Functions that make tail calls. */
    private final Set<String> tailing = new HashSet<>();

    private boolean tooLarge;

    /**
     * Of a module as the target gets it.
     *
     * @param targets of its calls through values: any of them may be what is called
     */
    FrameChains(Module module, CallTargets targets, TargetProfile target, Diagnostics diagnostics, Places places) {
        this.module = module;
        this.targets = targets;
        this.target = target;
        this.diagnostics = diagnostics;
        this.places = places;
    }

    /** Notes a function's frame; one that is too large by itself is reported, with what takes most of it. */
    void add(Function function, MachineFunction machine, FrameLayout frame) {
        sizes.put(function.name(), frame.size());
        Set<String> called = new java.util.LinkedHashSet<>();
        for (Block block : function.blocks()) {
            if (block.terminator() instanceof Terminator.TailCall) {
                tailing.add(function.name());
            }
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Call call) {
                    called.add(call.function());
                } else if (inst.op() instanceof Operation.CallPointer call) {
                    called.addAll(targets.of(function, call));
                } else if (inst.op() instanceof Operation.Address address && address.region() == Region.FUNCTION) {
                    // A callback runs above the frame of the function that hands it to a helper; whoever calls a value
                    // elsewhere is counted there too.
                    called.add(address.name());
                }
            }
        }
        callees.put(function.name(), called);
        if (frame.size() <= FrameLayout.LIMIT) {
            return;
        }
        tooLarge = true;
        List<MachineFunction.FrameSlot> worst = new ArrayList<>(machine.slots());
        worst.sort(Comparator.comparingInt(MachineFunction.FrameSlot::size).reversed());
        StringBuilder largest = new StringBuilder("the largest are");
        for (int i = 0; i < Math.min(4, worst.size()); i++) {
            largest.append(i == 0 ? " `" : ", `")
                    .append(worst.get(i).name())
                    .append("` with ")
                    .append(worst.get(i).size());
        }
        report(
                function,
                "the frame of `" + function.name() + "` needs " + frame.size() + " bytes of " + FrameLayout.LIMIT,
                largest.append(" bytes").toString());
    }

    private void report(Function function, String message, String note) {
        Diagnostic diagnostic = places.diagnostic(function.at(), DiagnosticCode.E0416, message)
                .withNote(note)
                .withHelp("say `@scratch` before a large `var`: it then lies in a map, not in the frame");
        diagnostics.report(diagnostic);
    }

    /** Reports the deepest chain from each program that is too large, or has too many functions. */
    void check() {
        if (tooLarge) {
            return;
        }
        for (Function function : module.functions()) {
            if (function.kind() instanceof Function.Kind.Program && sizes.containsKey(function.name())) {
                checkBytes(function, deepest(function.name(), this::bytes, new HashMap<>(), new HashSet<>()));
                checkCalls(function, deepest(function.name(), _ -> 1, new HashMap<>(), new HashSet<>()));
                checkTailCalls(function);
            }
        }
    }

    private void checkBytes(Function program, List<String> chain) {
        int sum = sum(chain, this::bytes);
        if (sum <= FrameLayout.LIMIT) {
            return;
        }
        StringBuilder path = new StringBuilder("the deepest chain is");
        for (String name : chain) {
            path.append(" `").append(name).append("` with ").append(sizes.getOrDefault(name, 0));
        }
        report(
                program,
                "the frames of calls below `" + program.name() + "` need " + sum + " bytes of " + FrameLayout.LIMIT,
                path.append(" bytes, each rounded up to ").append(ROUND).toString());
    }

    private void checkCalls(Function program, List<String> chain) {
        if (chain.size() <= target.frames()) {
            return;
        }
        StringBuilder path = new StringBuilder("the deepest chain is");
        String separator = " ";
        for (String name : chain) {
            path.append(separator).append('`').append(name).append('`');
            separator = ", ";
        }
        diagnostics.report(places.diagnostic(
                        program.at(),
                        DiagnosticCode.E0419,
                        "calls below `" + program.name() + "` take " + chain.size() + " frames, and `" + target.word()
                                + "` has " + target.frames())
                .withNote(path.toString())
                .withHelp("say `@inline` of some of them"));
    }

    /** Reports the first tail call below a program that is made above frames of callers which are too large. */
    private void checkTailCalls(Function program) {
        Map<String, List<String>> ways = new LinkedHashMap<>();
        ways.put(program.name(), List.of());
        Deque<String> open = new ArrayDeque<>(List.of(program.name()));
        while (!open.isEmpty()) {
            String function = open.remove();
            List<String> below = ways.getOrDefault(function, List.of());
            int bytes = sum(below, this::bytes);
            if (tailing.contains(function) && bytes >= MOST_BELOW_TAIL_CALL) {
                report(
                        program,
                        "the tail call in `" + function + "` is made above " + bytes + " bytes of frames",
                        "they are those of `" + String.join("`, `", below) + "`; less than " + MOST_BELOW_TAIL_CALL
                                + " bytes are allowed, each rounded up to " + ROUND);
                return;
            }
            List<String> through = new ArrayList<>(below);
            through.add(function);
            for (String callee : callees.getOrDefault(function, Set.of())) {
                List<String> known = ways.get(callee);
                // Recursion is someone else's to report.
                boolean deeper = known == null || sum(through, this::bytes) > sum(known, this::bytes);
                if (deeper && !through.contains(callee)) {
                    ways.put(callee, through);
                    open.add(callee);
                }
            }
        }
    }

    private int bytes(String function) {
        return Math.max(1, (sizes.getOrDefault(function, 0) + ROUND - 1) / ROUND) * ROUND;
    }

    private static int sum(List<String> chain, ToIntFunction<String> weight) {
        return chain.stream().mapToInt(weight).sum();
    }

    private List<String> deepest(
            String from, ToIntFunction<String> weight, Map<String, List<String>> known, Set<String> open) {
        List<String> found = known.get(from);
        if (found != null) {
            return found;
        }
        List<String> best = List.of();
        if (open.add(from)) { // recursion is someone else's to report
            for (String to : callees.getOrDefault(from, Set.of())) {
                List<String> chain = deepest(to, weight, known, open);
                if (sum(chain, weight) > sum(best, weight)) {
                    best = chain;
                }
            }
            open.remove(from);
        }
        List<String> chain = new ArrayList<>(best.size() + 1);
        chain.add(from);
        chain.addAll(best);
        known.put(from, chain);
        return chain;
    }
}
