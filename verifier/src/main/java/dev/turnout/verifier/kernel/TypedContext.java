package dev.turnout.verifier.kernel;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.kfunc.TracepointArguments;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.ResultRange;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.Region.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The context of a program that is attached to a function, a tracepoint, a hook, an iterator or a member of a structure of operations: its
 * arguments, one word of eight bytes each (more where a struct is passed by value), and behind them the result where there is one to see.
 */
public final class TypedContext {
    /** Hooks whose objects are being made, or are gone. */
    private static final Set<String> UNTRUSTED_HOOKS = Set.of(
            "bpf_map_free",
            "bpf_prog_free",
            "file_alloc_security",
            "file_free_security",
            "sk_alloc_security",
            "sk_free_security",
            "task_free",
            "bdev_alloc_security",
            "bdev_free_security");

    /** Hooks that answer yes or no; the others give 0 or an error. */
    private static final Set<String> YES_OR_NO =
            Set.of("xfrm_state_pol_flow_match", "audit_rule_known", "inode_xattr_skipcap");

    private static final long MOST_ERROR = 4095;

    private static final String NULLABLE = "__nullable";
    private static final String REFERENCE = "__ref";

    private final KernelTypes types;
    private final KernelBtf btf;
    private final List<Word> words;
    private final String stem;
    private final String target;
    private boolean isVoid;
    private boolean givesNumber;

    /**
     * An argument.
     *
     * @param at offset of its first byte
     * @param address whether it is an address, which is read whole, also where it is a number to programs
     */
    private record Word(long at, long bytes, Loaded holds, boolean address) {}

    private TypedContext(KernelBtf btf, String stem, String target) {
        this.btf = btf;
        this.stem = stem;
        this.target = target;
        types = new KernelTypes(btf);
        words = new ArrayList<>();
    }

    /** Whether programs of this type have such a context. */
    public static boolean isTyped(ProgramType type) {
        return type == ProgramType.TRACING || type == ProgramType.LSM || type == ProgramType.STRUCT_OPS;
    }

    /** The program's; absent if its context is of another kind, its kernel is not known, or that kernel lacks what it is attached to. */
    public static Optional<TypedContext> of(BpfProgram program) {
        KernelBtf btf = program.surroundings().kernel();
        String target = program.surroundings().target();
        if (btf.size() == 0
                || target.isEmpty()
                || program.type().filter(TypedContext::isTyped).isEmpty()) {
            return Optional.empty();
        }
        return new TypedContext(btf, stem(program.section()), target).filled();
    }

    /** What the section's name says in front of the target: {@code fentry} of {@code ?fentry.s/do_it}. */
    private static String stem(String section) {
        String name = ProgramSection.unmarked(section);
        int end = name.indexOf('/');
        name = end < 0 ? name : name.substring(0, end);
        return name.endsWith(".s") ? name.substring(0, name.length() - 2) : name;
    }

    private Optional<TypedContext> filled() {
        return switch (stem) {
            case "fentry" -> function(target).map(found -> arguments(found, Trust.WALKED, Nulls.NEVER));
            case "fexit", "fmod_ret", "fsession" ->
                function(target)
                        .map(found ->
                                arguments(found, Trust.WALKED, Nulls.NEVER).result(found));
            case "lsm", "lsm_cgroup" ->
                function("bpf_lsm_" + target)
                        .map(found -> arguments(
                                        found,
                                        UNTRUSTED_HOOKS.contains(target) ? Trust.WALKED : Trust.TRUSTED,
                                        Nulls.NEVER)
                                .result(found));
            case "iter" -> function("bpf_iter_" + target).map(found -> arguments(found, Trust.TRUSTED, Nulls.ITERATOR));
            case "tp_btf" -> tracepoint(target).map(found -> arguments(found, Trust.TRUSTED, Nulls.TRACEPOINT));
            case "struct_ops" -> operation();
            default -> Optional.empty();
        };
    }

    /** Which pointers may be null, besides those whose parameters are named so. */
    private enum Nulls {
        NEVER,
        /** All behind the first: at the end of the sequence there is no object. */
        ITERATOR,
        /** As the rows say. */
        TRACEPOINT
    }

    private Optional<BtfType.Prototype> function(String name) {
        int id = btf.named(name, BtfType.Function.class);
        return btf.find(id).orElse(null) instanceof BtfType.Function function
                        && btf.find(function.prototype()).orElse(null) instanceof BtfType.Prototype prototype
                ? Optional.of(prototype)
                : Optional.empty();
    }

    /** The tracepoint's own arguments: the first of its function is its caller's. */
    private Optional<BtfType.Prototype> tracepoint(String name) {
        int id = btf.named("btf_trace_" + name, BtfType.Typedef.class);
        return pointee(id)
                .filter(prototype -> !prototype.parameters().isEmpty())
                .map(prototype -> new BtfType.Prototype(
                        prototype.result(),
                        prototype.parameters().subList(1, prototype.parameters().size())));
    }

    private Optional<BtfType.Prototype> pointee(int pointer) {
        return btf.find(btf.strip(pointer)).orElse(null) instanceof BtfType.Pointer(int to)
                        && btf.find(btf.strip(to)).orElse(null) instanceof BtfType.Prototype prototype
                ? Optional.of(prototype)
                : Optional.empty();
    }

    private Optional<TypedContext> operation() {
        int dot = target.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String struct = target.substring(0, dot);
        String name = target.substring(dot + 1);
        if (!(btf.find(btf.named(struct, BtfType.Composite.class)).orElse(null)
                instanceof BtfType.Composite operations)) {
            return Optional.empty();
        }
        for (BtfType.Member member : operations.members()) {
            if (member.name().equals(name)) {
                // What stands in for the member until a program does says by its names which arguments may be null.
                Optional<BtfType.Prototype> named = function(struct + "__" + name);
                return pointee(member.type()).map(found -> arguments(named.orElse(found), Trust.TRUSTED, Nulls.NEVER));
            }
        }
        return Optional.empty();
    }

    /** Whether what the program is attached to gives nothing back, so that r0 need not be set. */
    public boolean givesNothing() {
        return stem.equals("struct_ops") && isVoid;
    }

    /** The results that a hook lets a program give, errors in the lower half of r0; absent if that does not depend on the hook. */
    public Optional<ResultRange> results() {
        return switch (stem) {
            case "lsm" ->
                Optional.of(
                        isVoid
                                ? ResultRange.ANY
                                : YES_OR_NO.contains(target)
                                        ? new ResultRange(0, 1, false)
                                        : new ResultRange(-MOST_ERROR, 0, false));
            case "lsm_cgroup" -> Optional.of(new ResultRange(isVoid ? 1 : 0, 1, false));
            case "struct_ops" -> givesNumber ? Optional.of(ResultRange.ANY) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private TypedContext arguments(BtfType.Prototype prototype, Trust trust, Nulls nulls) {
        isVoid = btf.strip(prototype.result()) == 0;
        givesNumber = !isVoid && !isAddress(prototype.result());
        int index = 0;
        for (BtfType.Parameter parameter : prototype.parameters()) {
            boolean nullable = parameter.name().endsWith(NULLABLE)
                    || switch (nulls) {
                        case NEVER -> false;
                        case ITERATOR -> index > 0;
                        case TRACEPOINT -> TracepointArguments.mayBeNull(target, index);
                    };
            boolean number = nulls == Nulls.TRACEPOINT && TracepointArguments.mayBeError(target, index);
            Optional<Region> buffer = nulls == Nulls.ITERATOR ? buffer(target, parameter.name()) : Optional.empty();
            Loaded typed = number ? new Loaded.Number() : holds(parameter, trust, nullable);
            Loaded holds =
                    buffer.<Loaded>map(one -> new Loaded.Pointer(one, true)).orElse(typed);
            add(types.size(parameter.type(), 0), holds, isAddress(parameter.type()));
            index++;
        }
        return this;
    }

    /** Iterators over maps give keys and values as memory without a type. */
    private static Optional<Region> buffer(String iterator, String parameter) {
        boolean elements = iterator.equals("bpf_map_elem");
        if (parameter.equals("value") && (elements || iterator.equals("bpf_sk_storage_map"))) {
            return Optional.of(new Region.Buffer("the element's value", true));
        }
        return parameter.equals("key") && (elements || iterator.equals("sockmap"))
                ? Optional.of(new Region.Buffer("the element's key", false))
                : Optional.empty();
    }

    private boolean isAddress(int type) {
        return btf.find(btf.strip(type)).orElse(null) instanceof BtfType.Pointer;
    }

    private void add(long bytes, Loaded holds, boolean address) {
        long at = words.isEmpty() ? 0 : words.getLast().at + words.getLast().bytes;
        words.add(new Word(at, Math.max(8, (bytes + 7) / 8 * 8), holds, address));
    }

    private TypedContext result(BtfType.Prototype prototype) {
        Loaded holds = holds(new BtfType.Parameter("", prototype.result()), Trust.WALKED, false);
        add(8, holds, isAddress(prototype.result()));
        return this;
    }

    /** Congestion control is of TCP: its sockets are, whatever the operations call them. */
    private Loaded promoted(Loaded loaded) {
        int tcp = btf.named("tcp_sock", BtfType.Composite.class);
        return loaded instanceof Loaded.Pointer(Region to, boolean nullable)
                        && to instanceof Region.KernelObject object
                        && tcp != 0
                        && object.name().equals("sock")
                        && target.startsWith("tcp_congestion_ops.")
                ? new Loaded.Pointer(new Region.KernelObject("tcp_sock", tcp, object.trust()), nullable)
                : loaded;
    }

    private Loaded holds(BtfType.Parameter parameter, Trust trust, boolean nullable) {
        if (parameter.name().endsWith(REFERENCE)) {
            return new Loaded.Refused("the argument `" + parameter.name()
                    + "` comes with a reference that the program must give back, which is not modelled");
        }
        return switch (btf.find(btf.strip(parameter.type())).orElse(null)) {
            case BtfType.Int _, BtfType.Enumeration _, BtfType.Composite _ -> new Loaded.Number();
            case BtfType.Pointer(int to) -> promoted(types.pointer(to, trust, nullable));
            case null, default ->
                new Loaded.Refused("the argument `" + parameter.name() + "` is of no type that is read");
        };
    }

    /** The range of the hook's result, if that is what stands at {@code offset}. */
    public Optional<ResultRange> resultAt(long offset) {
        return stem.equals("lsm") && !isVoid && !words.isEmpty() && words.getLast().at == offset
                ? results()
                : Optional.empty();
    }

    /** What {@code bytes} bytes at {@code offset} are. */
    public Loaded load(long offset, long bytes) {
        for (Word word : words) {
            if (offset >= word.at && offset + bytes <= word.at + word.bytes) {
                boolean whole = bytes == 8 && offset % 8 == 0;
                return switch (word.holds) {
                    case Loaded.Pointer pointer
                    when !whole ->
                        new Loaded.Refused("the pointer to " + pointer.to().words() + " is read whole, as 8 bytes");
                    case Loaded.Number _
                    when word.address && !whole ->
                        new Loaded.Refused("the address at byte " + word.at + " is read whole, as 8 bytes");
                    case Loaded.Number _
                    when offset % bytes != 0 ->
                        new Loaded.Refused("the argument at byte " + word.at + " is read aligned");
                    case Loaded.Number _, Loaded.Pointer _, Loaded.Refused _ -> word.holds;
                };
            }
        }
        return new Loaded.Refused("there is no argument at byte " + offset);
    }
}
