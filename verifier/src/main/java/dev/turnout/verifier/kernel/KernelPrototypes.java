package dev.turnout.verifier.kernel;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.Region.Trust;
import java.util.Optional;

/**
 * What a kernel function takes and gives where only the kernel's types say it: the prototype in its BTF. What a function does besides
 * (whether its result is to be given back, whether it sleeps) is no part of a prototype, and stands in {@link KernelFunction}.
 */
public final class KernelPrototypes {
    private final KernelBtf btf;
    private final KernelTypes types;
    private final Optional<ContextLayout> layout;

    private KernelPrototypes(KernelBtf btf, KernelTypes types, Optional<ContextLayout> layout) {
        this.btf = btf;
        this.types = types;
        this.layout = layout;
    }

    /** Of the kernel that the program is judged for. */
    public static KernelPrototypes of(BpfProgram program) {
        return new KernelPrototypes(
                program.surroundings().kernel(),
                KernelTypes.of(program),
                program.type().map(ProgramType::context));
    }

    /** Whether there are types of a kernel at all. */
    public boolean isThere() {
        return btf.size() != 0;
    }

    /** Whether the kernel has the function, with as many arguments as its row says. */
    public boolean has(KernelFunction function) {
        return find(function)
                .filter(prototype ->
                        prototype.parameters().size() >= function.arguments().size())
                .isPresent();
    }

    private Optional<BtfType.Prototype> find(KernelFunction function) {
        int id = btf.named(function.symbol(), BtfType.Function.class);
        return btf.find(id).orElse(null) instanceof BtfType.Function found
                        && btf.find(found.prototype()).orElse(null) instanceof BtfType.Prototype prototype
                ? Optional.of(prototype)
                : Optional.empty();
    }

    private Optional<Integer> parameter(KernelFunction function, int index) {
        return find(function)
                .filter(prototype -> index < prototype.parameters().size())
                .map(prototype -> prototype.parameters().get(index).type());
    }

    /** The kind of object that an argument points to; absent if it points to none. */
    public Optional<Region.KernelObject> argument(KernelFunction function, int index) {
        return parameter(function, index).flatMap(type -> object(type, Trust.TRUSTED));
    }

    /** The kind of object that the result points to; absent if it points to none. */
    public Optional<Region.KernelObject> result(KernelFunction function, Trust trust) {
        return find(function).flatMap(prototype -> object(prototype.result(), trust));
    }

    private Optional<Region.KernelObject> object(int type, Trust trust) {
        return btf.find(btf.strip(type)).orElse(null) instanceof BtfType.Pointer(int to)
                        && types.pointer(to, trust, false) instanceof Loaded.Pointer(Region region, boolean _)
                        && region instanceof Region.KernelObject object
                ? Optional.of(object)
                : Optional.empty();
    }

    /** What stands behind the program's context in the kernel; absent where that is no object of its own. */
    public Optional<Region.KernelObject> context(Trust trust) {
        return layout.flatMap(KernelPrototypes::struct).flatMap(name -> {
            int type = btf.named(name, BtfType.Composite.class);
            return type == 0 ? Optional.empty() : Optional.of(new Region.KernelObject(name, type, trust));
        });
    }

    private static Optional<String> struct(ContextLayout layout) {
        return switch (layout) {
            case XDP_MD -> Optional.of("xdp_buff");
            case SK_BUFF -> Optional.of("sk_buff");
            case BPF_SOCK -> Optional.of("sock");
            case SOCK_OPS -> Optional.of("bpf_sock_ops_kern");
            case SOCK_ADDR -> Optional.of("bpf_sock_addr_kern");
            case SK_MSG -> Optional.of("sk_msg");
            case SK_REUSEPORT -> Optional.of("sk_reuseport_kern");
            default -> Optional.empty(); // Of the others, nobody has wanted it yet.
        };
    }

    /** The object type of this number, about which nothing is believed; absent if there is none. */
    public Optional<Region.KernelObject> ofNumber(long number) {
        return number > 0
                        && number <= btf.size()
                        && btf.find((int) number).orElse(null) instanceof BtfType.Composite struct
                ? Optional.of(new Region.KernelObject(struct.name(), (int) number, Trust.UNTRUSTED))
                : Optional.empty();
    }

    /** Bytes of what an argument points to; 0 where it points to nothing that has a size. */
    public long pointeeBytes(KernelFunction function, int index) {
        return parameter(function, index)
                .map(type -> btf.find(btf.strip(type)).orElse(null) instanceof BtfType.Pointer(int to)
                        ? types.size(to, 0)
                        : 0L)
                .orElse(0L);
    }
}
