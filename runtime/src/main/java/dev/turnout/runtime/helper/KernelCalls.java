package dev.turnout.runtime.helper;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.program.PacketAccess;
import dev.turnout.stdlib.program.ProgramType;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the kernel that this machine carries out. Engines hand over the number of a call, which says the function, and
 * whether the program may not write its packet: Linux, too, has two bodies of one function there.
 */
public final class KernelCalls {
    private static final long ALL = TextCalls.MOST;
    /** Added to a function's number for a program that may not write its packet. */
    private static final int READ_ONLY = KernelFunction.values().length;

    /** By number; made when first called, since a run needs few of them. */
    private static final @Nullable HelperBody[] BODIES = new HelperBody[2 * READ_ONLY];

    private KernelCalls() {}

    /** Whether there is a body of this function. */
    public static boolean supports(KernelFunction function) {
        return body(function) != null;
    }

    /** The number of a program's call; absent if nothing carries it out. The same in every run and process. */
    public static OptionalInt number(BpfProgram program, Insn.CallKernel call) {
        Optional<KernelFunction> function = program.kernelRow(call).filter(KernelCalls::supports);
        if (function.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean writesPacket = program.type()
                .map(ProgramType::packetAccess)
                .filter(access -> access == PacketAccess.DIRECT_WRITE)
                .isPresent();
        return OptionalInt.of(function.get().position() + (writesPacket ? 0 : READ_ONLY));
    }

    /** Carries out the call of this number. Arguments are r1 to r5, the result is r0. */
    public static long call(int number, CallSite site, long a, long b, long c, long d, long e) {
        HelperBody body = BODIES[number];
        if (body == null) {
            KernelFunction function = KernelFunction.at(number % READ_ONLY);
            body = number >= READ_ONLY && function == KernelFunction.DYNPTR_FROM_SKB
                    ? (at, context, flags, to, _, _) -> DynptrCalls.fromSkb(at, context, flags, to, true)
                    : body(function);
            if (body == null) {
                throw new IllegalStateException(function + " is not carried out here");
            }
            // Threads that come here together write the same thing.
            BODIES[number] = body;
        }
        return body.call(site, a, b, c, d, e);
    }

    private static @Nullable HelperBody body(KernelFunction function) {
        return switch (function) {
            case ITER_NUM_NEW -> (site, a, b, c, _, _) -> IteratorCalls.newNumbers(site, a, (int) b, (int) c);
            case ITER_NUM_NEXT -> (site, a, _, _, _, _) -> IteratorCalls.nextNumber(site, a);
            case ITER_NUM_DESTROY -> (site, a, _, _, _, _) -> IteratorCalls.endNumbers(site, a);
            case ITER_BITS_NEW -> (site, a, b, c, _, _) -> IteratorCalls.newBits(site, a, b, (int) c);
            case ITER_BITS_NEXT -> (site, a, _, _, _, _) -> IteratorCalls.nextBit(site, a);
            case ITER_BITS_DESTROY -> (site, a, _, _, _, _) -> IteratorCalls.endBits(site, a);
            case DYNPTR_FROM_SKB -> (site, a, b, c, _, _) -> DynptrCalls.fromSkb(site, a, b, c, false);
            case DYNPTR_FROM_SKB_META -> (site, a, b, c, _, _) -> DynptrCalls.fromSkbMeta(site, a, b, c);
            case DYNPTR_FROM_XDP -> (site, a, b, c, _, _) -> DynptrCalls.fromXdp(site, a, b, c);
            case DYNPTR_SLICE -> (site, a, b, _, d, _) -> DynptrCalls.slice(site, a, b, d);
            case DYNPTR_SLICE_RDWR -> (site, a, b, _, d, _) -> DynptrCalls.writableSlice(site, a, b, d);
            case DYNPTR_ADJUST -> (site, a, b, c, _, _) -> DynptrCalls.adjust(site, a, b, c);
            case DYNPTR_IS_NULL -> (site, a, _, _, _, _) -> DynptrCalls.isNull(site, a);
            case DYNPTR_IS_RDONLY -> (site, a, _, _, _, _) -> DynptrCalls.isReadOnly(site, a);
            case DYNPTR_SIZE -> (site, a, _, _, _, _) -> DynptrCalls.size(site, a);
            case DYNPTR_CLONE -> (site, a, b, _, _, _) -> DynptrCalls.clone(site, a, b);
            case DYNPTR_COPY -> (site, a, b, c, d, e) -> DynptrCalls.copy(site, a, b, c, d, e);
            case DYNPTR_MEMSET -> (site, a, b, c, d, _) -> DynptrCalls.fill(site, a, b, c, d);
            // What a run uses is not freed under it, and no other code runs on its slot: there is nothing to hold off.
            case RCU_READ_LOCK, RCU_READ_UNLOCK, PREEMPT_DISABLE, PREEMPT_ENABLE, LOCAL_IRQ_SAVE, LOCAL_IRQ_RESTORE ->
                (_, _, _, _, _, _) -> 0;
            case RES_SPIN_LOCK, RES_SPIN_LOCK_IRQSAVE -> (site, a, _, _, _, _) -> ResilientLocks.acquire(site, a);
            case RES_SPIN_UNLOCK, RES_SPIN_UNLOCK_IRQRESTORE ->
                (site, a, _, _, _, _) -> ResilientLocks.release(site, a);
            case STRCMP -> (site, a, b, _, _, _) -> TextCalls.compare(site, a, b, false, ALL);
            case STRCASECMP -> (site, a, b, _, _, _) -> TextCalls.compare(site, a, b, true, ALL);
            case STRNCASECMP -> (site, a, b, c, _, _) -> TextCalls.compare(site, a, b, true, c);
            case STRCHR -> (site, a, b, _, _, _) -> TextCalls.find(site, a, ALL, b);
            case STRNCHR -> (site, a, b, c, _, _) -> TextCalls.find(site, a, b, c);
            case STRCHRNUL -> (site, a, b, _, _, _) -> TextCalls.findOrEnd(site, a, b);
            case STRRCHR -> (site, a, b, _, _, _) -> TextCalls.findLast(site, a, (int) b);
            case STRLEN -> (site, a, _, _, _, _) -> TextCalls.length(site, a, ALL);
            case STRNLEN -> (site, a, b, _, _, _) -> TextCalls.length(site, a, b);
            case STRSPN -> (site, a, b, _, _, _) -> TextCalls.span(site, a, b, true);
            case STRCSPN -> (site, a, b, _, _, _) -> TextCalls.span(site, a, b, false);
            case STRSTR -> (site, a, b, _, _, _) -> TextCalls.findText(site, a, b, ALL, false);
            case STRCASESTR -> (site, a, b, _, _, _) -> TextCalls.findText(site, a, b, ALL, true);
            case STRNSTR -> (site, a, b, c, _, _) -> TextCalls.findText(site, a, b, c, false);
            case STRNCASESTR -> (site, a, b, c, _, _) -> TextCalls.findText(site, a, b, c, true);
            case PROBE_READ_USER_DYNPTR, COPY_FROM_USER_DYNPTR ->
                (site, a, b, c, d, _) -> DynptrCalls.probe(site, ProbeCalls.Space.USER, a, b, c, d);
            case PROBE_READ_KERNEL_DYNPTR ->
                (site, a, b, c, d, _) -> DynptrCalls.probe(site, ProbeCalls.Space.KERNEL, a, b, c, d);
            case PROBE_READ_USER_STR_DYNPTR, COPY_FROM_USER_STR_DYNPTR ->
                (site, a, b, c, d, _) -> DynptrCalls.probeString(site, ProbeCalls.Space.USER, a, b, c, d);
            case PROBE_READ_KERNEL_STR_DYNPTR ->
                (site, a, b, c, d, _) -> DynptrCalls.probeString(site, ProbeCalls.Space.KERNEL, a, b, c, d);
            case COPY_FROM_USER_STR -> (site, a, b, c, d, _) -> TextCalls.copyFromUser(site, a, b, c, d);
            case XDP_PULL_DATA -> (site, _, b, _, _, _) -> PacketCalls.pullFrame(site, b);
            default -> null; // The rows are all that Linux has.
        };
    }
}
