package dev.turnout.bpf.link;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.StructOperation;

/** What a program is attached to, as far as its object says. */
final class AttachTarget {
    private AttachTarget() {}

    /**
     * What follows the type in the section's name, or, if a structure of operations names the program, {@code struct.member}; empty if
     * nothing says.
     */
    static String of(BpfObject object, String program, String section) {
        for (StructOperation operation : object.operations()) {
            if (operation.program().equals(program)) {
                return operation.struct() + "." + operation.member();
            }
        }
        int slash = section.indexOf('/');
        return slash < 0 ? "" : section.substring(slash + 1);
    }
}
