package dev.turnout.bpf.select;

import dev.turnout.bpf.machine.MachineBlock;
import dev.turnout.bpf.machine.MachineInsn;
import dev.turnout.bpf.machine.Place;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be made from nothing: numbers, references, places in the frame. Each is made where it is wanted first, or in front
 * of the outermost loop around that, and serves all that the place dominates. If registers get short, the allocator makes
 * such a value again where it is used, so that nothing is lost by asking for it early.
 *
 * <p>Variables of one data section lie at fixed distances from each other: the address of one serves the others, too, and
 * the distance goes into the access.
 */
final class SharedValues {
    private final ValueRegisters values;
    private final Map<Object, List<Made>> made = new HashMap<>();
    private boolean beside;

    /**
     * A value in a register.
     *
     * @param block of the IR, which dominates all that may use it
     * @param distance in its section, if it is the address of data
     */
    private record Made(int block, int register, int distance) {}

    /** The data of a section, wherever in it. */
    private record Section(String name) {}

    SharedValues(ValueRegisters values) {
        this.values = values;
    }

    /** Says that another block is selected now. */
    void startBlock() {
        beside = false;
    }

    /**
     * Says that only the end of the block is left. Some way may leave it in the middle of that, so that what is made from
     * here on is not there for all that the block dominates.
     */
    void end() {
        values.tail[values.block] = values.current.number();
        beside = true;
    }

    /** The register of a number, a reference, or a place in the frame. */
    int register(Object key) {
        int home = home();
        Made there = find(key, key instanceof Reference.ToData data ? data.offset() : 0, true, home);
        return there != null ? there.register : make(key, home).register;
    }

    /** A place for accesses to a byte of a data section: its own address, or that of another one near by. */
    Place place(Reference.ToData data) {
        int home = home();
        Made there = find(data, data.offset(), false, home);
        Made base = there != null ? there : make(data, home);
        return Place.at(base.register, data.offset() - base.distance);
    }

    private static Object group(Object key) {
        return key instanceof Reference.ToData(String section, int _) && !isKey(key) ? new Section(section) : key;
    }

    /** The byte of a key: whoever loads the object finds the sites of a key by what they refer to. */
    private static boolean isKey(Object key) {
        return key instanceof Reference.ToData(String section, int _) && section.equals(ObjectKey.BYTES_SECTION);
    }

    private @Nullable Made find(Object key, int distance, boolean exact, int home) {
        Made near = null;
        for (Made one : made.getOrDefault(group(key), List.of())) {
            if (values.dominators.dominates(one.block, home)) {
                if (one.distance == distance) {
                    return one;
                }
                near = near == null && !exact && ValueRegisters.fitsOffset((long) distance - one.distance) ? one : near;
            }
        }
        return near;
    }

    /** The block where a value is made that is wanted in the current one. */
    private int home() {
        int at = values.block;
        while (values.loops.innermost(at) >= 0) {
            at = values.dominators.parent(at);
        }
        return at;
    }

    private Made make(Object key, int home) {
        MachineBlock where = home == values.block ? values.current : values.out.block(values.tail[home]);
        int fresh = values.out.newRegister();
        where.add(recipe(key, fresh), values.here);
        Made one = new Made(home, fresh, key instanceof Reference.ToData data ? data.offset() : 0);
        if (home != values.block || !(beside || isKey(key))) {
            made.computeIfAbsent(group(key), _ -> new ArrayList<>()).add(one);
        }
        return one;
    }

    private static MachineInsn recipe(Object key, int into) {
        return switch (key) {
            case Long value -> new MachineInsn.Constant(into, value);
            case Reference reference -> new MachineInsn.Address(into, reference);
            case Place place -> new MachineInsn.SlotAddress(into, place.slot(), place.offset());
            default -> throw new IllegalStateException("no recipe for " + key);
        };
    }
}
