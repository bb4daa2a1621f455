package dev.turnout.verifier.transfer;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelTypes;
import dev.turnout.verifier.kernel.ObjectTypes;
import java.util.Optional;
import java.util.Set;

/**
 * Pointers to objects of the kernel that a map's values keep. Linux 7.2, {@code btf_ld_kptr_type}: such an object may go at any moment,
 * unless it is of a type that is freed only behind the RCU read sections that could have seen it.
 */
final class KeptPointers {
    /** Types whose objects live until the read section ends. */
    private static final Set<String> UNTIL_SECTION_ENDS =
            Set.of("cgroup", "bpf_cpumask", "task_struct", "bpf_crypto_ctx");

    private KeptPointers() {}

    /** What a program that loads such a pointer gets; absent where none is kept, or nothing is known of its type. */
    static Optional<Value> load(
            State state, MapDefinition map, Num at, KernelTypes types, ObjectTypes objects, boolean inReadSection) {
        for (MapField field : map.fields()) {
            boolean counted = field.kind() == MapField.Kind.KPTR;
            if (!at.equals(Num.constant(field.offset()))
                    || !(counted || field.kind() == MapField.Kind.KPTR_UNTRUSTED)) {
                continue;
            }
            boolean kept = counted && inReadSection;
            return region(
                            field,
                            types,
                            objects,
                            kept && UNTIL_SECTION_ENDS.contains(field.type())
                                    ? Region.Trust.RCU
                                    : Region.Trust.UNTRUSTED,
                            kept ? Region.Standing.KEPT : Region.Standing.LOST)
                    .map(region -> orNull(state, region));
        }
        return Optional.empty();
    }

    /** What the field's pointers lead to: an object of the kernel, or of the program's own types; absent if neither is known. */
    static Optional<Region> region(
            MapField field, KernelTypes types, ObjectTypes objects, Region.Trust trust, Region.Standing standing) {
        int type = types.typeOf(new Region.KernelObject(field.type(), 0, trust));
        return type != 0
                ? Optional.of(new Region.KernelObject(field.type(), type, trust))
                : objects.named(field.type(), standing).map(object -> object);
    }

    /** A pointer to what may not be there. */
    static Value.Pointer orNull(State state, Region region) {
        return new Value.Pointer(
                region, Num.constant(0), Form.ZERO, state.source().fresh() | 1);
    }
}
