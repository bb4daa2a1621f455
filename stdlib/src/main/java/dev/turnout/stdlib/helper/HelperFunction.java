package dev.turnout.stdlib.helper;

import static dev.turnout.stdlib.helper.ArgumentKind.ALLOCATION_SIZE;
import static dev.turnout.stdlib.helper.ArgumentKind.CONTEXT;
import static dev.turnout.stdlib.helper.ArgumentKind.FUNCTION;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP_KEY;
import static dev.turnout.stdlib.helper.ArgumentKind.MAP_VALUE;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY_OR_NULL;
import static dev.turnout.stdlib.helper.ArgumentKind.MEMORY_OUT;
import static dev.turnout.stdlib.helper.ArgumentKind.RESERVED_MEMORY;
import static dev.turnout.stdlib.helper.ArgumentKind.SCALAR;
import static dev.turnout.stdlib.helper.ArgumentKind.SIZE;
import static dev.turnout.stdlib.helper.ArgumentKind.SIZE_OR_ZERO;
import static dev.turnout.stdlib.helper.ArgumentKind.STACK_OR_NULL;
import static dev.turnout.stdlib.program.ProgramType.CGROUP_SKB;
import static dev.turnout.stdlib.program.ProgramType.SCHED_ACT;
import static dev.turnout.stdlib.program.ProgramType.SCHED_CLS;
import static dev.turnout.stdlib.program.ProgramType.SOCKET_FILTER;
import static dev.turnout.stdlib.program.ProgramType.XDP;

import dev.turnout.stdlib.program.ProgramType;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Helper functions by their kernel number. No program types in a row means that all types may call it. */
public enum HelperFunction {
    MAP_LOOKUP_ELEM(1, ResultKind.MAP_VALUE_OR_NULL, List.of(MAP, MAP_KEY)),
    MAP_UPDATE_ELEM(2, ResultKind.SCALAR, List.of(MAP, MAP_KEY, MAP_VALUE, SCALAR)),
    MAP_DELETE_ELEM(3, ResultKind.SCALAR, List.of(MAP, MAP_KEY)),
    KTIME_GET_NS(5, ResultKind.SCALAR, List.of()),
    TRACE_PRINTK(6, ResultKind.SCALAR, List.of(MEMORY, SIZE, SCALAR, SCALAR, SCALAR), Trait.GPL, Trait.SHOWS_ADDRESSES),
    GET_PRANDOM_U32(7, ResultKind.SCALAR, List.of()),
    GET_SMP_PROCESSOR_ID(8, ResultKind.SCALAR, List.of()),
    SKB_STORE_BYTES(9, ResultKind.SCALAR, List.of(CONTEXT, SCALAR, MEMORY, SIZE, SCALAR), Trait.TC, Trait.MOVES_PACKET),
    L3_CSUM_REPLACE(
            10, ResultKind.SCALAR, List.of(CONTEXT, SCALAR, SCALAR, SCALAR, SCALAR), Trait.TC, Trait.MOVES_PACKET),
    L4_CSUM_REPLACE(
            11, ResultKind.SCALAR, List.of(CONTEXT, SCALAR, SCALAR, SCALAR, SCALAR), Trait.TC, Trait.MOVES_PACKET),
    TAIL_CALL(12, ResultKind.TAIL, List.of(CONTEXT, MAP, SCALAR)),
    GET_CURRENT_PID_TGID(14, ResultKind.SCALAR, List.of()),
    GET_CURRENT_UID_GID(15, ResultKind.SCALAR, List.of()),
    GET_CURRENT_COMM(16, ResultKind.SCALAR, List.of(MEMORY_OUT, SIZE)),
    REDIRECT(23, ResultKind.SCALAR, List.of(SCALAR, SCALAR), Trait.TC, Trait.XDP_ONLY),
    SKB_LOAD_BYTES(26, ResultKind.SCALAR, List.of(CONTEXT, SCALAR, MEMORY_OUT, SIZE), Trait.ANY_SKB),
    CSUM_DIFF(
            28,
            ResultKind.SCALAR,
            List.of(MEMORY_OR_NULL, SIZE_OR_ZERO, MEMORY_OR_NULL, SIZE_OR_ZERO, SCALAR),
            Trait.TC,
            Trait.XDP_ONLY),
    SKB_PULL_DATA(39, ResultKind.SCALAR, List.of(CONTEXT, SCALAR), Trait.TC, Trait.MOVES_PACKET),
    XDP_ADJUST_HEAD(44, ResultKind.SCALAR, List.of(CONTEXT, SCALAR), Trait.XDP_ONLY, Trait.MOVES_PACKET),
    REDIRECT_MAP(51, ResultKind.SCALAR, List.of(MAP, SCALAR, SCALAR), Trait.XDP_ONLY),
    XDP_ADJUST_META(54, ResultKind.SCALAR, List.of(CONTEXT, SCALAR), Trait.XDP_ONLY, Trait.MOVES_PACKET),
    XDP_ADJUST_TAIL(65, ResultKind.SCALAR, List.of(CONTEXT, SCALAR), Trait.XDP_ONLY, Trait.MOVES_PACKET),
    MAP_PUSH_ELEM(87, ResultKind.SCALAR, List.of(MAP, MAP_VALUE, SCALAR)),
    MAP_POP_ELEM(88, ResultKind.SCALAR, List.of(MAP, ArgumentKind.MAP_VALUE_OUT)),
    MAP_PEEK_ELEM(89, ResultKind.SCALAR, List.of(MAP, ArgumentKind.MAP_VALUE_OUT)),
    SPIN_LOCK(93, ResultKind.VOID, List.of(ArgumentKind.SPIN_LOCK)),
    SPIN_UNLOCK(94, ResultKind.VOID, List.of(ArgumentKind.SPIN_LOCK)),
    KTIME_GET_BOOT_NS(125, ResultKind.SCALAR, List.of()),
    RINGBUF_OUTPUT(130, ResultKind.SCALAR, List.of(MAP, MEMORY, SIZE_OR_ZERO, SCALAR)),
    RINGBUF_RESERVE(131, ResultKind.RESERVED_MEMORY_OR_NULL, List.of(MAP, ALLOCATION_SIZE, SCALAR)),
    RINGBUF_SUBMIT(132, ResultKind.VOID, List.of(RESERVED_MEMORY, SCALAR)),
    RINGBUF_DISCARD(133, ResultKind.VOID, List.of(RESERVED_MEMORY, SCALAR)),
    FOR_EACH_MAP_ELEM(164, ResultKind.SCALAR, List.of(MAP, FUNCTION, STACK_OR_NULL, SCALAR)),
    TRACE_VPRINTK(
            177,
            ResultKind.SCALAR,
            List.of(MEMORY, SIZE, MEMORY_OR_NULL, SIZE_OR_ZERO),
            Trait.GPL,
            Trait.SHOWS_ADDRESSES),
    LOOP(181, ResultKind.SCALAR, List.of(SCALAR, FUNCTION, STACK_OR_NULL, SCALAR));

    /** What a row says besides its signature. Traits that name program types add up. */
    private enum Trait {
        GPL(List.of()),
        MOVES_PACKET(List.of()),
        SHOWS_ADDRESSES(List.of()),
        TC(List.of(SCHED_CLS, SCHED_ACT)),
        XDP_ONLY(List.of(XDP)),
        ANY_SKB(List.of(SOCKET_FILTER, SCHED_CLS, SCHED_ACT, CGROUP_SKB));

        private final List<ProgramType> programs;

        Trait(List<ProgramType> programs) {
            this.programs = programs;
        }
    }

    private final int id;
    private final ResultKind result;
    private final List<ArgumentKind> arguments;
    private final boolean gplOnly;
    private final boolean movesPacket;
    private final boolean showsAddresses;
    private final Set<ProgramType> programs = EnumSet.noneOf(ProgramType.class);
    private final String word = name().toLowerCase(Locale.ROOT);

    HelperFunction(int id, ResultKind result, List<ArgumentKind> arguments, Trait... traits) {
        this.id = id;
        this.result = result;
        this.arguments = arguments;
        List<Trait> all = List.of(traits);
        this.gplOnly = all.contains(Trait.GPL);
        this.movesPacket = all.contains(Trait.MOVES_PACKET);
        this.showsAddresses = all.contains(Trait.SHOWS_ADDRESSES);
        all.forEach(trait -> programs.addAll(trait.programs));
    }

    /** The number in a call instruction. */
    public int id() {
        return id;
    }

    /** The name without {@code bpf_}, as the IR and the language write it. */
    public String word() {
        return word;
    }

    /** Whether only programs with a GPL-compatible licence may call it. */
    public boolean gplOnly() {
        return gplOnly;
    }

    /** Whether a call may move the packet, which ends every packet pointer and every proven length. */
    public boolean movesPacket() {
        return movesPacket;
    }

    /**
     * Whether its numbers may be pointers, also those that it reads from memory: printing takes the address of a text for
     * {@code %s}. Linux allows that to loaders with CAP_PERFMON, as all who may print have it.
     */
    public boolean showsAddresses() {
        return showsAddresses;
    }

    public boolean allowedIn(ProgramType type) {
        return programs.isEmpty() || programs.contains(type);
    }

    /** Whether no program type is kept from calling it. */
    public boolean allowedInEveryType() {
        return programs.isEmpty();
    }

    public ResultKind result() {
        return result;
    }

    /** One kind an argument, r1 first. */
    public List<ArgumentKind> arguments() {
        return arguments;
    }

    public static Optional<HelperFunction> ofId(int id) {
        for (HelperFunction helper : values()) {
            if (helper.id == id) {
                return Optional.of(helper);
            }
        }
        return Optional.empty();
    }

    public static Optional<HelperFunction> ofWord(String word) {
        for (HelperFunction helper : values()) {
            if (helper.word.equals(word)) {
                return Optional.of(helper);
            }
        }
        return Optional.empty();
    }
}
