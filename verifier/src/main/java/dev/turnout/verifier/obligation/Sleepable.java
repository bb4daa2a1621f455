package dev.turnout.verifier.obligation;

import dev.turnout.bpf.program.BpfProgram;

/** Whether a program may sleep: its section's name says so. */
final class Sleepable {
    private Sleepable() {}

    /** As libbpf reads the name: {@code lsm.s/file_open}. */
    static boolean is(BpfProgram program) {
        String section = program.section();
        int slash = section.indexOf('/');
        String stem = slash < 0 ? section : section.substring(0, slash);
        return stem.equals("syscall") || stem.endsWith(".s");
    }
}
