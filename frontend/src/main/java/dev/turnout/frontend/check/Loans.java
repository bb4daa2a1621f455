package dev.turnout.frontend.check;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedSwitch;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which owned values the references of a function may refer into. Flow is not followed: a reference that was ever set to a
 * part of {@code e} counts as one into {@code e}. What a call gives may refer to whatever its arguments refer to.
 */
final class Loans {
    private final IdentityHashMap<Symbol.Local, Set<Symbol.Local>> lent = new IdentityHashMap<>();
    private final IdentityHashMap<Symbol.Local, Integer> depths = new IdentityHashMap<>();

    /**
     * A local of the function.
     *
     * @param depth of its scope
     */
    void declare(Symbol.Local local, int depth) {
        depths.put(local, depth);
    }

    /** A local that is a reference gets a value. */
    void add(Symbol.Local reference, TypedExpr value) {
        if (reference.type().pointer()) {
            lent.computeIfAbsent(reference, _ -> new LinkedHashSet<>()).addAll(origin(value));
        }
    }

    /** The owners that a local may refer into. */
    Set<Symbol.Local> of(Symbol.Local reference) {
        return lent.getOrDefault(reference, Set.of());
    }

    /** An owner of which a reference would still be there when it is not; null if there is none. */
    Symbol.@Nullable Local outlived(Symbol.Local reference, TypedExpr value) {
        for (Symbol.Local owner : origin(value)) {
            if (depth(owner) > depth(reference)) {
                return owner;
            }
        }
        return null;
    }

    private int depth(Symbol.Local local) {
        return depths.getOrDefault(local, 0);
    }

    /** The owners that a value may refer into. */
    Set<Symbol.Local> origin(TypedExpr value) {
        Set<Symbol.Local> owners = new LinkedHashSet<>();
        if (value.type().pointer()) {
            collect(value, owners);
        }
        return owners;
    }

    private void collect(TypedExpr value, Set<Symbol.Local> owners) {
        switch (value) {
            case TypedExpr.AddressOf address -> collect(address.place(), owners);
            case TypedExpr.Load load -> {
                if (load.place() instanceof Place.Variable variable) {
                    if (variable.type() instanceof Type.Own) {
                        owners.add(variable.local());
                    } else {
                        owners.addAll(of(variable.local()));
                    }
                }
            }
            case TypedExpr.Convert convert -> collect(convert.operand(), owners);
            case TypedExpr.Try attempt -> collect(attempt.operand(), owners);
            case TypedExpr.OrElse choice -> {
                collect(choice.operand(), owners);
                collect(choice.otherwise(), owners);
            }
            case TypedExpr.If choice -> {
                collect(choice.then(), owners);
                collect(choice.otherwise(), owners);
            }
            case TypedExpr.SwitchValue choice -> {
                for (TypedSwitch.Arm arm : choice.body().arms()) {
                    TypedExpr one = arm.value();
                    if (one != null) {
                        collect(one, owners);
                    }
                }
            }
            case TypedExpr.Call call -> through(call.arguments(), owners);
            case TypedExpr.IndirectCall call -> through(call.arguments(), owners);
            default -> {}
        }
    }

    private void through(List<TypedExpr> arguments, Set<Symbol.Local> owners) {
        for (TypedExpr argument : arguments) {
            if (argument.type().pointer()) {
                collect(argument, owners);
            }
        }
    }

    private void collect(Place place, Set<Symbol.Local> owners) {
        switch (place) {
            case Place.FieldOf field -> collect(field.base(), owners);
            case Place.Element element -> collect(element.base(), owners);
            case Place.Deref deref -> collect(deref.reference(), owners);
            case Place.Variable _,
                    Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.MapSlot _,
                    Place.ContextSlot _,
                    Place.Temporary _ -> {}
        }
    }
}
