package dev.turnout.x86.memory;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.memory.Memory;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory for machine code: one memory file, mapped writable here and executable there. All of it lies within 2 GiB, so that code
 * reaches code by 32-bit distances. May be used by many threads.
 *
 * <p>Pages that were never handed out cost nothing; those that were stay, for the next block, until {@link #close}.
 */
public final class CodeMemory implements AutoCloseable {
    /** Blocks begin at multiples of so many bytes: two of them share no cache line, so writing one disturbs no other. */
    public static final int GRANULE = 64;

    /** As the process's table of mappings names it. */
    public static final String NAME = "turnout-code";

    private static final long PAGE = 4096;
    /** So much is filled with breakpoints when the first block reaches into it. */
    private static final long FILL = 64 * 1024;

    private static final byte BREAKPOINT = (byte) 0xcc;

    private final long size;
    private final long writable;
    private final long executable;
    private final FreeSpace free = new FreeSpace();
    private long frontier;
    private long filled;
    private boolean open = true;

    private CodeMemory(long size, long writable, long executable) {
        this.size = size;
        this.writable = writable;
        this.executable = executable;
    }

    /**
     * Makes code memory.
     *
     * @param bytes how much there may be at most
     * @return empty if the system refuses it, which was reported
     */
    public static Optional<CodeMemory> open(long bytes, Diagnostics diagnostics) {
        long size = (bytes + PAGE - 1) & -PAGE;
        long file = SystemCalls.memfdCreate(NAME, SystemCalls.MFD_CLOEXEC | SystemCalls.MFD_EXEC);
        if (file < 0) {
            // Before Linux 6.3, every memory file may be executed and the flag is unknown.
            file = SystemCalls.memfdCreate(NAME, SystemCalls.MFD_CLOEXEC);
        }
        if (file < 0) {
            return refused("memfd_create", file, diagnostics);
        }
        try {
            long sized = SystemCalls.ftruncate(file, size);
            if (sized < 0) {
                return refused("ftruncate", sized, diagnostics);
            }
            long writable = map(file, size, SystemCalls.PROT_READ | SystemCalls.PROT_WRITE);
            if (writable < 0) {
                return refused("mmap of writable memory", writable, diagnostics);
            }
            long executable = map(file, size, SystemCalls.PROT_READ | SystemCalls.PROT_EXEC);
            if (executable < 0) {
                unmap(writable, size);
                return refused("mmap of executable memory", executable, diagnostics);
            }
            return Optional.of(new CodeMemory(size, writable, executable));
        } finally {
            SystemCalls.close(file);
        }
    }

    private static Optional<CodeMemory> refused(String call, long error, Diagnostics diagnostics) {
        diagnostics.report(Diagnostic.general(
                        DiagnosticCode.R0114, "this system gives no memory for machine code: " + call + " failed")
                .withNote("error number " + -error)
                .withHelp("run it in the interpreter: `--engine interp`"));
        return Optional.empty();
    }

    /** The file between two pages that nothing can touch; the address behind the first of them, or a negated error number. */
    private static long map(long file, long size, int protection) {
        long reserved = SystemCalls.mmap(
                0,
                size + 2 * PAGE,
                SystemCalls.PROT_NONE,
                SystemCalls.MAP_PRIVATE | SystemCalls.MAP_ANONYMOUS | SystemCalls.MAP_NORESERVE,
                -1);
        if (reserved < 0) {
            return reserved;
        }
        long at = reserved + PAGE;
        long mapped = SystemCalls.mmap(at, size, protection, SystemCalls.MAP_SHARED | SystemCalls.MAP_FIXED, file);
        if (mapped < 0) {
            unmap(at, size);
        }
        return mapped;
    }

    private static void unmap(long at, long size) {
        SystemCalls.munmap(at - PAGE, size + 2 * PAGE);
    }

    /** A block that nobody else has; empty if there is no room. */
    public synchronized Optional<CodeBlock> allocate(int bytes) {
        if (bytes < 1 || !open) {
            throw new IllegalArgumentException("a block of " + bytes + " bytes" + (open ? "" : " of closed memory"));
        }
        long taken = rounded(bytes);
        // Without serialisation, where code has lain no other code may ever lie.
        OptionalLong old = Serialisation.isAvailable() ? free.take(taken) : OptionalLong.empty();
        if (old.isPresent()) {
            return Optional.of(new CodeBlock(executable + old.getAsLong(), bytes, true));
        }
        if (taken > size - frontier) {
            return Optional.empty();
        }
        long at = frontier;
        frontier += taken;
        if (frontier > filled) {
            long to = Math.min(size, (frontier + FILL - 1) / FILL * FILL);
            fill(filled, to - filled);
            filled = to;
        }
        return Optional.of(new CodeBlock(executable + at, bytes, false));
    }

    private static long rounded(long bytes) {
        return (bytes + GRANULE - 1) & -GRANULE;
    }

    /**
     * Writes a block's code. Whoever learns the block's address after this returned may run it.
     *
     * @param code at most as long as the block
     */
    public void write(CodeBlock block, byte[] code) {
        if (code.length > block.size()) {
            throw new IllegalArgumentException(code.length + " bytes into " + block);
        }
        Memory.copyIn(code, writable(block.address()));
        VarHandle.storeStoreFence();
        if (block.reused()) {
            Serialisation.allThreads();
        }
    }

    /** Where the byte that is executed at {@code address} can be written. */
    public long writable(long address) {
        long offset = address - executable;
        if (offset < 0 || offset >= size) {
            throw new IllegalArgumentException("0x" + Long.toHexString(address) + " is no code");
        }
        return writable + offset;
    }

    /** Whether code at this address would be ours. */
    public boolean contains(long address) {
        return address >= executable && address - executable < size;
    }

    /** Takes a block back. No thread may be in it or be able to reach it any more. */
    public synchronized void free(CodeBlock block) {
        if (!open) {
            return;
        }
        long offset = block.address() - executable;
        // Who comes here all the same is stopped where he stands.
        fill(offset, rounded(block.size()));
        free.give(offset, rounded(block.size()));
    }

    private void fill(long offset, long bytes) {
        byte[] breakpoints = new byte[(int) Math.min(bytes, FILL)];
        Arrays.fill(breakpoints, BREAKPOINT);
        for (long done = 0; done < bytes; done += breakpoints.length) {
            int now = (int) Math.min(breakpoints.length, bytes - done);
            Memory.copyIn(
                    now == breakpoints.length ? breakpoints : Arrays.copyOf(breakpoints, now),
                    writable + offset + done);
        }
    }

    /** Bytes that blocks have now, rounded up to granules. */
    public synchronized long used() {
        return frontier - free.bytes();
    }

    /** Frees all of it. No thread may be in any block. */
    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            unmap(writable, size);
            unmap(executable, size);
        }
    }
}
