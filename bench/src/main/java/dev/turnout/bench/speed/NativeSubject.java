package dev.turnout.bench.speed;

import dev.turnout.ir.model.ByteString;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The C source as machine code of a C compiler, called in a loop that is machine code, too. */
public final class NativeSubject implements Subject {
    private final Arena arena = Arena.ofConfined();
    private final MethodHandle repeat;
    private final MemorySegment entry;
    private final MemorySegment memory;

    /**
     * @param folder of the shared objects, {@code repeat.so} among them
     */
    @SuppressWarnings("restricted") // Native code is what is measured.
    public NativeSubject(Path folder, String workload, ByteString input) {
        SymbolLookup loop = SymbolLookup.libraryLookup(folder.resolve("repeat.so"), arena);
        this.repeat = Linker.nativeLinker()
                .downcallHandle(
                        loop.findOrThrow("repeat"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
        this.entry = SymbolLookup.libraryLookup(folder.resolve(workload + ".so"), arena)
                .findOrThrow("entry");
        this.memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, input.toArray());
    }

    @Override
    public int run(long times) {
        try {
            return (int) (long) repeat.invokeExact(entry, memory, memory.byteSize(), times);
        } catch (Throwable bug) {
            throw new IllegalStateException("a downcall", bug);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
