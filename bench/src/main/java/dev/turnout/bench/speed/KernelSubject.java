package dev.turnout.bench.speed;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import java.util.Optional;

/** A program in the running kernel, as its test run repeats it. */
public final class KernelSubject implements Subject {
    private final KernelObject object;
    private final KernelProgram program;
    private final ByteString packet;

    private KernelSubject(KernelObject object, KernelProgram program, ByteString packet) {
        this.object = object;
        this.program = program;
        this.packet = packet;
    }

    /** Empty if the kernel refuses it. */
    public static Optional<KernelSubject> of(BpfProgram program, ByteString packet) {
        KernelObject object = new KernelObject();
        Optional<KernelSubject> subject =
                object.load(program, new Diagnostics()).map(loaded -> new KernelSubject(object, loaded, packet));
        if (subject.isEmpty()) {
            object.close();
        }
        return subject;
    }

    @Override
    public int run(long times) {
        return switch (program.run(packet, Math.toIntExact(times))) {
            case TestRun.Ran ran -> ran.result();
            case TestRun.Refused(int error) -> throw new IllegalStateException("the kernel ran nothing: " + error);
        };
    }

    @Override
    public void close() {
        object.close();
    }
}
