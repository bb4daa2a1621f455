package dev.turnout.verifier.transfer;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapField;
import dev.turnout.stdlib.kfunc.KernelArgument;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.kfunc.KernelResult;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.Region.Standing;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.OwnFields;
import java.util.Optional;
import java.util.OptionalLong;

/** What functions on the program's own objects give, and what becomes of what they take. */
final class ObjectEffect {
    private final OwnFields own;

    ObjectEffect(BpfProgram program) {
        this.own = new OwnFields(program);
    }

    /** What the function gives, before it is held; from the arguments, before they are gone. */
    Value result(State state, KernelFunction function) {
        Optional<Value.Pointer> given = switch (function.result()) {
            case KernelResult.NewObject _ ->
                state.reg(Reg.R1) instanceof Value.Scalar type
                                && state.num(type).isConstant()
                        ? own.objects()
                                .ofNumber(state.num(type).constant(), Standing.OWNED)
                                .map(object -> orNull(state, at(object, 0)))
                        : Optional.empty();
            case KernelResult.SameObject _ -> again(state);
            case KernelResult.Node _ -> node(state, function);
            case KernelResult.Nothing _, KernelResult.Number _, KernelResult.ReadOnlyMemory _ -> Optional.empty();
            case KernelResult.WritableMemory _, KernelResult.Slice _, KernelResult.LockResult _ -> Optional.empty();
            case KernelResult.Object _ -> Optional.empty();
        };
        return given.<Value>map(pointer -> pointer).orElse(Value.Unreadable.VALUE);
    }

    private static Value.Pointer at(Region.Allocated object, long offset) {
        return new Value.Pointer(object, Num.constant(offset), Form.constant(offset), 0);
    }

    private static Value.Pointer orNull(State state, Value.Pointer pointer) {
        return pointer.orNull(state.source().fresh() | 1);
    }

    /** One more reference to what is owned is never refused; an object that is only seen may be on its way out. */
    private static Optional<Value.Pointer> again(State state) {
        if (!(state.reg(Reg.R1) instanceof Value.Pointer pointer)
                || !(pointer.region() instanceof Region.Allocated object)) {
            return Optional.empty();
        }
        Value.Pointer fresh = at(object.as(Standing.OWNED), 0);
        return Optional.of(object.standing() == Standing.OWNED ? fresh : orNull(state, fresh));
    }

    private Optional<Value.Pointer> node(State state, KernelFunction function) {
        MapField.Kind kind = function.arguments().getFirst() == KernelArgument.LIST_HEAD
                ? MapField.Kind.LIST_HEAD
                : MapField.Kind.RB_ROOT;
        Optional<MapField> root = own.field(state, state.reg(Reg.R1), kind);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong offset = own.objects().offset(root.get().type(), root.get().node());
        return offset.isEmpty()
                ? Optional.empty()
                : own.objects()
                        .named(root.get().type(), function.acquires() ? Standing.OWNED : Standing.SEEN)
                        .map(object -> orNull(state, at(object, offset.getAsLong())));
    }

    /** What is put into a list or tree is no longer the program's own. */
    static void hang(State state, KernelFunction function) {
        boolean hangs = switch (function) {
            case LIST_PUSH_FRONT, LIST_PUSH_FRONT_IMPL, LIST_PUSH_BACK, LIST_PUSH_BACK_IMPL, LIST_ADD -> true;
            case RBTREE_ADD, RBTREE_ADD_IMPL -> true;
            default -> false; // No other function hangs anything anywhere.
        };
        if (hangs && state.reg(Reg.R2) instanceof Value.Pointer node && node.resource() != 0) {
            state.hang(node.resource());
        }
    }
}
