package dev.turnout.bpf.program;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.program.MapField.Kind;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the fields of a map's value, or of an object that a program allocates, that are the kernel's own, as Linux 7.2 finds them (btf.c): structs of certain names, and pointers with
 * certain tags, also inside of structs and arrays. Where the kernel would refuse the type (a lock twice, a timer in a map of per-CPU
 * values), libbpf creates the map without types, and so the values have no such fields: the list is empty.
 */
public final class SpecialFields {
    /** Fields that the kernel takes in one value. */
    private static final int MOST_FIELDS = 11;

    /** Structs and arrays in one another that the kernel follows. */
    private static final int DEEPEST = 32;

    private static final int MOST_VISITED = 100_000;

    /** Elements past all that a value may have fields in. */
    private static final long MANY = 1 << 20;

    private static final String CONTAINS = "contains:";
    private static final int READ_OR_WRITE_ONLY = 0x180;

    private static final Set<Kind> ONCE =
            EnumSet.of(Kind.SPIN_LOCK, Kind.RES_SPIN_LOCK, Kind.TIMER, Kind.WORKQUEUE, Kind.TASK_WORK, Kind.REFCOUNT);
    private static final Set<Kind> REPEATED = EnumSet.of(
            Kind.KPTR, Kind.KPTR_UNTRUSTED, Kind.KPTR_PERCPU, Kind.USER_POINTER, Kind.LIST_HEAD, Kind.RB_ROOT);
    private static final Set<MapKind> STORAGES =
            EnumSet.of(MapKind.SK_STORAGE, MapKind.INODE_STORAGE, MapKind.TASK_STORAGE, MapKind.CGRP_STORAGE);

    private static final Set<Kind> OF_MAPS = EnumSet.complementOf(EnumSet.of(Kind.LIST_NODE, Kind.RB_NODE));
    private static final Set<Kind> OF_OBJECTS =
            EnumSet.complementOf(EnumSet.of(Kind.TIMER, Kind.WORKQUEUE, Kind.TASK_WORK, Kind.USER_POINTER));

    private final Btf btf;
    private final Set<Kind> wanted;
    private int visited;
    private final List<MapField> found = new ArrayList<>();
    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    /** By the id of what they annotate. */
    private final Map<Integer, List<BtfType.DeclarationTag>> tags = new HashMap<>();

    /** The kernel would refuse. Never leaves this class. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused() {
            super("", null, false, false);
        }
    }

    private SpecialFields(Btf btf, Set<Kind> wanted) {
        this.btf = btf;
        this.wanted = wanted;
    }

    /** Those of a map's value of type {@code type}; 0 for one that is not known. */
    public static List<MapField> ofValue(Btf btf, MapKind map, int flags, int type, long bytes) {
        return type == 0 || (flags & READ_OR_WRITE_ONLY) != 0
                ? List.of()
                : new SpecialFields(btf, OF_MAPS).value(Optional.of(map), type, bytes);
    }

    /** Those of an object of type {@code type} that a program itself allocates. */
    public static List<MapField> ofObject(Btf btf, int type) {
        return btf.find(btf.strip(type)).orElse(null) instanceof BtfType.Composite struct
                ? new SpecialFields(btf, OF_OBJECTS).value(Optional.empty(), type, struct.size())
                : List.of();
    }

    /**
     * Those of a section's variables.
     *
     * @param places where the file has its variables, by name
     * @param bytes of the section
     */
    public static List<MapField> ofSection(Btf btf, String section, Map<String, Integer> places, long bytes) {
        return new SpecialFields(btf, OF_MAPS).section(section, places, bytes);
    }

    private List<MapField> value(Optional<MapKind> map, int type, long bytes) {
        try {
            int id = btf.strip(type);
            if (btf.find(id).orElse(null) instanceof BtfType.Composite struct && !struct.union()) {
                struct(struct, id, 0, 0);
            }
            return checked(map, bytes);
        } catch (Refused _) {
            return List.of();
        }
    }

    private List<MapField> section(String name, Map<String, Integer> places, long bytes) {
        try {
            btf.dataSection(name)
                    .ifPresent(described -> described.variables().forEach(placement -> {
                        if (btf.find(placement.variable()).orElse(null) instanceof BtfType.Variable variable
                                && places.containsKey(variable.name())) {
                            one(placement.variable(), -1, variable.type(), places.get(variable.name()), 0);
                        }
                    }));
            return checked(Optional.of(MapKind.ARRAY), bytes);
        } catch (Refused _) {
            return List.of();
        }
    }

    private static int place(long offset) {
        if (offset != (int) offset) {
            throw new Refused();
        }
        return (int) offset;
    }

    private void struct(BtfType.Composite struct, int id, long offset, int depth) {
        if (depth >= DEEPEST) {
            throw new Refused();
        }
        int index = 0;
        for (BtfType.Member member : struct.members()) {
            // Types of a few kilobytes can nest themselves into billions of parts.
            if (++visited > MOST_VISITED) {
                throw new Refused();
            }
            one(id, index++, member.type(), offset + member.bitOffset() / 8, depth);
        }
    }

    /**
     * A member or variable.
     *
     * @param owner what tags of it name, with {@code component}
     */
    private void one(int owner, int component, int type, long offset, int depth) {
        int at = type;
        long count = 1;
        for (int i = 0; btf.find(at).orElse(null) instanceof BtfType.Array array; i++) {
            if (i == DEEPEST) {
                throw new Refused();
            }
            count = Math.min(count * Math.min(array.count(), MANY), MANY);
            at = array.of();
        }
        if (count == 0) {
            return;
        }
        int first = found.size();
        long bytes = 0;
        switch (btf.find(at).orElse(null)) {
            case BtfType.Composite struct
            when kind(struct).isPresent() -> {
                bytes = struct.size();
                special(kind(struct).get(), struct, owner, component, offset);
            }
            case BtfType.Composite struct
            when !struct.union() -> {
                bytes = struct.size();
                struct(struct, at, offset, depth + 1);
            }
            case BtfType.Pointer _ -> {
                bytes = 8;
                pointer(at, offset);
            }
            case BtfType.Modifier modifier
            when modifier.kind() == BtfType.Modifier.Kind.VOLATILE -> {
                bytes = 8;
                pointer(modifier.to(), offset);
            }
            case null, default -> {}
        }
        repeat(first, count, bytes);
    }

    private Optional<Kind> kind(BtfType.Composite struct) {
        for (Kind kind : wanted) {
            if (!isPointer(kind) && kind.kernelName().equals(struct.name())) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    private static boolean isPointer(Kind kind) {
        return kind == Kind.KPTR
                || kind == Kind.KPTR_UNTRUSTED
                || kind == Kind.KPTR_PERCPU
                || kind == Kind.USER_POINTER;
    }

    private void special(Kind kind, BtfType.Composite struct, int owner, int component, long offset) {
        if (ONCE.contains(kind) && !seen.add(kind)) {
            throw new Refused();
        }
        String contained = "";
        if (kind == Kind.LIST_HEAD || kind == Kind.RB_ROOT) {
            contained = contained(owner, component);
            if (contained.isEmpty()) {
                throw new Refused();
            }
        }
        int colon = contained.indexOf(':');
        add(new MapField(
                kind,
                place(offset),
                place(struct.size()),
                colon < 0 ? contained : contained.substring(0, colon),
                colon < 0 ? "" : contained.substring(colon + 1)));
    }

    /** {@code type:member} of the tag on a root, without which it may not be; empty if there is none. */
    private String contained(int owner, int component) {
        if (tags.isEmpty()) {
            for (BtfType type : btf.types()) {
                if (type instanceof BtfType.DeclarationTag tag) {
                    tags.computeIfAbsent(tag.to(), _ -> new ArrayList<>()).add(tag);
                }
            }
        }
        for (BtfType.DeclarationTag tag : tags.getOrDefault(owner, List.of())) {
            if (tag.component() == component && tag.name().startsWith(CONTAINS)) {
                return tag.name().substring(CONTAINS.length());
            }
        }
        return "";
    }

    private void pointer(int pointer, long offset) {
        if (!(btf.find(pointer).orElse(null) instanceof BtfType.Pointer(int to))) {
            return;
        }
        int at = to;
        Optional<Kind> tagged = Optional.empty();
        for (int i = 0; i < DEEPEST && btf.find(at).orElse(null) instanceof BtfType.Modifier modifier; i++) {
            for (Kind kind : wanted) {
                if (modifier.kind() == BtfType.Modifier.Kind.TYPE_TAG
                        && isPointer(kind)
                        && kind.kernelName().equals(modifier.name())) {
                    tagged = Optional.of(kind);
                }
            }
            at = modifier.to();
        }
        if (tagged.isEmpty()) {
            return;
        }
        BtfType target = btf.find(btf.strip(at)).orElse(null);
        if (!(target instanceof BtfType.Composite || target instanceof BtfType.Forward)) {
            throw new Refused();
        }
        add(new MapField(tagged.get(), place(offset), 8, target.name()));
    }

    private void add(MapField field) {
        if (found.size() == MOST_FIELDS) {
            throw new Refused();
        }
        found.add(field);
    }

    /** An array has the fields of its element as often as it has elements. */
    private void repeat(int first, long count, long bytes) {
        int fields = found.size() - first;
        if (fields == 0 || count == 1) {
            return;
        }
        for (int i = first; i < first + fields; i++) {
            if (!REPEATED.contains(found.get(i).kind())) {
                throw new Refused();
            }
        }
        for (long element = 1; element < count; element++) {
            for (int i = first; i < first + fields; i++) {
                MapField field = found.get(i);
                add(new MapField(
                        field.kind(),
                        place(field.offset() + element * bytes),
                        field.bytes(),
                        field.type(),
                        field.node()));
            }
        }
    }

    private List<MapField> checked(Optional<MapKind> map, long bytes) {
        found.sort(Comparator.comparingInt(MapField::offset));
        long end = 0;
        for (MapField field : found) {
            boolean held = map.isEmpty() || holds(map.get(), field.kind());
            if (!held || field.offset() < end || (long) field.offset() + field.bytes() > bytes) {
                return List.of();
            }
            end = (long) field.offset() + field.bytes();
        }
        boolean roots = has(Kind.LIST_HEAD) || has(Kind.RB_ROOT);
        boolean locked = has(Kind.SPIN_LOCK) || has(Kind.RES_SPIN_LOCK);
        boolean bothLocks = has(Kind.SPIN_LOCK) && has(Kind.RES_SPIN_LOCK);
        return bothLocks || (roots && !locked) ? List.of() : found;
    }

    private boolean has(Kind kind) {
        return found.stream().anyMatch(field -> field.kind() == kind);
    }

    private static boolean holds(MapKind map, Kind kind) {
        boolean plain = map == MapKind.HASH || map == MapKind.ARRAY;
        return switch (kind) {
            case SPIN_LOCK, RES_SPIN_LOCK ->
                plain || map == MapKind.RHASH || map == MapKind.CGROUP_STORAGE || STORAGES.contains(map);
            case TIMER, WORKQUEUE, TASK_WORK -> plain || map == MapKind.RHASH || map == MapKind.LRU_HASH;
            case KPTR, KPTR_UNTRUSTED, KPTR_PERCPU, REFCOUNT ->
                plain
                        || map == MapKind.RHASH
                        || map == MapKind.PERCPU_HASH
                        || map == MapKind.LRU_HASH
                        || map == MapKind.LRU_PERCPU_HASH
                        || map == MapKind.PERCPU_ARRAY
                        || STORAGES.contains(map);
            case USER_POINTER -> map == MapKind.TASK_STORAGE;
            case LIST_HEAD, RB_ROOT -> plain || map == MapKind.LRU_HASH;
            case LIST_NODE, RB_NODE -> false; // Of objects that programs allocate, never of a map's value.
        };
    }
}
