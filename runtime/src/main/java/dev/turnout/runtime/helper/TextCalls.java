package dev.turnout.runtime.helper;

import static dev.turnout.runtime.map.Errno.E2BIG;
import static dev.turnout.runtime.map.Errno.EFAULT;
import static dev.turnout.runtime.map.Errno.EINVAL;
import static dev.turnout.runtime.map.Errno.ENOENT;
import static dev.turnout.runtime.map.Errno.ERANGE;

import dev.turnout.runtime.memory.Memory;

/**
 * Kernel functions on texts. They take any address, also wild ones: each byte is read only if the program may read it, and where
 * it may not the answer is {@code -EFAULT}; of null, which Linux sees is no address of the kernel, {@code -ERANGE}.
 *
 * <p>Source: {@code kernel/bpf/helpers.c} of Linux 7.2.
 */
final class TextCalls {
    /** Bytes of a text that are looked at. */
    static final long MOST = 65536;

    private static final int PAGE = 4096;
    private static final long PAD_ZEROS = 1;

    private TextCalls() {}

    /** Ends a walk over a text. */
    private static final class Unreadable extends RuntimeException {
        Unreadable() {
            super("unreadable", null, false, false);
        }
    }

    private static int at(CallSite site, long address) {
        if (!site.owns(address, 1)) {
            throw new Unreadable();
        }
        return Memory.loadByte(address);
    }

    private static boolean isNull(long address) {
        return address >= 0 && address < PAGE;
    }

    private static int lower(int c) {
        boolean latin = c >= (byte) 0xc0 && c <= (byte) 0xde && c != (byte) 0xd7;
        return (c >= 'A' && c <= 'Z') || latin ? c + 32 : c;
    }

    /** A walk, and what it says if a byte cannot be read. */
    private interface Walk {
        long run();
    }

    private static long guarded(Walk walk) {
        return guarded(walk, () -> {});
    }

    private static long guarded(Walk walk, Runnable undo) {
        try {
            return walk.run();
        } catch (Unreadable _) {
            undo.run();
            return -EFAULT;
        }
    }

    static long compare(CallSite site, long a, long b, boolean anyCase, long most) {
        if (isNull(a) || isNull(b)) {
            return -ERANGE;
        }
        return guarded(() -> {
            long i = 0;
            for (; Long.compareUnsigned(i, most) < 0 && i < MOST; i++) {
                int x = at(site, a + i);
                int y = at(site, b + i);
                x = anyCase ? lower(x) : x;
                y = anyCase ? lower(y) : y;
                if (x != y) {
                    return x < y ? -1 : 1;
                }
                if (x == 0) {
                    return 0;
                }
            }
            return i == MOST ? -E2BIG : 0;
        });
    }

    /** The first byte that is {@code c}, of the first {@code most}; the end is one, too. */
    static long find(CallSite site, long text, long most, long c) {
        if (isNull(text)) {
            return -ERANGE;
        }
        return guarded(() -> {
            long i = 0;
            for (; Long.compareUnsigned(i, most) < 0 && i < MOST; i++) {
                int x = at(site, text + i);
                if (x == (byte) c) {
                    return i;
                }
                if (x == 0) {
                    return -ENOENT;
                }
            }
            return i == MOST ? -E2BIG : -ENOENT;
        });
    }

    /** The first byte that is {@code c}, or else the end. */
    static long findOrEnd(CallSite site, long text, long c) {
        long found = find(site, text, MOST, c);
        return found == -ENOENT ? length(site, text, MOST) : found;
    }

    /** The last byte that is {@code c}; Linux compares all its bits with a byte's, so it may match none. */
    static long findLast(CallSite site, long text, int c) {
        if (isNull(text)) {
            return -ERANGE;
        }
        return guarded(() -> {
            long last = -ENOENT;
            for (long i = 0; i < MOST; i++) {
                int x = at(site, text + i);
                last = x == c ? i : last;
                if (x == 0) {
                    return last;
                }
            }
            return -E2BIG;
        });
    }

    static long length(CallSite site, long text, long most) {
        if (isNull(text)) {
            return -ERANGE;
        }
        return guarded(() -> {
            long i = 0;
            for (; Long.compareUnsigned(i, most) < 0 && i < MOST; i++) {
                if (at(site, text + i) == 0) {
                    return i;
                }
            }
            return i == MOST ? -E2BIG : i;
        });
    }

    /** How many bytes at the beginning are, or are not, among those of {@code set}. */
    static long span(CallSite site, long text, long set, boolean among) {
        if (isNull(text) || isNull(set)) {
            return -ERANGE;
        }
        return guarded(() -> {
            for (long i = 0; i < MOST; i++) {
                int x = at(site, text + i);
                if (x == 0) {
                    return i;
                }
                long j = 0;
                int y = 0;
                for (; j < MOST; j++) {
                    y = at(site, set + j);
                    if (x == y || y == 0) {
                        break;
                    }
                }
                if (j == MOST) {
                    return -E2BIG;
                }
                if ((y != 0) != among) {
                    return i;
                }
            }
            return -E2BIG;
        });
    }

    /** Where {@code part} begins in the first {@code most} bytes of a text. */
    static long findText(CallSite site, long text, long part, long most, boolean anyCase) {
        if (isNull(text) || isNull(part)) {
            return -ERANGE;
        }
        return guarded(() -> {
            for (long i = 0; i < MOST; i++) {
                long j = 0;
                // One byte more of the part is read than of the text: it may end where the text does.
                for (; Long.compareUnsigned(i + j, most) <= 0 && j < MOST; j++) {
                    int y = at(site, part + j);
                    if (y == 0) {
                        return i;
                    }
                    if (i + j == most) {
                        break;
                    }
                    int x = at(site, text + i + j);
                    x = anyCase ? lower(x) : x;
                    y = anyCase ? lower(y) : y;
                    if (x == 0) {
                        return -ENOENT;
                    }
                    if (x != y) {
                        break;
                    }
                }
                if (j == MOST) {
                    return -E2BIG;
                }
                if (i + j == most) {
                    return -ENOENT;
                }
            }
            return -E2BIG;
        });
    }

    /** {@code bpf_copy_from_user_str}: cut to the buffer, and ended there. With the flag, the rest of the buffer is zeros. */
    static long copyFromUser(CallSite site, long to, long size, long from, long flags) {
        long bytes = size & 0xffff_ffffL;
        if ((flags & ~PAD_ZEROS) != 0) {
            return -EINVAL;
        }
        if (bytes == 0) {
            return 0;
        }
        site.writes(to, bytes);
        return guarded(
                () -> {
                    long length = 0;
                    while (length < bytes - 1 && at(site, from + length) != 0) {
                        Memory.storeByte(to + length, Memory.loadByte(from + length));
                        length++;
                    }
                    Memory.zero(to + length, flags == 0 ? 1 : bytes - length);
                    return length + 1;
                },
                () -> {
                    if (flags != 0) {
                        Memory.zero(to, bytes);
                    }
                });
    }
}
