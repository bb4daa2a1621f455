package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Comparison;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.PacketFacts;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Symbols;
import dev.turnout.verifier.domain.Value;

/**
 * What a conditional jump teaches on either edge: ranges of both operands and of all that is linked to them, null or not
 * null, and the proven length of the packet.
 */
public final class Branching {
    /** Packet offsets past this get no proof, as in Linux. */
    private static final long MOST_PACKET = 0xffff;

    /** Linux's bound on the offsets of pointers. */
    private static final long NEAR = 1L << 29;

    private Branching() {}

    /**
     * Makes {@code state} what holds on one edge.
     *
     * @return false if no run takes the edge; the state is then to be thrown away
     */
    public static boolean assume(State state, Insn.JumpIf jump, boolean taken) {
        Value a = state.reg(jump.dst());
        Value b = Transfer.operand(state, jump.src());
        if (a instanceof Value.Scalar x && b instanceof Value.Scalar y) {
            return numbers(state, jump, taken, x, y);
        }
        if (jump.width() == Width.W32) {
            return true;
        }
        if (b instanceof Value.Scalar y) {
            return withNumber(state, jump.op(), taken, a, y);
        }
        if (a instanceof Value.Scalar x) {
            // A zero on the left teaches Linux nothing of what may be null on the right.
            boolean open = b instanceof Value.Pointer pointer && pointer.isNullable();
            return open || withNumber(state, jump.op().swapped(), taken, b, x);
        }
        if (a instanceof Value.Pointer p && b instanceof Value.Pointer q) {
            if (p.comparesByOffset(q)) {
                return offsets(state, jump, taken, p, q);
            }
            same(state, jump.op(), taken, p, q);
            return pointers(state, jump.op(), taken, jump.dst(), p, q)
                    && (!(jump.src() instanceof Operand.Register(Reg right))
                            || pointers(state, jump.op().swapped(), taken, right, q, p));
        }
        return true;
    }

    private static boolean numbers(State state, Insn.JumpIf jump, boolean taken, Value.Scalar x, Value.Scalar y) {
        if (jump.src() instanceof Operand.Register(Reg same) && same.equals(jump.dst())) {
            return holdsOfItself(jump.op(), taken, state.num(x));
        }
        Num a = state.num(x);
        Num b = state.num(y);
        Comparison after = taken
                ? Comparison.assume(jump.op(), jump.width(), a, b)
                : Comparison.refute(jump.op(), jump.width(), a, b);
        if (after.isImpossible()) {
            return false;
        }
        if (isWhole(jump, a, b) && !difference(state, jump.op(), taken, x.form(), y.form())) {
            return false;
        }
        return learn(state, jump.dst(), x, a, after.a())
                && (!(jump.src() instanceof Operand.Register register)
                        || learn(state, register.reg(), y, b, after.b()));
    }

    /** Whether {@code x op x} may come out so. */
    private static boolean holdsOfItself(JumpOp op, boolean taken, Num x) {
        return switch (op) {
            case JEQ, JGE, JLE, JSGE, JSLE -> taken;
            case JNE, JGT, JLT, JSGT, JSLT -> !taken;
            case JSET -> taken ? !x.equals(Num.constant(0)) : x.uMin32() == 0;
        };
    }

    /** Whether the compare of the jump's width is that of the whole registers: of 64 bits, or of lower halves that are all. */
    private static boolean isWhole(Insn.JumpIf jump, Num a, Num b) {
        return jump.width() == Width.W64 || (isHalf(a) && isHalf(b));
    }

    private static boolean isHalf(Num num) {
        return num.sMin() >= 0 && num.sMax() <= Integer.MAX_VALUE;
    }

    private static boolean learn(State state, Reg reg, Value.Scalar of, Num before, Num after) {
        if (after.equals(before)) {
            return true;
        }
        // Also a number that became a constant keeps its form: the other edge has it too, and a join keeps what both
        // have.
        state.put(reg, new Value.Scalar(after, of.form()));
        return state.learn(of.form(), after);
    }

    /**
     * The comparison of two forms as one of their difference with zero: {@code a·κ + k op 0} bounds κ, and {@code κ₁ - κ₂ + k
     * op 0} bounds the difference of two counters. Only where neither side wraps, so that the order of the numbers is the
     * order of the ideal ones.
     */
    private static boolean difference(State state, JumpOp op, boolean taken, Form x, Form y) {
        if (op == JumpOp.JSET || (x.isConstant() && y.isConstant())) {
            return true;
        }
        JumpOp holds = taken ? op : op.negated();
        Form form = x.minus(y);
        if (form == null || !(form.terms() == 1 || comparesCounter(form))) {
            return true;
        }
        boolean isOrderless = holds == JumpOp.JEQ || holds == JumpOp.JNE;
        boolean isSigned = switch (holds) {
            case JSGT, JSGE, JSLT, JSLE -> true;
            case JEQ, JNE, JGT, JGE, JLT, JLE, JSET -> false;
        };
        for (Form side : new Form[] {x, y}) {
            if (!isIdeal(state, side)
                    || (!isSigned && !isOrderless && state.evaluate(side).sMin() < 0)) {
                return true;
            }
        }
        if (form.terms() == 1) {
            return sign(state, holds, form);
        }
        // form = c·(s - t) + k with c > 0
        int s = form.factorAt(0) > 0 ? form.symbolAt(0) : form.symbolAt(1);
        int t = form.factorAt(0) > 0 ? form.symbolAt(1) : form.symbolAt(0);
        long c = Math.abs(form.factorAt(0));
        long k = form.constant();
        if (k > 1L << 40 || k < -(1L << 40)) {
            return true;
        }
        switch (holds) {
            case JLE, JSLE -> atMost(state, s, t, Math.floorDiv(-k, c));
            case JLT, JSLT -> atMost(state, s, t, Math.floorDiv(-k - 1, c));
            case JGE, JSGE -> atMost(state, t, s, Math.floorDiv(k, c));
            case JGT, JSGT -> atMost(state, t, s, Math.floorDiv(k - 1, c));
            case JEQ -> {
                atMost(state, s, t, Math.floorDiv(-k, c));
                atMost(state, t, s, Math.floorDiv(k, c));
            }
            case JNE -> {
                if (k % c == 0) {
                    // s - t is not -k/c: trims a bound that stands exactly there.
                    if (state.differences().most(s, t) == -k / c) {
                        atMost(state, s, t, -k / c - 1);
                    }
                    if (state.differences().most(t, s) == k / c) {
                        atMost(state, t, s, k / c - 1);
                    }
                }
            }
            case JSET -> {}
        }
        return true;
    }

    /** Whether it is {@code c·(s - t) + k}, one of them a counter: the other may be where it began to count down. */
    private static boolean comparesCounter(Form form) {
        return form.terms() == 2
                && form.factorAt(0) + form.factorAt(1) == 0
                && (Symbols.isCounter(form.symbolAt(0)) || Symbols.isCounter(form.symbolAt(1)));
    }

    /** What {@code form op 0}, in ideal numbers, says of the form's symbol: two cursors that move towards each other. */
    private static boolean sign(State state, JumpOp holds, Form form) {
        JumpOp signed = switch (holds) {
            case JGT, JSGT -> JumpOp.JSGT;
            case JGE, JSGE -> JumpOp.JSGE;
            case JLT, JSLT -> JumpOp.JSLT;
            case JLE, JSLE -> JumpOp.JSLE;
            case JEQ, JNE, JSET -> holds;
        };
        Comparison after = Comparison.assume(signed, Width.W64, state.evaluate(form), Num.constant(0));
        return !after.isImpossible() && state.learn(form, after.a());
    }

    /** Whether the form is small enough not to wrap: then the machine's signed number is the ideal one. */
    private static boolean isIdeal(State state, Form form) {
        // Not by the absolute value: that of the least number is itself.
        if (form.constant() > 1L << 60 || form.constant() < -(1L << 60)) {
            return false;
        }
        for (int i = 0; i < form.terms(); i++) {
            Num symbol = state.symbol(form.symbolAt(i));
            boolean small =
                    Math.abs(form.factorAt(i)) <= 1L << 20 && symbol.sMin() >= -(1L << 40) && symbol.sMax() <= 1L << 40;
            if (!small) {
                return false;
            }
        }
        return true;
    }

    private static void atMost(State state, int left, int right, long most) {
        state.put(state.differences().with(left, right, most));
    }

    private static boolean withNumber(State state, JumpOp op, boolean taken, Value address, Value.Scalar y) {
        Num num = state.num(y);
        if (!num.isConstant() || num.constant() != 0 || (op != JumpOp.JEQ && op != JumpOp.JNE)) {
            return true;
        }
        boolean isNull = (op == JumpOp.JEQ) == taken;
        return switch (address) {
            case Value.Pointer pointer -> nullness(state, isNull, pointer.nullId(), isPresent(state, pointer));
            case Value.FunctionAddress function -> nullness(state, isNull, function.nullId(), true);
            case Value.Scalar _, Value.CodeAddress _, Value.Unreadable _, Value.StackObject _ -> true;
        };
    }

    /**
     * What an address being null or not teaches; false if that cannot be.
     *
     * @param neverNull whether an address that is not known to be nullable is not null
     */
    private static boolean nullness(State state, boolean isNull, int nullId, boolean neverNull) {
        if (nullId == 0) {
            return !isNull || !neverNull;
        }
        if (isNull) {
            state.learnNull(nullId);
        } else {
            state.learnPresent(nullId);
        }
        return true;
    }

    /** What is equal to something that is not null is not null. */
    private static void same(State state, JumpOp op, boolean taken, Value.Pointer p, Value.Pointer q) {
        boolean equal = taken ? op == JumpOp.JEQ : op == JumpOp.JNE;
        if (equal && p.isNullable() && isPresent(state, q)) {
            state.learnPresent(p.nullId());
        } else if (equal && q.isNullable() && isPresent(state, p)) {
            state.learnPresent(q.nullId());
        }
    }

    /** Not null for sure: it points into what is never at address 0, and not so far from it that the sum wraps. */
    private static boolean isPresent(State state, Value.Pointer pointer) {
        Num offset = state.offset(pointer);
        return !pointer.isNullable()
                && (neverNull(pointer.region()) || state.held().holds(pointer.resource()))
                && offset.sMin() > -NEAR
                && offset.sMax() < NEAR;
    }

    /** As Linux has it: it does not fold tests of the context and of the stack's addresses. */
    private static boolean neverNull(Region region) {
        return switch (region) {
            case Region.MapReference _, Region.MapValue _, Region.Buffer _ -> true;
            case Region.Context _, Region.Stack _ -> false;
            case Region.OneOfMapValues _, Region.FunctionTables _ -> true;
            case Region.InsnTable _, Region.Packet _, Region.PacketMeta _, Region.PacketEnd _ -> false;
            case Region.KernelObject object -> object.trust() == Region.Trust.TRUSTED;
            case Region.Memory _, Region.FlowKeys _, Region.Arena _ -> false;
            case Region.Socket _, Region.HelperMemory _, Region.DynptrReference _ -> true;
            case Region.Allocated object ->
                object.standing() == Region.Standing.OWNED || object.standing() == Region.Standing.SEEN;
        };
    }

    /**
     * Two pointers into one piece of memory compare as their offsets do: it and the {@link #NEAR} bytes behind it lie in
     * one piece of the address space.
     */
    private static boolean offsets(State state, Insn.JumpIf jump, boolean taken, Value.Pointer p, Value.Pointer q) {
        Num start = Num.constant(p.region() instanceof Region.Stack ? -Frame.BYTES : 0);
        Num a = AbstractAlgebra.INSTANCE.subtract(Width.W64, state.offset(p), start);
        Num b = AbstractAlgebra.INSTANCE.subtract(Width.W64, state.offset(q), start);
        if (a.sMin() < 0 || b.sMin() < 0 || a.sMax() > NEAR || b.sMax() > NEAR) {
            return true;
        }
        Comparison after =
                taken ? Comparison.assume(jump.op(), Width.W64, a, b) : Comparison.refute(jump.op(), Width.W64, a, b);
        if (jump.op() == JumpOp.JSET) {
            return true;
        }
        return !after.isImpossible()
                && difference(
                        state,
                        jump.op(),
                        taken,
                        p.form().plus(-start.constant()),
                        q.form().plus(-start.constant()))
                && narrow(state, jump.dst(), p, after.a(), start)
                && (!(jump.src() instanceof Operand.Register register)
                        || narrow(state, register.reg(), q, after.b(), start));
    }

    private static boolean narrow(State state, Reg reg, Value.Pointer of, Num fromStart, Num start) {
        Num offset = AbstractAlgebra.INSTANCE.add(Width.W64, fromStart, start);
        state.put(reg, of.at(offset, of.form()));
        return state.learn(of.form(), offset);
    }

    /**
     * {@code p op q} where p points into the packet and q is its end, or p into the metadata and q is the packet's start. False if that
     * cannot come out so.
     */
    private static boolean pointers(State state, JumpOp op, boolean taken, Reg left, Value.Pointer p, Value.Pointer q) {
        boolean inPacket = p.region() instanceof Region.Packet && q.region() instanceof Region.PacketEnd;
        boolean inMeta = p.region() instanceof Region.PacketMeta
                && q.region() instanceof Region.Packet
                && q.form().equals(Form.ZERO);
        if (!inPacket && !inMeta) {
            return true;
        }
        boolean strict = taken ? op == JumpOp.JLT : op == JumpOp.JGE;
        boolean loose = taken ? op == JumpOp.JLE : op == JumpOp.JGT;
        boolean behind = taken ? op == JumpOp.JGT : op == JumpOp.JLE;
        boolean atEnd = taken ? op == JumpOp.JGE : op == JumpOp.JLT;
        if (behind || atEnd) {
            state.put(state.packet().withEnd(new PacketFacts.End(inMeta, left, p.form(), behind)));
            return true;
        }
        if (!strict && !loose) {
            return true;
        }
        if (state.packet().endsAt(inMeta, left, p.form(), loose)) {
            return false;
        }
        Num offset = state.offset(p);
        // That the packet is not empty is not worth a proof to Linux.
        boolean nothing = strict && offset.sMax() == 0;
        if (!nothing && offset.sMin() >= 0 && offset.sMax() <= MOST_PACKET) {
            state.learnPacket(inMeta, p.form().key(), p.form().constant() + (strict ? 1 : 0));
        }
        return true;
    }
}
