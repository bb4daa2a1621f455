package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.Symbol.Local;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedFunction;
import dev.turnout.frontend.typed.TypedSwitch;
import dev.turnout.stdlib.kfunc.KernelFunction;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call that can move the packet ends every reference into it and every cursor, in all functions that are on the way; what is used of
 * them afterwards is reported with both places.
 *
 * <p>Which functions can move the packet follows from the calls. Which locals may refer to the packet is found over the whole program: what
 * a cursor gives, what is assigned from that, what is passed on, what comes back. Flow is not followed for this, so a local that ever
 * referred to the packet counts as one that does; {@link PacketFlow} then follows the flow of each function, for what has ended where.
 */
final class MovedPackets {
    private final Compilation compilation;
    private final List<FunctionSymbol> functions;
    /** Functions that can move the packet, and the helper that does so in the end. */
    private final Map<FunctionSymbol, String> moving = new LinkedHashMap<>();

    private final Set<Local> packetLocals = new HashSet<>();
    private final Set<FunctionSymbol> givingPackets = new HashSet<>();
    private final Set<Span> reported = new HashSet<>();
    private boolean grew;
    private boolean reporting;

    MovedPackets(Compilation compilation, List<FunctionSymbol> functions) {
        this.compilation = compilation;
        this.functions = functions;
    }

    void check() {
        findMoving();
        if (moving.isEmpty()) {
            return;
        }
        do {
            grew = false;
            walkAll();
        } while (grew);
        reporting = true;
        walkAll();
    }

    private void findMoving() {
        boolean more = true;
        while (more) {
            more = false;
            for (FunctionSymbol function : functions) {
                String helper = moving.containsKey(function) ? null : helperOf(function);
                if (helper != null) {
                    moving.put(function, helper);
                    more = true;
                }
            }
        }
    }

    private @Nullable String helperOf(FunctionSymbol function) {
        Uses uses = compilation.bodies().uses(function);
        for (Uses.HelperCalled call : uses.helpers) {
            if (call.helper().movesPacket()) {
                return call.construct();
            }
        }
        for (Uses.Call call : uses.mentioned()) {
            String helper = moving.get(call.callee());
            if (helper != null) {
                return helper;
            }
        }
        return null;
    }

    private void walkAll() {
        for (FunctionSymbol function : functions) {
            TypedFunction body = compilation.bodies().of(function);
            if (body != null) {
                new PacketFlow(this, function).run(body.body());
            }
        }
    }

    // What may move.

    /** What in a call can move the packet, for messages; null if nothing can. */
    @Nullable
    String mover(TypedExpr call) {
        return switch (call) {
            case Builtin.ContextCall one -> one.helper().movesPacket() ? "this" : null;
            case Builtin.HelperCall one -> one.helper().movesPacket() ? "this" : null;
            case Builtin.KernelCall one ->
                KernelFunction.ofSymbol(one.function().name())
                                .filter(KernelFunction::movesPacket)
                                .isPresent()
                        ? "this"
                        : null;
            case TypedExpr.Call one -> through(one.function());
            case TypedExpr.IndirectCall one -> {
                for (FunctionSymbol function : moving.keySet()) {
                    if (function.type().equals(one.callee().type())) {
                        yield through(function);
                    }
                }
                yield null;
            }
            default -> null;
        };
    }

    private @Nullable String through(FunctionSymbol function) {
        String helper = moving.get(function);
        return helper == null ? null : "`" + function.name() + "`, which calls " + helper + ",";
    }

    // What refers to the packet.

    boolean isPacket(Local local) {
        return isPosition(local.type()) || packetLocals.contains(local);
    }

    /** A cursor, or a reference to one. */
    private static boolean isPosition(Type type) {
        Type of = type instanceof Type.Maybe maybe ? maybe.of() : type;
        return of instanceof Type.Cursor || (of instanceof Type.Ref ref && ref.to() instanceof Type.Cursor);
    }

    private static boolean isReference(Type type) {
        return type instanceof Type.Ref || (type instanceof Type.Maybe maybe && maybe.of() instanceof Type.Ref);
    }

    /** Whether a value may refer into the packet, or is a position in it. */
    boolean isPacket(TypedExpr value) {
        if (isPosition(value.type())) {
            return true;
        }
        if (!isReference(value.type())) {
            return false;
        }
        return switch (value) {
            case Builtin.CursorTake _ -> true;
            case TypedExpr.Load one -> one.place() instanceof Place.Variable variable && isPacket(variable.local());
            case TypedExpr.AddressOf one -> isPacket(one.place());
            case TypedExpr.Convert one -> isPacket(one.operand());
            case TypedExpr.Try one -> isPacket(one.operand());
            case TypedExpr.OrElse one -> isPacket(one.operand()) || isPacket(one.otherwise());
            case TypedExpr.If one -> isPacket(one.then()) || isPacket(one.otherwise());
            case TypedExpr.SwitchValue one ->
                one.body().arms().stream().map(TypedSwitch.Arm::value).anyMatch(arm -> arm != null && isPacket(arm));
            case TypedExpr.Call one -> givingPackets.contains(one.function());
            case TypedExpr.IndirectCall one ->
                givingPackets.stream()
                        .anyMatch(
                                function -> function.type().equals(one.callee().type()));
            default -> false;
        };
    }

    private boolean isPacket(Place place) {
        return switch (place) {
            case Place.Deref one -> isPacket(one.reference());
            case Place.FieldOf one -> isPacket(one.base());
            case Place.Element one -> isPacket(one.base());
            case Place.Temporary one -> isPacket(one.value());
            case Place.Variable _,
                    Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.MapSlot _,
                    Place.ContextSlot _ -> false;
        };
    }

    /** A local gets a value. */
    void give(Local local, TypedExpr value) {
        if (isReference(local.type()) && isPacket(value)) {
            grew |= packetLocals.add(local);
        }
    }

    /** A function is called with these arguments. */
    void pass(FunctionSymbol function, List<TypedExpr> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            give(function.parameters().get(i), arguments.get(i));
        }
    }

    /** A value of this type is called: any function of it. */
    void pass(Type type, List<TypedExpr> arguments) {
        for (FunctionSymbol function : functions) {
            if (function.type().equals(type)) {
                pass(function, arguments);
            }
        }
    }

    /** A function returns a value. */
    void comesBack(FunctionSymbol function, TypedExpr value) {
        if (isPacket(value)) {
            grew |= givingPackets.add(function);
        }
    }

    void report(Span use, String what, PacketFlow.Move move, @Nullable Local local) {
        if (!reporting || !reported.add(use)) {
            return;
        }
        Diagnostic diagnostic = at(use, DiagnosticCode.E0406, what + " is used after the packet may have moved")
                .withLabel(move.at(), move.by() + " can move it");
        if (local != null && local.declared().line() != move.at().line()) {
            diagnostic = diagnostic.withLabel(local.declared(), "from the packet as it was before");
        }
        compilation.report(diagnostic
                .withNote("references into the packet and cursors end there, in every function on the way")
                .withHelp("copy what is needed before, and begin anew behind it: `pkt = ctx.cursor();`"));
    }
}
