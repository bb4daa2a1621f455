package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.E2BIG;
import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ERANGE;

import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.map.RingBufferMap;
import dev.turnout.runtime.memory.Memory;

/**
 * Helpers and kernel functions on dynptrs. All our packets are linear, so a slice never needs the buffer that the program offers.
 *
 * <p>Source: {@code kernel/bpf/helpers.c} and {@code net/core/filter.c} of Linux 7.2, the checks and their order.
 */
final class DynptrCalls {
    /** Offsets and lengths in XDP frames go no further. */
    private static final long XDP_REACH = 0xffff;

    private static final long NO_SLICE = 0;

    private DynptrCalls() {}

    private static Dynptr readable(CallSite site, long address) {
        site.reads(address, Dynptr.BYTES);
        return new Dynptr(address);
    }

    private static Dynptr writable(CallSite site, long address) {
        site.writes(address, Dynptr.BYTES);
        return new Dynptr(address);
    }

    // Where they come from.

    static long fromMemory(CallSite site, long data, long size, long flags, long to) {
        Dynptr dynptr = writable(site, to);
        if (!Dynptr.spans(size) || flags != 0) {
            dynptr.clear();
            return Dynptr.spans(size) ? -EINVAL : -E2BIG;
        }
        site.writes(data, size);
        dynptr.point(data, Dynptr.Kind.LOCAL, size);
        return 0;
    }

    static long fromSkb(CallSite site, long context, long flags, long to, boolean readOnly) {
        Workspace workspace = site.workspace();
        long result = from(site, context, flags, to, Dynptr.Kind.SKB, workspace.dataEnd() - workspace.data());
        if (result == 0 && readOnly) {
            new Dynptr(to).forbidWrites();
        }
        return result;
    }

    static long fromXdp(CallSite site, long context, long flags, long to) {
        Workspace workspace = site.workspace();
        return from(site, context, flags, to, Dynptr.Kind.XDP, workspace.dataEnd() - workspace.data());
    }

    static long fromSkbMeta(CallSite site, long context, long flags, long to) {
        Workspace workspace = site.workspace();
        return from(site, context, flags, to, Dynptr.Kind.SKB_META, workspace.data() - workspace.dataMeta());
    }

    private static long from(CallSite site, long context, long flags, long to, Dynptr.Kind kind, long size) {
        Dynptr dynptr = writable(site, to);
        if (flags != 0) {
            dynptr.clear();
            return -EINVAL;
        }
        dynptr.point(context, kind, size);
        return 0;
    }

    static long reserve(CallSite site, long map, long size, long flags, long to) {
        Dynptr dynptr = writable(site, to);
        long bytes = size & 0xffff_ffffL;
        if (flags != 0 || !Dynptr.spans(bytes)) {
            dynptr.clear();
            return flags != 0 ? -EINVAL : -E2BIG;
        }
        long record = ((RingBufferMap) site.map(map)).reserve(bytes);
        if (record == 0) {
            dynptr.clear();
            return -EINVAL;
        }
        dynptr.point(record, Dynptr.Kind.RECORD, bytes);
        return 0;
    }

    /** Of a null dynptr: nothing. */
    static long commit(CallSite site, long address, long flags, boolean discarded) {
        Dynptr dynptr = writable(site, address);
        if (!dynptr.isNull()) {
            RingCalls.commit(site, dynptr.data(), flags, discarded);
            dynptr.clear();
        }
        return 0;
    }

    // What is done with them.

    static long read(CallSite site, long to, long bytes, long from, long offset, long flags) {
        Dynptr dynptr = readable(site, from);
        if (dynptr.isNull() || flags != 0) {
            return -EINVAL;
        }
        int wrong = dynptr.check(offset, bytes);
        if (wrong != 0) {
            return wrong;
        }
        site.writes(to, bytes);
        long at = dynptr.offset() + offset;
        return switch (dynptr.kind()) {
            case LOCAL, RECORD -> {
                Memory.copy(dynptr.data() + at, to, bytes);
                yield 0;
            }
            case SKB -> PacketCalls.loadBytes(site, at, to, bytes);
            case XDP -> {
                long result = frame(site, at, bytes);
                if (result >= 0) {
                    Memory.copy(result, to, bytes);
                }
                yield Math.min(result, 0);
            }
            case SKB_META -> {
                Memory.copy(site.workspace().dataMeta() + at, to, bytes);
                yield 0;
            }
        };
    }

    static long write(CallSite site, long to, long offset, long from, long bytes, long flags) {
        Dynptr dynptr = readable(site, to);
        if (dynptr.isNull() || dynptr.isReadOnly()) {
            return -EINVAL;
        }
        int wrong = dynptr.check(offset, bytes);
        if (wrong != 0) {
            return wrong;
        }
        site.reads(from, bytes);
        long at = dynptr.offset() + offset;
        if (dynptr.kind() == Dynptr.Kind.SKB) {
            return PacketCalls.storeBytes(site, at, from, bytes, flags);
        }
        if (flags != 0) {
            return -EINVAL;
        }
        long target = switch (dynptr.kind()) {
            case LOCAL, RECORD -> dynptr.data() + at;
            case SKB_META -> site.workspace().dataMeta() + at;
            case SKB, XDP -> frame(site, at, bytes);
        };
        if (target >= 0) {
            Memory.copy(from, target, bytes);
        }
        return Math.min(target, 0);
    }

    /** Address of bytes of an XDP frame, or an error. */
    private static long frame(CallSite site, long at, long bytes) {
        Workspace workspace = site.workspace();
        if (at > XDP_REACH || bytes > XDP_REACH) {
            return -EFAULT;
        }
        return at + bytes > workspace.dataEnd() - workspace.data() ? -EINVAL : workspace.data() + at;
    }

    static long data(CallSite site, long address, long offset, long bytes) {
        Dynptr dynptr = readable(site, address);
        if (dynptr.isNull() || dynptr.check(offset, bytes) != 0 || dynptr.isReadOnly()) {
            return NO_SLICE;
        }
        return switch (dynptr.kind()) {
            case LOCAL, RECORD -> dynptr.data() + dynptr.offset() + offset;
            case SKB, XDP, SKB_META -> NO_SLICE;
        };
    }

    static long slice(CallSite site, long address, long offset, long bytes) {
        Dynptr dynptr = readable(site, address);
        if (dynptr.isNull() || dynptr.check(offset, bytes) != 0) {
            return NO_SLICE;
        }
        long at = dynptr.offset() + offset;
        Workspace workspace = site.workspace();
        return switch (dynptr.kind()) {
            case LOCAL, RECORD -> dynptr.data() + at;
            case SKB -> at + bytes > workspace.dataEnd() - workspace.data() ? NO_SLICE : workspace.data() + at;
            case XDP -> Math.max(NO_SLICE, frame(site, at, bytes));
            case SKB_META -> workspace.dataMeta() + at;
        };
    }

    static long writableSlice(CallSite site, long address, long offset, long bytes) {
        Dynptr dynptr = readable(site, address);
        return dynptr.isNull() || dynptr.isReadOnly() ? NO_SLICE : slice(site, address, offset, bytes);
    }

    static long adjust(CallSite site, long address, long start, long end) {
        Dynptr dynptr = writable(site, address);
        if (dynptr.isNull() || Long.compareUnsigned(start, end) > 0) {
            return -EINVAL;
        }
        long size = dynptr.size();
        if (Long.compareUnsigned(start, size) > 0 || Long.compareUnsigned(end, size) > 0) {
            return -ERANGE;
        }
        dynptr.narrow(start, end);
        return 0;
    }

    static long isNull(CallSite site, long address) {
        return readable(site, address).isNull() ? 1 : 0;
    }

    static long isReadOnly(CallSite site, long address) {
        Dynptr dynptr = readable(site, address);
        return !dynptr.isNull() && dynptr.isReadOnly() ? 1 : 0;
    }

    static long size(CallSite site, long address) {
        Dynptr dynptr = readable(site, address);
        return dynptr.isNull() ? -EINVAL : dynptr.size();
    }

    static long clone(CallSite site, long from, long to) {
        Dynptr dynptr = readable(site, from);
        Dynptr copy = writable(site, to);
        if (dynptr.isNull()) {
            copy.clear();
            return -EINVAL;
        }
        copy.copyFrom(dynptr);
        return 0;
    }

    /** Without slices of both there is nothing to copy: then one of them is null, too small, or not to be written. */
    static long copy(CallSite site, long to, long toOffset, long from, long fromOffset, long bytes) {
        long source = slice(site, from, fromOffset, bytes);
        long target = writableSlice(site, to, toOffset, bytes);
        if (source != NO_SLICE && target != NO_SLICE) {
            Memory.copy(source, target, bytes);
            return 0;
        }
        if (source != NO_SLICE) {
            return write(site, to, toOffset, source, bytes, 0);
        }
        if (target != NO_SLICE) {
            return read(site, target, bytes, from, fromOffset, 0);
        }
        Dynptr a = readable(site, to);
        Dynptr b = readable(site, from);
        if (a.check(toOffset, bytes) != 0 || b.check(fromOffset, bytes) != 0) {
            return -E2BIG;
        }
        return bytes == 0 ? 0 : -EINVAL;
    }

    static long fill(CallSite site, long address, long offset, long bytes, long value) {
        long at = writableSlice(site, address, offset, bytes);
        if (at == NO_SLICE) {
            Dynptr dynptr = readable(site, address);
            if (dynptr.isReadOnly()) {
                return -EINVAL;
            }
            int wrong = dynptr.check(offset, bytes);
            return wrong != 0 ? wrong : bytes == 0 ? 0 : -EINVAL;
        }
        for (long i = 0; i < bytes; i++) {
            Memory.storeByte(at + i, (byte) value);
        }
        return 0;
    }

    /** Bytes from any address into what a dynptr points to; the address is read with care. */
    static long probe(CallSite site, ProbeCalls.Space space, long to, long offset, long bytes, long from) {
        long at = writableSlice(site, to, offset, bytes);
        if (at == NO_SLICE) {
            return unfit(site, to, offset, bytes);
        }
        if (!site.owns(from, bytes)) {
            return space.error(from);
        }
        Memory.copy(from, at, bytes);
        return 0;
    }

    /** The same of a text, with its end; the number of bytes. */
    static long probeString(CallSite site, ProbeCalls.Space space, long to, long offset, long bytes, long from) {
        long at = writableSlice(site, to, offset, bytes);
        return at == NO_SLICE ? unfit(site, to, offset, bytes) : ProbeCalls.readString(site, space, at, bytes, from);
    }

    /** Why a dynptr gives no bytes to write. */
    private static long unfit(CallSite site, long address, long offset, long bytes) {
        if (readable(site, address).check(offset, bytes) != 0) {
            return -E2BIG;
        }
        return bytes == 0 ? 0 : -EINVAL;
    }
}
