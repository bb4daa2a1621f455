package dev.turnout.verifier.transfer;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelTypes;
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

    /** The field that keeps a counted pointer at this byte of a value. */
    static Optional<MapField> counted(MapDefinition map, Num at) {
        return map.fields().stream()
                .filter(field -> field.kind() == MapField.Kind.KPTR && at.equals(Num.constant(field.offset())))
                .findFirst();
    }

    /** What a program that loads such a pointer gets; absent where none is kept, or its type is none of the kernel's. */
    static Optional<Value> load(State state, MapDefinition map, Num at, KernelTypes types, boolean inReadSection) {
        for (MapField field : map.fields()) {
            boolean counted = field.kind() == MapField.Kind.KPTR;
            if (!at.equals(Num.constant(field.offset()))
                    || !(counted || field.kind() == MapField.Kind.KPTR_UNTRUSTED)) {
                continue;
            }
            int type = types.typeOf(new Region.KernelObject(field.type(), 0, Region.Trust.UNTRUSTED));
            if (type == 0) {
                return Optional.empty();
            }
            boolean kept = counted && inReadSection && UNTIL_SECTION_ENDS.contains(field.type());
            return Optional.of(object(state, field.type(), type, kept ? Region.Trust.RCU : Region.Trust.UNTRUSTED));
        }
        return Optional.empty();
    }

    /** A pointer to an object that may not be there. */
    static Value.Pointer object(State state, String name, int type, Region.Trust trust) {
        return new Value.Pointer(
                new Region.KernelObject(name, type, trust),
                Num.constant(0),
                Form.ZERO,
                state.source().fresh() | 1);
    }
}
