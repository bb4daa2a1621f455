package dev.turnout.verifier.kernel;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapField;
import dev.turnout.bpf.program.SpecialFields;
import dev.turnout.verifier.domain.Region;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The structs of a program's own types, as it allocates objects of them. Not thread-safe: what was asked is remembered. */
public final class ObjectTypes {
    private final Btf btf;
    private final Map<Integer, List<MapField>> fields = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    private ObjectTypes(Btf btf) {
        this.btf = btf;
    }

    public static ObjectTypes of(BpfProgram program) {
        return new ObjectTypes(program.surroundings().types());
    }

    /** An object of the struct type of this number; absent if there is none. */
    public Optional<Region.Allocated> ofNumber(long number, Region.Standing standing) {
        int id = number == (int) number ? (int) number : 0;
        return btf.find(id).orElse(null) instanceof BtfType.Composite struct && !struct.union()
                ? Optional.of(new Region.Allocated(struct.name(), id, struct.size(), standing))
                : Optional.empty();
    }

    /** The same by the type's name. */
    public Optional<Region.Allocated> named(String name, Region.Standing standing) {
        return ofNumber(numbers.computeIfAbsent(name, this::number), standing);
    }

    private int number(String name) {
        for (int id = 1; id <= btf.types().size(); id++) {
            if (btf.types().get(id - 1) instanceof BtfType.Composite struct
                    && struct.name().equals(name)
                    && !struct.union()) {
                return id;
            }
        }
        return 0;
    }

    /** What of such an object is the kernel's own. */
    public List<MapField> fields(Region.Allocated object) {
        return fields.computeIfAbsent(object.type(), type -> SpecialFields.ofObject(btf, type));
    }

    /** Bytes from the start of a struct to its member; absent if it has none of that name. */
    public OptionalLong offset(String struct, String member) {
        return btf.find(numbers.computeIfAbsent(struct, this::number)).orElse(null) instanceof BtfType.Composite found
                ? found.members().stream()
                        .filter(one -> one.name().equals(member))
                        .mapToLong(one -> one.bitOffset() / 8)
                        .findFirst()
                : OptionalLong.empty();
    }
}
