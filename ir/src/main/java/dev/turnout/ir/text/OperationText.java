package dev.turnout.ir.text;

import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Value;
import java.util.List;
import java.util.Locale;

/** One operation or terminator as text, without name and location. {@link OperationParser} is the other way. */
final class OperationText {
    private final StringBuilder out;

    OperationText(StringBuilder out) {
        this.out = out;
    }

    void operation(Operation op) {
        switch (op) {
            case Operation.Const one ->
                put("const ").put(one.type()).put(" ").put(Quoted.number(one.type(), one.value()));
            case Operation.Null one -> put("null ").put(one.type());
            case Operation.Unary one ->
                put(one.op().word()).put(" ").put(one.type()).put(" ").put(one.a());
            case Operation.Binary one ->
                put(one.op().word()).put(" ").put(one.type()).put(" ").list(one.operands());
            case Operation.Compare one ->
                put(one.op().word()).put(" ").put(one.a().type()).put(" ").list(one.operands());
            case Operation.Convert one ->
                put(one.op().word()).put(" ").put(one.type()).put(" ").put(one.a());
            case Operation.Select one -> {
                put("select ").put(one.type()).put(" ").put(one.condition());
                put(" ? ").put(one.a()).put(" : ").put(one.b());
            }
            case Operation.Offset one -> put("offset ").put(one.type()).put(" ").list(one.operands());
            case Operation.Difference one -> put("difference ").list(one.operands());
            case Operation.Slot one -> {
                put("slot ").put(one.size()).put(" align ").put(one.align());
                put(" ").put(Quoted.text(one.name()));
            }
            case Operation.Address one ->
                put("address ").put(one.region().word()).put(" ").put(Quoted.symbol(one.name()));
            case Operation.Load one -> {
                put("load ").put(one.type()).put(" ");
                place(one.address(), one.offset());
                order(one.order());
            }
            case Operation.LoadContext one -> {
                put("load_context ").put(one.type()).put(" ");
                place(one.context(), one.offset());
                put(" bytes ").put(one.bytes());
            }
            case Operation.Store one -> {
                put("store ").put(one.value().type()).put(" ").put(one.value()).put(" to ");
                place(one.address(), one.offset());
                order(one.order());
            }
            case Operation.Atomic one -> {
                put("atomic.").put(one.op().word()).put(" ").put(one.width()).put(" ");
                place(one.address(), one.offset());
                for (Value value : one.values()) {
                    put(", ").put(value);
                }
            }
            case Operation.Call one -> {
                put("call ").put(one.type()).put(" ").put(Quoted.symbol(one.function()));
                arguments(one.arguments());
            }
            case Operation.CallPointer one -> {
                put("call_pointer ").put(one.type()).put(" ").put(one.callee());
                arguments(one.arguments());
                if (!one.family().isEmpty()) {
                    put(" family ").put(Quoted.text(one.family()));
                }
            }
            case Operation.CallHelper one -> {
                put("helper ").put(one.type()).put(" ").put(Quoted.word(one.helper()));
                arguments(one.arguments());
                put(one.quiet() ? " quiet" : "");
            }
            case Operation.CallKernel one -> {
                put("kernel ").put(one.type()).put(" ").put(Quoted.symbol(one.function()));
                arguments(one.arguments());
            }
            case Operation.CallHost one -> {
                put("host ").put(one.type()).put(" ").put(Quoted.word(one.service()));
                arguments(one.arguments());
            }
            case Operation.Prove one -> {
                put("prove ").put(one.index()).put(" < ").put(Quoted.unsigned(one.below()));
                put(" site ").put(one.site());
            }
            case Operation.Opaque one -> put("opaque ").put(one.type()).put(" ").put(one.a());
        }
    }

    void terminator(Terminator terminator) {
        switch (terminator) {
            case Terminator.Jump one -> put("jump ").target(one.to());
            case Terminator.Branch one -> {
                put("branch ").put(one.condition());
                ways(one.then(), one.otherwise());
                hint(one.hint());
            }
            case Terminator.Switch one -> {
                put("switch ").put(one.value());
                cases(one.cases(), one.otherwise());
                if (one.exhaustive()) {
                    put(" exhaustive");
                }
                if (one.demand() != Terminator.Demand.AUTO) {
                    put(" demand ").put(one.demand().name().toLowerCase(Locale.ROOT));
                }
                if (one.maxEntries() != 0) {
                    put(" max ").put(one.maxEntries());
                }
                if (one.copies() != Terminator.Copies.FREE) {
                    put(" copies ").put(one.copies().name().toLowerCase(Locale.ROOT));
                }
            }
            case Terminator.StaticBranch one -> {
                put("static_branch ").put(Quoted.symbol(one.key()));
                ways(one.on(), one.off());
                hint(one.hint());
                put(one.patched() ? " patched" : "");
            }
            case Terminator.StaticSwitch one -> {
                put("static_switch ").put(Quoted.symbol(one.key()));
                cases(one.cases(), one.otherwise());
                put(one.patched() ? " patched" : "");
            }
            case Terminator.Checked one -> {
                put("checked ").put(one.base()).put(" + ").put(one.offset());
                put(", ").put(one.bytes()).put(" <= ").put(one.end());
                ways(one.ok(), one.fail());
            }
            case Terminator.TailCall one -> {
                put("tail_call ").put(one.context()).put(", ").put(one.map());
                put(", ").put(one.index()).put(" else ").target(one.miss());
            }
            case Terminator.MayGoto one ->
                put("may_goto ").target(one.next()).put(" else ").target(one.exit());
            case Terminator.Return one -> {
                put("return");
                if (!one.values().isEmpty()) {
                    put(" ").list(one.values());
                }
            }
            case Terminator.Unreachable _ -> put("unreachable");
        }
    }

    private void ways(Target yes, Target no) {
        put(" ? ").target(yes).put(" : ").target(no);
    }

    private void hint(Terminator.Hint hint) {
        if (hint != Terminator.Hint.NONE) {
            put(" ").put(hint.name().toLowerCase(Locale.ROOT));
        }
    }

    private void cases(List<Terminator.Case> cases, Target otherwise) {
        put(" [");
        String separator = "";
        for (Terminator.Case one : cases) {
            put(separator).put(Quoted.unsigned(one.low()));
            if (one.high() != one.low()) {
                put("..=").put(Quoted.unsigned(one.high()));
            }
            put(" => ").target(one.to());
            separator = ", ";
        }
        put("] else ").target(otherwise);
    }

    private OperationText target(Target target) {
        put(target.block());
        if (!target.arguments().isEmpty()) {
            arguments(target.arguments());
        }
        return this;
    }

    private void arguments(List<Value> values) {
        put("(");
        list(values);
        put(")");
    }

    private void place(Value address, int offset) {
        put(address);
        if (offset != 0) {
            put(offset < 0 ? " - " : " + ").put(Math.abs(offset));
        }
    }

    private void order(ByteOrder order) {
        if (order == ByteOrder.BIG) {
            put(" big");
        }
    }

    private void list(List<Value> values) {
        String separator = "";
        for (Value value : values) {
            put(separator).put(value);
            separator = ", ";
        }
    }

    private OperationText put(Object part) {
        out.append(part);
        return this;
    }
}
