package dev.turnout.verifier.transfer;

import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.SocketKind;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.Optional;

/** What loads of the context's fields give. */
final class ContextLoads {
    private ContextLoads() {}

    /** What a load from {@code at} leaves; unreadable stands for a number of which nothing is known. */
    static Value load(State state, Optional<ProgramType> type, Num at) {
        Optional<ContextField> field = at.isConstant() && at.constant() >= 0 && at.constant() < 1 << 16
                ? type.flatMap(one -> one.context().at((int) at.constant()))
                : Optional.empty();
        if (field.isEmpty()) {
            return Value.Unreadable.VALUE;
        }
        return switch (field.get().kind()) {
            case SCALAR, BYTES, PADDING -> Value.Unreadable.VALUE;
            case PACKET -> start(new Region.Packet(), 0);
            case PACKET_META -> start(new Region.PacketMeta(), 0);
            case PACKET_END -> start(new Region.PacketEnd(), 0);
            case SOCKET -> start(new Region.Socket(SocketKind.FULL), 0);
            case SOCKET_OR_NULL -> start(new Region.Socket(SocketKind.FULL), nullId(state));
            case SOCKET_COMMON_OR_NULL -> start(new Region.Socket(SocketKind.COMMON), nullId(state));
            case FLOW_KEYS -> start(new Region.FlowKeys(), 0);
            case TRACE_BUFFER -> start(new Region.Buffer("the buffer of the tracepoint", true), 0);
            case KERNEL_OBJECT -> start(new Region.KernelObject(field.get().name(), 0, Region.Trust.TRUSTED), 0);
        };
    }

    private static int nullId(State state) {
        return state.source().fresh() | 1;
    }

    private static Value start(Region region, int nullId) {
        return new Value.Pointer(region, Num.constant(0), Form.ZERO, nullId);
    }
}
