package dev.turnout.runtime.image;

import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.map.BpfMap;

/**
 * What of this process a program may look at through a helper that reads at any address: the stack, context and packet of its run and what the
 * context leads to, what the machine's maps hold, and what was placed in its user memory. All else, whether it exists or not, is a fault that the helper
 * answers with an error; so the answer does not depend on what lies where.
 */
public final class OwnedMemory {
    private OwnedMemory() {}

    /** Whether all of these bytes belong to one of them. For the thread that runs on the workspace. */
    public static boolean holds(Machine machine, Workspace workspace, long address, long bytes) {
        InputDescriptor input = workspace.input();
        return within(address, bytes, workspace.framePointer(Workspace.FRAMES), workspace.framePointer(0))
                || within(address, bytes, input.dataMeta(), input.dataEnd())
                || within(address, bytes, input.context(), input.context() + input.contextSize())
                || within(address, bytes, input.attached(), input.attached() + input.attachedSize())
                || workspace.inWalkKeys(address, bytes)
                || inMap(machine, address, bytes)
                || machine.userMemory().holds(address, bytes);
    }

    private static boolean within(long address, long bytes, long from, long to) {
        return address >= from && bytes >= 0 && address <= to - bytes;
    }

    private static boolean inMap(Machine machine, long address, long bytes) {
        for (BpfMap map : machine.allMaps()) {
            if (map.inValue(address, bytes) || map.inKey(address, bytes)) {
                return true;
            }
        }
        return false;
    }
}
