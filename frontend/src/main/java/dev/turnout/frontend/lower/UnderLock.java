package dev.turnout.frontend.lower;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Operation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The functions that are called while a lock is held, and what those call. Older kernels allow no call there, so all of them
 * become part of their callers.
 */
final class UnderLock {
    private final Set<String> called = new HashSet<>();

    void add(String function) {
        called.add(function);
    }

    /** The functions, these among them always inlined. */
    List<Function> mark(List<Function> functions) {
        if (called.isEmpty()) {
            return functions;
        }
        Map<String, Function> byName = new HashMap<>();
        functions.forEach(function -> byName.put(function.name(), function));
        Deque<String> open = new ArrayDeque<>(called);
        while (!open.isEmpty()) {
            Function next = byName.get(open.remove());
            if (next == null) {
                continue;
            }
            for (Block block : next.blocks()) {
                for (Inst inst : block.insts()) {
                    if (inst.op() instanceof Operation.Call call && called.add(call.function())) {
                        open.add(call.function());
                    }
                }
            }
        }
        return functions.stream().map(this::inlined).toList();
    }

    private Function inlined(Function function) {
        return called.contains(function.name())
                        && function.kind() instanceof Function.Kind.Subprogram(var _, String family, long fails)
                ? new Function(
                        function.name(),
                        new Function.Kind.Subprogram(Function.Inlining.ALWAYS, family, fails),
                        function.result(),
                        function.signature(),
                        function.blocks(),
                        function.at())
                : function;
    }
}
