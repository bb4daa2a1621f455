package dev.turnout.stdlib.helper;

import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A helper's row as it is written: what it takes and gives, then what is said besides. Every method gives another row.
 *
 * @param others arguments for program types that have a prototype of their own
 */
record HelperRow(
        ResultKind result,
        List<ArgumentKind> arguments,
        List<Prototype> others,
        Callers callers,
        Set<MapKind> maps,
        Set<Trait> traits) {
    /** Arguments of the same helper in programs of certain types. */
    record Prototype(Set<ProgramType> types, List<ArgumentKind> arguments) {}

    /** What a call does or needs besides its arguments. */
    enum Trait {
        GPL,
        MOVES_PACKET,
        TAKES_PACKET,
        SLEEPS,
        SLEEPS_WHERE_IT_MAY,
        ACQUIRES,
        CASTS,
        SHOWS_ADDRESSES
    }

    static HelperRow gives(ResultKind result, ArgumentKind... arguments) {
        return new HelperRow(result, List.of(arguments), List.of(), Callers.MOST, Set.of(), Set.of());
    }

    static HelperRow number(ArgumentKind... arguments) {
        return gives(ResultKind.SCALAR, arguments);
    }

    static HelperRow nothing(ArgumentKind... arguments) {
        return gives(ResultKind.VOID, arguments);
    }

    HelperRow in(Callers programs) {
        return new HelperRow(result, arguments, others, programs, maps, traits);
    }

    HelperRow in(ProgramType... types) {
        return in(Callers.of(types));
    }

    /** The map argument is of one of these kinds. */
    HelperRow on(Set<MapKind> kinds) {
        return new HelperRow(result, arguments, others, callers, kinds, traits);
    }

    HelperRow on(MapKind... kinds) {
        return on(Set.of(kinds));
    }

    /** In programs of these types, the arguments are those. */
    HelperRow but(Callers types, ArgumentKind... instead) {
        List<Prototype> more = new java.util.ArrayList<>(others);
        more.add(new Prototype(types.types(), List.of(instead)));
        return new HelperRow(result, arguments, List.copyOf(more), callers, maps, traits);
    }

    private HelperRow with(Trait trait) {
        Set<Trait> more = EnumSet.of(trait);
        more.addAll(traits);
        return new HelperRow(result, arguments, others, callers, maps, Set.copyOf(more));
    }

    HelperRow gpl() {
        return with(Trait.GPL);
    }

    HelperRow movesPacket() {
        return with(Trait.MOVES_PACKET);
    }

    HelperRow takesPacket() {
        return with(Trait.TAKES_PACKET);
    }

    HelperRow sleeps() {
        return with(Trait.SLEEPS);
    }

    HelperRow sleepsWhereItMay() {
        return with(Trait.SLEEPS_WHERE_IT_MAY);
    }

    HelperRow acquires() {
        return with(Trait.ACQUIRES);
    }

    HelperRow casts() {
        return with(Trait.CASTS);
    }

    HelperRow showsAddresses() {
        return with(Trait.SHOWS_ADDRESSES);
    }
}
