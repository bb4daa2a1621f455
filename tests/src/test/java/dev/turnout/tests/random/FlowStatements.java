package dev.turnout.tests.random;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import java.util.ArrayList;
import java.util.List;

/** Branches, loops that end, jump tables. After each, those registers hold numbers that do so on every way. */
final class FlowStatements {
    private static final List<JumpOp> TESTS = List.of(JumpOp.values());
    private static final int ENTRY = 8;

    private final FunctionDraft function;
    private final CodeDraft code;
    private final Ingredients all;
    private final Statements statements;

    FlowStatements(FunctionDraft function, Statements statements) {
        this.function = function;
        this.code = function.code;
        this.all = function.all;
        this.statements = statements;
    }

    private void body(int depth) {
        statements.body(all.random.nextInt(1, 4), depth + 1);
    }

    private Width width() {
        return all.random.nextBoolean() ? Width.W64 : Width.W32;
    }

    private Insn test() {
        Reg left = function.source();
        Operand right = all.random.nextBoolean() ? Operand.of(all.constant()) : Operand.of(function.source());
        return new Insn.JumpIf(all.pick(TESTS), width(), left, right, 0);
    }

    /** The way out of the function, on a condition. */
    void leave() {
        sometimes(function::end);
    }

    /** Something on a condition that does not come back. */
    void sometimes(Runnable leaves) {
        int behind = code.label();
        code.add(test(), behind);
        RegisterSet before = function.live;
        leaves.run();
        function.live = before;
        code.place(behind);
    }

    void branch(int depth) {
        int otherwise = code.label();
        code.add(test(), otherwise);
        twoWays(otherwise, depth);
    }

    /** A body, and another one behind {@code otherwise} or nothing. */
    private void twoWays(int otherwise, int depth) {
        RegisterSet before = function.live;
        body(depth);
        RegisterSet first = function.live;
        function.live = before;
        if (all.oneIn(3)) {
            int end = code.label();
            code.add(new Insn.Jump(all.oneIn(4), 0), end);
            code.place(otherwise);
            body(depth);
            code.place(end);
        } else {
            code.place(otherwise);
        }
        function.live = function.live.and(first);
    }

    /** A branch that a key decides. */
    void staticBranch(int depth) {
        int otherwise = code.label();
        int key = all.random.nextInt(all.keys.size());
        long value = all.random.nextInt(3);
        boolean inverse = all.random.nextBoolean();
        boolean jumps = (all.keys.get(key).initial() == value) != inverse;
        function.program.site(otherwise, key, value, inverse);
        code.add(new Insn.StaticJump(all.random.nextBoolean(), !jumps, 0), otherwise);
        twoWays(otherwise, depth);
    }

    /** Counts up or down to a constant. */
    void loop(int depth) {
        Reg counter = function.destination();
        int step = all.pick(1, 1, 1, 2, 4, -1);
        int rounds = all.random.nextInt(1, 12);
        int start = step < 0 ? rounds : all.random.nextInt(3);
        Width width = all.oneIn(4) ? Width.W32 : Width.W64;
        function.alu(AluOp.MOV, counter, start);
        function.live = function.live.with(counter);
        RegisterSet kept = function.kept;
        function.kept = kept.with(counter);
        RegisterSet atHead = function.live;
        int head = code.here();
        body(depth);
        function.restore(atHead);
        function.add(new Insn.Alu(AluOp.ADD, width, counter, Operand.of(step)));
        JumpOp until = step < 0
                ? all.pick(List.of(JumpOp.JNE, JumpOp.JSGT, JumpOp.JGT))
                : all.pick(List.of(JumpOp.JNE, JumpOp.JLT, JumpOp.JLE, JumpOp.JSLT));
        code.add(new Insn.JumpIf(until, width, counter, Operand.of(start + step * rounds), 0), head);
        function.kept = kept;
    }

    /** Shifts a number until it is 0, which no linear bound proves to end. */
    void mayGoto(int depth) {
        Reg shrinking = function.target();
        RegisterSet kept = function.kept;
        function.kept = kept.with(shrinking);
        RegisterSet atHead = function.live;
        int head = code.here();
        int end = code.label();
        code.add(new Insn.MayGoto(0), end);
        body(depth);
        function.restore(atHead);
        function.add(new Insn.Alu(
                AluOp.RSH, all.oneIn(4) ? Width.W32 : Width.W64, shrinking, Operand.of(all.random.nextInt(6, 20))));
        code.add(new Insn.JumpIf(JumpOp.JNE, Width.W64, shrinking, Operand.of(0), 0), head);
        code.place(end);
        function.live = function.live.and(atHead);
        function.kept = kept;
    }

    /** A jump through a table at an index that a mask or a comparison bounds. */
    void table(int depth) {
        int arms = all.pick(1, 2, 3, 4, 8, 16);
        Reg index = function.address;
        Reg entry = function.scratch;
        function.move(index, function.source());
        int end = code.label();
        RegisterSet before = function.live;
        RegisterSet after = RegisterSet.ALL;
        if (Integer.bitCount(arms) == 1 && all.random.nextBoolean()) {
            function.alu(AluOp.AND, index, arms - 1);
        } else {
            function.jump(JumpOp.JGT, index, arms - 1, end);
            after = before;
        }
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < arms; i++) {
            labels.add(i > 0 && all.oneIn(3) ? all.pick(labels) : code.label());
        }
        int table = function.program.table(labels);
        function.alu(AluOp.LSH, index, Integer.numberOfTrailingZeros(ENTRY));
        function.add(new Insn.Wide(entry, WideKind.MAP_INDEX_VALUE, table, 0));
        function.alu(AluOp.ADD, entry, index);
        function.add(new Insn.Load(Size.DW, false, entry, entry, 0));
        function.add(new Insn.JumpIndirect(entry));
        for (int label : labels.stream().distinct().toList()) {
            code.place(label);
            function.live = before;
            statements.body(all.random.nextInt(3), depth + 1);
            after = after.and(function.live);
            code.add(new Insn.Jump(false, 0), end);
        }
        code.place(end);
        function.live = after;
    }
}
