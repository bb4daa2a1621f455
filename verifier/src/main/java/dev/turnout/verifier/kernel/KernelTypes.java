package dev.turnout.verifier.kernel;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.Region.Trust;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Loads from objects of the kernel, by its types. */
public final class KernelTypes {
    /** Structs, arrays and unions in one another that are followed. */
    private static final int DEEPEST = 32;

    private static final Loaded NUMBER = new Loaded.Number();

    /** Members that are as good as the object that holds them: Linux 7.2's short list. */
    private static final Map<String, Set<String>> TRUSTED = Map.of(
            "bpf_iter_meta", Set.of("seq"),
            "bpf_iter__task", Set.of("meta", "task"),
            "linux_binprm", Set.of("file"),
            "file", Set.of("f_inode"));

    /** The same, but they may be null. */
    private static final Map<String, Set<String>> TRUSTED_OR_NULL = Map.of(
            "dentry", Set.of("d_inode"),
            "socket", Set.of("sk"),
            "vm_area_struct", Set.of("vm_mm", "vm_file"));

    /** Members that lead to objects which live as long as the RCU read section. */
    private static final Map<String, Set<String>> RCU = Map.of(
            "task_struct", Set.of("cpus_ptr", "cgroups", "real_parent", "group_leader"),
            "cgroup", Set.of("kn"),
            "css_set", Set.of("dfl_cgrp"),
            "cgroup_subsys_state", Set.of("cgroup"));

    /** The same, but they may be null, as may all that the kernel tags so. */
    private static final Map<String, Set<String>> RCU_OR_NULL =
            Map.of("mm_struct", Set.of("exe_file", "owner"), "sk_buff", Set.of("sk"), "request_sock", Set.of("sk"));

    private final KernelBtf btf;

    KernelTypes(KernelBtf btf) {
        this.btf = btf;
    }

    /** Of the kernel that the program is judged for. */
    public static KernelTypes of(BpfProgram program) {
        return new KernelTypes(program.surroundings().kernel());
    }

    /** The number of the object's type; 0 if the kernel's types do not say, or there are none. */
    public int typeOf(Region.KernelObject object) {
        return object.type() != 0 ? object.type() : btf.named(object.name(), BtfType.Composite.class);
    }

    /** Whether the kernel has a function of this name that programs may know of. */
    public boolean hasFunction(String name) {
        return btf.named(name, BtfType.Function.class) != 0;
    }

    /** A pointer to the type {@code id} as a program holds it: a number where it is no struct. */
    Loaded pointer(int id, Trust trust, boolean nullable) {
        return new Walk(true).target(id, trust, nullable);
    }

    /**
     * What {@code bytes} bytes at {@code offset} of an object are.
     *
     * @param inReadSection whether RCU keeps alive what the object leads to; if not, that may be gone by the time it is looked at
     */
    public Loaded load(Region.KernelObject object, long offset, long bytes, boolean inReadSection) {
        return new Walk(inReadSection).load(object, typeOf(object), offset, bytes);
    }

    /** What {@code bytes} bytes at {@code offset} of the kernel's record of a map are. */
    public Loaded load(MapKind map, long offset, long bytes) {
        int type = map.kernelStruct().isEmpty() ? 0 : btf.named(map.kernelStruct(), BtfType.Composite.class);
        return type == 0
                ? new Loaded.Refused("what the kernel keeps of such a map is known from its types only")
                : load(new Region.KernelObject(map.kernelStruct(), type, Trust.WALKED), offset, bytes, true);
    }

    /** Whether the object is of this type, or begins with one that is: a {@code tcp_sock} begins with a {@code sock}. */
    public boolean begins(Region.KernelObject object, String with) {
        return holds(object, 0, with);
    }

    /** Whether an object of this type begins at that byte of the object, be it the object itself or a part of it. */
    public boolean holds(Region.KernelObject object, long offset, String type) {
        int id = typeOf(object);
        long at = offset;
        for (int i = 0; i < DEEPEST; i++) {
            switch (btf.find(btf.strip(id)).orElse(null)) {
                case BtfType.Composite struct -> {
                    if (at == 0 && struct.name().equals(type)) {
                        return true;
                    }
                    Optional<BtfType.Member> part = part(struct, at);
                    if (part.isEmpty()) {
                        return false;
                    }
                    id = part.get().type();
                    at -= part.get().bitOffset() / 8;
                }
                case BtfType.Array array -> {
                    long element = size(array.of(), 0);
                    if (element == 0) {
                        return false;
                    }
                    id = array.of();
                    at %= element;
                }
                case null, default -> {
                    return false;
                }
            }
        }
        return false;
    }

    private Optional<BtfType.Member> part(BtfType.Composite struct, long at) {
        return struct.members().stream()
                .filter(member -> member.bitSize() == 0
                        && at >= member.bitOffset() / 8
                        && at < member.bitOffset() / 8 + size(member.type(), 0))
                .findFirst();
    }

    /** One walk into an object. */
    private final class Walk {
        private final boolean inReadSection;
        private boolean union;

        Walk(boolean inReadSection) {
            this.inReadSection = inReadSection;
        }

        Loaded load(Region.KernelObject object, int type, long offset, long bytes) {
            int id = type;
            long at = offset;
            for (int depth = 0; depth < DEEPEST; depth++) {
                if (!(btf.find(btf.strip(id)).orElse(null) instanceof BtfType.Composite struct)) {
                    return refused(object, offset);
                }
                union |= struct.union() && struct.members().size() != 1;
                if (at < 0 || at + bytes > struct.size()) {
                    Step behind = flexible(struct, at);
                    switch (behind) {
                        case Step.Into(int element, long inside) -> {
                            id = element;
                            at = inside;
                        }
                        case Step.Done(Loaded loaded) -> {
                            return loaded;
                        }
                        case Step.Nowhere _ -> {
                            return new Loaded.Refused("`" + struct.name() + "` has " + struct.size() + " bytes");
                        }
                    }
                    continue;
                }
                switch (member(object, struct, at, bytes)) {
                    case Step.Into(int inner, long inside) -> {
                        id = inner;
                        at = inside;
                    }
                    case Step.Done(Loaded loaded) -> {
                        return loaded;
                    }
                    case Step.Nowhere _ -> {
                        return refused(object, offset);
                    }
                }
            }
            return refused(object, offset);
        }

        private Loaded refused(Region.KernelObject object, long offset) {
            return new Loaded.Refused("`" + object.name() + "` has no field at byte " + offset);
        }

        /** An array without a length at the end of a struct goes on past it. */
        private Step flexible(BtfType.Composite struct, long at) {
            if (struct.members().isEmpty()) {
                return new Step.Nowhere();
            }
            BtfType.Member last = struct.members().getLast();
            long start = last.bitOffset() / 8;
            if (!(btf.find(btf.strip(last.type())).orElse(null) instanceof BtfType.Array array)
                    || array.count() != 0
                    || at < start) {
                return new Step.Nowhere();
            }
            return switch (btf.find(btf.strip(array.of())).orElse(null)) {
                case BtfType.Int _ -> new Step.Done(NUMBER);
                case BtfType.Composite element
                when element.size() > 0 -> new Step.Into(array.of(), (at - start) % element.size());
                case null, default -> new Step.Nowhere();
            };
        }

        private Step member(Region.KernelObject object, BtfType.Composite struct, long at, long bytes) {
            for (BtfType.Member member : struct.members()) {
                long start = member.bitOffset() / 8;
                if (member.bitSize() != 0) {
                    long end = (member.bitOffset() + member.bitSize() + 7L) / 8;
                    if (at <= start && end <= at + bytes) {
                        return new Step.Done(NUMBER);
                    }
                    continue;
                }
                long size = size(member.type(), 0);
                if (at + bytes <= start) {
                    return new Step.Nowhere();
                }
                if (at >= start + size) {
                    continue;
                }
                return inside(object, struct, member, at - start, bytes, size);
            }
            return new Step.Nowhere();
        }

        /** @param at from the start of the member */
        private Step inside(
                Region.KernelObject object,
                BtfType.Composite struct,
                BtfType.Member member,
                long at,
                long bytes,
                long size) {
            int id = member.type();
            long left = at;
            for (int i = 0; i < DEEPEST; i++) {
                if (!(btf.find(btf.strip(id)).orElse(null) instanceof BtfType.Array array)) {
                    break;
                }
                id = array.of();
                long element = size(id, 0);
                if (element == 0) {
                    return new Step.Nowhere();
                }
                left %= element;
            }
            return switch (btf.find(btf.strip(id)).orElse(null)) {
                case BtfType.Composite _ -> new Step.Into(id, left);
                case BtfType.Pointer pointer ->
                    left == 0 && bytes == 8
                            ? new Step.Done(follow(object, member.name(), pointer.to()))
                            : new Step.Done(new Loaded.Refused("the pointer `" + member.name() + "` of `"
                                    + struct.name() + "` is read whole, as 8 bytes, or not at all"));
                case null, default -> at + bytes <= size ? new Step.Done(NUMBER) : new Step.Nowhere();
            };
        }

        private Loaded follow(Region.KernelObject from, String member, int to) {
            boolean believed = (from.trust() == Trust.TRUSTED || from.trust() == Trust.RCU) && !union;
            // Also where the member stands in a part of the object that has no name.
            String struct = from.name();
            if (believed && TRUSTED.getOrDefault(struct, Set.of()).contains(member)) {
                return target(to, from.trust(), false);
            }
            if (believed && TRUSTED_OR_NULL.getOrDefault(struct, Set.of()).contains(member)) {
                return target(to, from.trust(), true);
            }
            if (from.trust() == Trust.TRUSTED || from.trust() == Trust.RCU) {
                if (!inReadSection) {
                    return target(to, Trust.UNTRUSTED, false);
                }
                if (RCU.getOrDefault(struct, Set.of()).contains(member)) {
                    return target(to, Trust.RCU, false);
                }
                if (RCU_OR_NULL.getOrDefault(struct, Set.of()).contains(member)) {
                    return target(to, Trust.RCU, true);
                }
                if (hasTag(to, "rcu")) {
                    return target(to, union ? Trust.UNTRUSTED : Trust.RCU, true);
                }
            }
            // What a union holds may be something else.
            return target(to, from.trust() == Trust.UNTRUSTED || union ? Trust.UNTRUSTED : Trust.WALKED, false);
        }

        private boolean hasTag(int to, String tag) {
            int id = to;
            for (int i = 0; i < DEEPEST; i++) {
                if (!(btf.find(id).orElse(null) instanceof BtfType.Modifier modifier)) {
                    return false;
                }
                if (modifier.kind() == BtfType.Modifier.Kind.TYPE_TAG
                        && modifier.name().equals(tag)) {
                    return true;
                }
                id = modifier.to();
            }
            return false;
        }

        /** Pointers into user memory and to per-CPU variables are not followed: they are numbers here. */
        Loaded target(int to, Trust trust, boolean nullable) {
            int id = to;
            for (int i = 0; i < DEEPEST; i++) {
                switch (btf.find(id).orElse(null)) {
                    case BtfType.Modifier modifier -> {
                        boolean tag = modifier.kind() == BtfType.Modifier.Kind.TYPE_TAG;
                        if (tag
                                && (modifier.name().equals("user")
                                        || modifier.name().equals("percpu"))) {
                            return NUMBER;
                        }
                        id = modifier.to();
                    }
                    case BtfType.Typedef typedef -> id = typedef.to();
                    case BtfType.Composite struct -> {
                        return new Loaded.Pointer(new Region.KernelObject(struct.name(), id, trust), nullable);
                    }
                    case null, default -> {
                        return NUMBER;
                    }
                }
            }
            return NUMBER;
        }
    }

    /** Where a walk goes on. */
    private sealed interface Step {
        record Into(int type, long at) implements Step {}

        record Done(Loaded loaded) implements Step {}

        record Nowhere() implements Step {}
    }

    /** Bytes of a type; 0 where it has none. */
    long size(int type, int depth) {
        if (depth > DEEPEST) {
            return 0;
        }
        return switch (btf.find(btf.strip(type)).orElse(null)) {
            case BtfType.Int number -> number.bytes();
            case BtfType.Pointer _ -> 8;
            case BtfType.Array array -> {
                long element = size(array.of(), depth + 1);
                yield array.count() > Integer.MAX_VALUE ? 0 : element * array.count();
            }
            case BtfType.Composite struct -> struct.size();
            case BtfType.Enumeration enumeration -> enumeration.bytes();
            case BtfType.FloatingPoint number -> number.bytes();
            case null, default -> 0;
        };
    }
}
