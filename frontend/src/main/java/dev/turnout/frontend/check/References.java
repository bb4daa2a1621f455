package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where references come from, as far as two rules need it: a result does not refer to the function's own locals, and a
 * store through a packet reference is a write to the packet.
 *
 * <p>Flow is not followed: a reference variable that was ever set to an own local counts as one. What a call returns may
 * refer to anything that its reference arguments refer to, except that nothing but a packet is found behind a cursor or a
 * context.
 */
final class References {
    /** What a reference may lead to. */
    private record Origin(Symbol.@Nullable Local own, boolean packet) {
        static final Origin NONE = new Origin(null, false);

        Origin or(Origin other) {
            return new Origin(own != null ? own : other.own, packet || other.packet);
        }
    }

    private final Body body;
    private final Map<Symbol.Local, Origin> origins = new HashMap<>();

    References(Body body) {
        this.body = body;
    }

    /** A local gets its first value. */
    void define(Symbol.Local local, TypedExpr value) {
        if (isReference(value.type())) {
            origins.put(local, origin(value));
        }
    }

    /** A place gets a value. */
    void store(Place target, TypedExpr value, Span span) {
        if (target instanceof Place.Variable variable && isReference(value.type())) {
            Symbol.Local local = variable.local();
            origins.put(local, origins.getOrDefault(local, Origin.NONE).or(origin(value)));
        }
        write(target, span);
    }

    /** A place is written. */
    void write(Place target, Span span) {
        if (origin(target).packet) {
            body.uses().packetWrites.add(span);
        }
    }

    /** A value leaves the function. */
    void leave(TypedExpr value, Span span) {
        if (!isReference(value.type())) {
            return;
        }
        Symbol.Local own = origin(value).own;
        if (own != null) {
            body.report(at(span, DiagnosticCode.E0328, "the result refers to `" + own.name() + "`, which ends here")
                    .withLabel(own.declared(), "a local of this function")
                    .withHelp("return the value itself, or let the caller pass a reference to fill"));
        }
    }

    private static boolean isReference(Type type) {
        return type instanceof Type.Ref || (type instanceof Type.Maybe maybe && maybe.of() instanceof Type.Ref);
    }

    private Origin origin(TypedExpr value) {
        return switch (value) {
            case TypedExpr.AddressOf address -> origin(address.place());
            case TypedExpr.Load load ->
                load.place() instanceof Place.Variable variable && isReference(load.type())
                        ? origins.getOrDefault(variable.local(), Origin.NONE)
                        : Origin.NONE;
            case TypedExpr.Convert convert -> origin(convert.operand());
            case TypedExpr.Try attempt -> origin(attempt.operand());
            case TypedExpr.OrElse choice -> origin(choice.operand()).or(origin(choice.otherwise()));
            case TypedExpr.If choice -> origin(choice.then()).or(origin(choice.otherwise()));
            case TypedExpr.SwitchValue choice -> {
                Origin all = Origin.NONE;
                for (var arm : choice.body().arms()) {
                    TypedExpr one = arm.value();
                    all = one == null ? all : all.or(origin(one));
                }
                yield all;
            }
            case TypedExpr.Call call -> throughCall(call.arguments());
            case TypedExpr.IndirectCall call -> throughCall(call.arguments());
            case Builtin.CursorTake _ -> new Origin(null, true);
            default -> Origin.NONE;
        };
    }

    private Origin throughCall(List<TypedExpr> arguments) {
        Origin all = Origin.NONE;
        for (TypedExpr argument : arguments) {
            Type type = argument.type() instanceof Type.Maybe maybe ? maybe.of() : argument.type();
            if (!(type instanceof Type.Ref ref)) {
                continue;
            }
            boolean leadsToPacket = ref.to() instanceof Type.Cursor || ref.to() instanceof Type.Context;
            all = all.or(leadsToPacket ? new Origin(null, true) : origin(argument));
        }
        return all;
    }

    private Origin origin(Place place) {
        return switch (place) {
            case Place.Variable variable -> new Origin(variable.local(), false);
            case Place.FieldOf field -> origin(field.base());
            case Place.Element element -> origin(element.base());
            case Place.Deref deref -> origin(deref.reference());
            case Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.MapSlot _,
                    Place.ContextSlot _,
                    Place.Temporary _ -> Origin.NONE;
        };
    }
}
