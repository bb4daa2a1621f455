package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.image.CpuSlots;
import dev.turnout.runtime.map.BpfMap;
import java.util.List;

/** An execution that shows itself before each instruction. */
final class WatchedExecution extends Execution {
    private final Watcher watcher;
    private final Moment present = new Present();

    WatchedExecution(InterpretedProgram main, CpuSlots.Lease lease, long fuel, Watcher watcher) {
        super(main, lease, fuel);
        this.watcher = watcher;
    }

    @Override
    void before() {
        watcher.before(present);
    }

    /** Whatever moment it is. */
    private final class Present implements Moment {
        @Override
        public BpfProgram program() {
            return loaded().program();
        }

        @Override
        public int slot() {
            return pc();
        }

        @Override
        public int depth() {
            return frame();
        }

        @Override
        public long register(Reg reg) {
            return value(reg);
        }

        @Override
        public Workspace workspace() {
            return WatchedExecution.this.workspace();
        }

        @Override
        public List<BpfMap> maps() {
            return loaded().maps();
        }
    }
}
