package dev.turnout.verifier.kernel;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapField;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import java.util.List;
import java.util.Optional;

/** The kernel's own fields of a map's values and of allocated objects, by the pointers that lead to them. Not thread-safe. */
public final class OwnFields {
    private final BpfProgram program;
    private final ObjectTypes objects;

    public OwnFields(BpfProgram program) {
        this.program = program;
        this.objects = ObjectTypes.of(program);
    }

    public ObjectTypes objects() {
        return objects;
    }

    /** All of what lies in a region; none where it has none. */
    public List<MapField> of(Region region) {
        return switch (region) {
            case Region.MapValue value -> program.map(value.map()).fields();
            case Region.Allocated object -> objects.fields(object);
            default -> List.of(); // Nothing else holds any.
        };
    }

    /** The field of this kind that a value points to, if it points to one for sure. */
    public Optional<MapField> field(State state, Value value, MapField.Kind kind) {
        if (!(value instanceof Value.Pointer pointer) || pointer.isNullable()) {
            return Optional.empty();
        }
        Num at = state.offset(pointer);
        return of(pointer.region()).stream()
                .filter(field -> field.kind() == kind && at.equals(Num.constant(field.offset())))
                .findFirst();
    }
}
