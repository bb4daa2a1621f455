package dev.turnout.bpf.core;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.TypeRelocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Fits a program to a kernel: the instructions that depend on its types hold its numbers afterwards. */
public final class KernelFit {
    /** Calls this helper in place of an instruction whose question has no answer: libbpf's number. */
    public static final int POISON = 0xbad2310;

    /** Types that are compared for one question: hostile ones refer to each other without end. */
    private static final int MOST_COMPARED = 10_000;

    private final TypeTable ours;
    private final TypeTable theirs;
    private final KernelBtf kernel;

    private KernelFit(BpfProgram program, KernelBtf kernel) {
        ours = new TypeTable(id -> program.surroundings().types().find(id));
        theirs = new TypeTable(kernel::find);
        this.kernel = kernel;
    }

    /** The program before this kernel. Without types of one, it keeps the numbers that it was compiled with. */
    public static BpfProgram fit(BpfProgram program, KernelBtf kernel) {
        if (kernel.size() == 0) {
            return program;
        }
        List<TypeRelocation> relocations = program.surroundings().relocations();
        return relocations.isEmpty()
                ? program.on(kernel)
                : program.on(kernel).with(new KernelFit(program, kernel).code(program.code(), relocations));
    }

    private Code code(Code code, List<TypeRelocation> relocations) {
        Map<Integer, TypeRelocation> bySlot = new HashMap<>();
        relocations.forEach(relocation -> bySlot.put(relocation.slot(), relocation));
        List<Insn> insns = new ArrayList<>(code.size());
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            TypeRelocation relocation = bySlot.get(slot);
            Optional<Insn> fitted = relocation == null ? Optional.of(insn) : fitted(insn, relocation);
            if (fitted.isPresent()) {
                insns.add(fitted.get());
            } else {
                for (int i = 0; i < insn.slots(); i++) {
                    insns.add(new Insn.CallHelper(POISON));
                }
            }
        }
        return Code.of(insns);
    }

    private Optional<Insn> fitted(Insn insn, TypeRelocation relocation) {
        return switch (relocation.kind()) {
            case 0, 1, 2, 3, 4, 5 -> field(insn, relocation);
            case 6 -> Optional.of(insn);
            case 7, 8, 9, 12 -> patched(insn, type(relocation), OptionalLong.empty());
            case 10, 11 -> enumerator(insn, relocation);
            default -> Optional.empty();
        };
    }

    /** Types of the kernel of the same kind and name. */
    private List<Integer> candidates(int local) {
        BtfType type = ours.at(local);
        String name = TypeTable.essential(type.name());
        List<Integer> found = new ArrayList<>();
        for (int id : kernel.named(name)) {
            if (!name.isEmpty() && TypeTable.sameKind(type, theirs.at(id))) {
                found.add(id);
            }
        }
        return found;
    }

    private Optional<Insn> field(Insn insn, TypeRelocation relocation) {
        Optional<LocalPlace> local = LocalPlace.ofField(ours, relocation.type(), relocation.access());
        if (local.isEmpty()) {
            return Optional.empty();
        }
        List<KernelPlace> places = new ArrayList<>();
        for (int id : candidates(relocation.type())) {
            KernelPlace.of(local.get(), theirs, id).ifPresent(places::add);
        }
        if (relocation.kind() == 2) {
            return patched(insn, OptionalLong.of(places.isEmpty() ? 0 : 1), OptionalLong.empty());
        }
        Set<Long> values = new HashSet<>();
        for (KernelPlace place : places) {
            OptionalLong value = value(place, relocation.kind());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value.getAsLong());
        }
        // Two types of the name that say two things say nothing.
        if (values.size() != 1) {
            return Optional.empty();
        }
        long value = values.iterator().next();
        OptionalLong bytes = OptionalLong.empty();
        KernelPlace place = places.getFirst();
        if (relocation.kind() == 0 && place.bitSize() == 0) {
            Optional<KernelPlace> before = KernelPlace.of(local.get(), ours, relocation.type());
            long size = theirs.size(theirs.element(place.type()));
            long compiled =
                    before.map(one -> ours.size(ours.element(one.type()))).orElse(size);
            if (size != compiled) {
                if (!adapts(before.orElseThrow(), place)) {
                    return loadsOrStores(insn) ? Optional.empty() : patched(insn, OptionalLong.of(value), bytes);
                }
                bytes = OptionalLong.of(size);
            }
        }
        return patched(insn, OptionalLong.of(value), bytes);
    }

    private static boolean loadsOrStores(Insn insn) {
        return insn instanceof Insn.Load || insn instanceof Insn.Store || insn instanceof Insn.Atomic;
    }

    /** Whether a field of another size can be read with a load of that size: a number without a sign, or a pointer. */
    private boolean adapts(KernelPlace compiled, KernelPlace found) {
        BtfType one = ours.stripped(compiled.type());
        BtfType other = theirs.stripped(found.type());
        if (one instanceof BtfType.Pointer && other instanceof BtfType.Pointer) {
            return true;
        }
        return one instanceof BtfType.Int && other instanceof BtfType.Int && !compiled.isSigned() && !found.isSigned();
    }

    private static OptionalLong value(KernelPlace place, int kind) {
        KernelPlace.Window window = place.window();
        if (place.bitSize() != 0 && window.bytes() == 0) {
            return OptionalLong.empty();
        }
        if (place.element() && kind > 1) {
            return OptionalLong.empty();
        }
        return switch (kind) {
            case 0 -> OptionalLong.of(window.offset());
            case 1 -> OptionalLong.of(window.bytes());
            case 3 -> OptionalLong.of(place.isSigned() ? 1 : 0);
            case 4 -> OptionalLong.of(64 - (place.bitOffset() + place.bits() - window.offset() * 8));
            case 5 -> OptionalLong.of(64 - place.bits());
            default -> throw new IllegalArgumentException("no field is asked for " + kind);
        };
    }

    /** A type that the kernel does not have is of size and number 0, and does not exist. */
    private OptionalLong type(TypeRelocation relocation) {
        for (int id : candidates(relocation.type())) {
            boolean fits = relocation.kind() == 12
                    ? matches(relocation.type(), id)
                    : isSameSort(relocation.type(), id, new int[1], 0);
            if (fits) {
                return OptionalLong.of(
                        switch (relocation.kind()) {
                            case 7 -> id;
                            case 9 -> Math.max(0, theirs.size(id));
                            default -> 1;
                        });
            }
        }
        return OptionalLong.of(0);
    }

    /** @param compared so far */
    private boolean isSameSort(int one, int other, int[] compared, int depth) {
        BtfType local = ours.stripped(one);
        BtfType target = theirs.stripped(other);
        if (depth > 32 || compared[0]++ > MOST_COMPARED || !TypeTable.sameKind(local, target)) {
            return false;
        }
        return switch (local) {
            case BtfType.Pointer(int to) ->
                target instanceof BtfType.Pointer that && isSameSort(to, that.to(), compared, depth + 1);
            case BtfType.Array array ->
                target instanceof BtfType.Array that && isSameSort(array.of(), that.of(), compared, depth + 1);
            case BtfType.Prototype prototype -> {
                if (!(target instanceof BtfType.Prototype that)
                        || prototype.parameters().size() != that.parameters().size()
                        || !isSameSort(prototype.result(), that.result(), compared, depth + 1)) {
                    yield false;
                }
                for (int i = 0; i < prototype.parameters().size(); i++) {
                    if (!isSameSort(
                            prototype.parameters().get(i).type(),
                            that.parameters().get(i).type(),
                            compared,
                            depth + 1)) {
                        yield false;
                    }
                }
                yield true;
            }
            default -> true; // Structs, enumerations and numbers of one name are not looked into.
        };
    }

    /** Every member and enumerator of the program's own type is in the kernel's, and of the same sort. */
    private boolean matches(int one, int other) {
        if (!isSameSort(one, other, new int[1], 0)) {
            return false;
        }
        return switch (ours.stripped(one)) {
            case BtfType.Composite local -> {
                Map<String, Integer> target = new HashMap<>();
                if (theirs.stripped(other) instanceof BtfType.Composite struct) {
                    struct.members().forEach(member -> target.put(member.name(), member.type()));
                }
                yield local.members().stream()
                        .allMatch(member -> target.containsKey(member.name())
                                && KernelPlace.isCompatible(ours, member.type(), theirs, target.get(member.name()), 0));
            }
            case BtfType.Enumeration local -> {
                Set<String> target = new HashSet<>();
                if (theirs.stripped(other) instanceof BtfType.Enumeration enumeration) {
                    enumeration.members().forEach(member -> target.add(TypeTable.essential(member.name())));
                }
                yield local.members().stream().allMatch(member -> target.contains(TypeTable.essential(member.name())));
            }
            default -> true; // The rest has no parts with names.
        };
    }

    private Optional<Insn> enumerator(Insn insn, TypeRelocation relocation) {
        if (!(ours.stripped(relocation.type()) instanceof BtfType.Enumeration local)
                || !relocation.access().matches("\\d{1,6}")
                || Integer.parseInt(relocation.access()) >= local.members().size()) {
            return Optional.empty();
        }
        String name = TypeTable.essential(
                local.members().get(Integer.parseInt(relocation.access())).name());
        Set<Long> values = new HashSet<>();
        for (int id : candidates(relocation.type())) {
            if (theirs.stripped(id) instanceof BtfType.Enumeration target) {
                target.members().stream()
                        .filter(member -> TypeTable.essential(member.name()).equals(name))
                        .findFirst()
                        .ifPresent(member -> values.add(member.value()));
            }
        }
        if (relocation.kind() == 10) {
            return patched(insn, OptionalLong.of(values.isEmpty() ? 0 : 1), OptionalLong.empty());
        }
        return values.size() == 1
                ? patched(insn, OptionalLong.of(values.iterator().next()), OptionalLong.empty())
                : Optional.empty();
    }

    /**
     * The instruction with another number.
     *
     * @param bytes the size of a load or store, if it changes
     */
    private static Optional<Insn> patched(Insn insn, OptionalLong number, OptionalLong bytes) {
        long value = number.orElseThrow();
        return switch (insn) {
            case Insn.Alu alu
            when alu.src() instanceof Operand.Immediate ->
                Optional.of(new Insn.Alu(alu.op(), alu.width(), alu.dst(), new Operand.Immediate((int) value)));
            case Insn.Wide wide -> Optional.of(Insn.Wide.constant(wide.dst(), value));
            case Insn.Load load
            when value == (short) value ->
                size(load.size(), bytes)
                        .map(size -> new Insn.Load(size, load.signed(), load.dst(), load.base(), (int) value));
            case Insn.Store store
            when value == (short) value ->
                size(store.size(), bytes).map(size -> new Insn.Store(size, store.base(), (int) value, store.value()));
            case Insn.Atomic atomic
            when value == (short) value ->
                Optional.of(new Insn.Atomic(atomic.op(), atomic.size(), atomic.base(), (int) value, atomic.value()));
            default -> Optional.empty();
        };
    }

    private static Optional<Size> size(Size compiled, OptionalLong bytes) {
        if (bytes.isEmpty()) {
            return Optional.of(compiled);
        }
        for (Size size : Size.values()) {
            if (size.bytes() == bytes.getAsLong()) {
                return Optional.of(size);
            }
        }
        return Optional.empty();
    }
}
