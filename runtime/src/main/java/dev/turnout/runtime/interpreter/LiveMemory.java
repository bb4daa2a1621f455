package dev.turnout.runtime.interpreter;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.image.Binding;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.PacketAccess;
import dev.turnout.stdlib.program.ProgramType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which bytes a program may touch: the values of its maps and what the workspace holds for it. It asks about addresses, not
 * about what the program thinks that they are: a pointer that strays from one live value into another is not noticed, one
 * that strays out of all of them is.
 */
final class LiveMemory {
    private final BpfMap[] maps;
    /** Maps that it may have looked up in others. */
    private final Supplier<List<BpfMap>> inner;

    private final boolean packetReadable;
    private final boolean packetWritable;
    /** By byte of the context; both empty if its fields have no rows, when all of it may be used. */
    private final boolean[] fieldReadable;

    private final boolean[] fieldWritable;
    private final boolean contextWritable;
    private final boolean attachedWritable;

    LiveMemory(BpfProgram program, Binding binding, Supplier<List<BpfMap>> inner) {
        this.maps = binding.maps().toArray(new BpfMap[0]);
        this.inner = inner;
        Optional<ProgramType> type = program.type();
        PacketAccess access = type.map(ProgramType::packetAccess).orElse(PacketAccess.NONE);
        this.packetReadable = access == PacketAccess.DIRECT_READ
                || access == PacketAccess.DIRECT_WRITE
                || program.surroundings().symbols().stream()
                        .anyMatch(symbol -> symbol.name().equals(KernelFunction.DYNPTR_FROM_SKB.symbol()));
        this.packetWritable = access == PacketAccess.DIRECT_WRITE;
        this.contextWritable = type.isEmpty();
        this.attachedWritable =
                type.filter(one -> one == ProgramType.FLOW_DISSECTOR).isPresent();
        int size = type.map(one -> one.context().size()).orElse(0);
        this.fieldReadable = new boolean[size];
        this.fieldWritable = new boolean[size];
        if (type.isPresent()) {
            for (ContextField field : type.get().context().fields()) {
                for (int at = field.offset(); at < field.offset() + field.bytes(); at++) {
                    fieldReadable[at] = type.get().mayRead(field, program.attach());
                    fieldWritable[at] = type.get().mayWrite(field, program.attach());
                }
            }
        }
    }

    boolean readable(Workspace workspace, int depth, long address, long bytes) {
        // A helper that is given no bytes may be given them nowhere.
        return bytes == 0
                || inStack(workspace, depth, address, bytes)
                || (packetReadable && within(address, bytes, workspace.dataMeta(), workspace.dataEnd()))
                || inContext(workspace, address, bytes, fieldReadable, true)
                || inAttached(workspace, address, bytes)
                || workspace.inWalkKeys(address, bytes)
                || inValue(address, bytes, false);
    }

    boolean writable(Workspace workspace, int depth, long address, long bytes) {
        return bytes == 0
                || inStack(workspace, depth, address, bytes)
                || (packetWritable && within(address, bytes, workspace.dataMeta(), workspace.dataEnd()))
                || inContext(workspace, address, bytes, fieldWritable, contextWritable)
                || (attachedWritable && inAttached(workspace, address, bytes))
                || inValue(address, bytes, true);
    }

    private static boolean within(long address, long bytes, long start, long end) {
        return address >= start && bytes >= 0 && address <= end - bytes;
    }

    /** The frames of all calls that have not returned: a callee may be handed its callers' locals. */
    private static boolean inStack(Workspace workspace, int depth, long address, long bytes) {
        return within(address, bytes, workspace.framePointer(depth + 1), workspace.framePointer(0));
    }

    private boolean inContext(Workspace workspace, long address, long bytes, boolean[] allowed, boolean all) {
        long start = workspace.context();
        if (!within(address, bytes, start, start + workspace.contextSize())) {
            return false;
        }
        if (allowed.length == 0) {
            return all;
        }
        for (long at = address - start; at < address - start + bytes; at++) {
            if (at >= allowed.length || !allowed[(int) at]) {
                return false;
            }
        }
        return true;
    }

    /** What pointers in the context lead to: a socket, the keys of a flow, the registers of a caller. */
    private static boolean inAttached(Workspace workspace, long address, long bytes) {
        long start = workspace.input().attached();
        return within(address, bytes, start, start + workspace.input().attachedSize());
    }

    private boolean inValue(long address, long bytes, boolean write) {
        for (BpfMap map : maps) {
            if (within(address, bytes, map.address(), map.address() + map.extent())) {
                return write
                        ? map.writable() && map.inValue(address, bytes)
                        : map.inValue(address, bytes) || map.inKey(address, bytes);
            }
        }
        for (BpfMap map : inner.get()) {
            if (within(address, bytes, map.address(), map.address() + map.extent())) {
                return (!write || map.writable()) && map.inValue(address, bytes);
            }
        }
        return false;
    }
}
