package dev.turnout.bpf.btf;

import java.util.List;
import java.util.Optional;

/**
 * All types of an object.
 *
 * @param types by id, from id 1 on
 */
public record Btf(List<BtfType> types) {
    public static final Btf EMPTY = new Btf(List.of());

    /** The first two bytes of both sections. */
    static final int MAGIC = 0xeb9f;

    public Btf {
        types = List.copyOf(types);
    }

    /** The type of this id; nothing for {@code void} (0) and ids that are none. */
    public Optional<BtfType> find(int id) {
        return id >= 1 && id <= types.size() ? Optional.of(types.get(id - 1)) : Optional.empty();
    }

    /** The id behind names and qualifiers: what is left of {@code const T} where T names a struct is the struct; 0 for void. */
    public int strip(int id) {
        int at = id;
        // A chain that is longer than there are types goes round.
        for (int i = 0; i <= types.size(); i++) {
            switch (find(at).orElse(null)) {
                case BtfType.Modifier modifier -> at = modifier.to();
                case BtfType.Typedef typedef -> at = typedef.to();
                case null, default -> {
                    return at;
                }
            }
        }
        return 0;
    }

    /** The variables of the section of this name; nothing if it is not described. */
    public Optional<BtfType.DataSection> dataSection(String name) {
        for (BtfType type : types) {
            if (type instanceof BtfType.DataSection section && section.name().equals(name)) {
                return Optional.of(section);
            }
        }
        return Optional.empty();
    }
}
