package dev.turnout.x86.live;

import dev.turnout.runtime.image.Binding;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.memory.CodeBlock;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The code of a program at the address where it runs. It stays there while somebody retains it, and after that until no run can be
 * inside. Safe for many threads.
 */
public final class LiveImage {
    private final LiveMachine machine;
    private final CodeBlock block;
    private final X86Code code;
    private final Binding binding;
    private final AtomicInteger users = new AtomicInteger(1);

    LiveImage(LiveMachine machine, CodeBlock block, X86Code code, Binding binding) {
        this.machine = machine;
        this.block = block;
        this.code = code;
        this.binding = binding;
    }

    public X86Code code() {
        return code;
    }

    /** Where the code's first byte is executed. */
    public long address() {
        return block.address();
    }

    /** Where the main function is called, and where tail calls jump to. */
    public long entry() {
        return block.address() + code.entry();
    }

    CodeBlock block() {
        return block;
    }

    Binding binding() {
        return binding;
    }

    /** One more user; false if there was none any more, and then there never will be. */
    public boolean retain() {
        return users.updateAndGet(count -> count == 0 ? 0 : count + 1) != 0;
    }

    /** One user less. Runs that are under way may still be inside. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            machine.retire(this);
        }
    }
}
