package dev.turnout.runtime.engine;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.context.PreparedInputs;
import dev.turnout.runtime.context.Workspace;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ProgramType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Which inputs a program takes, and how each of them becomes what it is called with. */
record Feeding(BpfProgram program, PacketFeed feed) {
    /** False if the program takes no inputs of the kind of one of these, which was reported. */
    boolean takesAll(List<? extends Input> inputs, Diagnostics diagnostics) {
        for (Input input : inputs) {
            Optional<String> wrong = wrong(input);
            if (wrong.isPresent()) {
                diagnostics.report(Diagnostic.general(DiagnosticCode.R0112, wrong.get()));
                return false;
            }
        }
        return true;
    }

    private Optional<String> wrong(Input input) {
        return switch (program.entry()) {
            case BpfProgram.Entry.Memory(long demanded) ->
                switch (input) {
                    case Input.Memory(ByteString bytes, ByteString _) ->
                        bytes.size() == demanded
                                ? Optional.empty()
                                : Optional.of("the program was verified for " + demanded + " bytes of memory");
                    case Input.Packet _ -> Optional.of("the program takes memory, no packets");
                };
            case BpfProgram.Entry.Context(ProgramType type) -> {
                boolean wrong = switch (type.feed()) {
                    case NONE -> input instanceof Input.Packet;
                    case ETHERNET, NETWORK_HEADER -> input instanceof Input.Memory;
                    case BYTES -> false;
                };
                yield wrong
                        ? Optional.of("programs of type `" + type.word() + "` take "
                                + (input instanceof Input.Packet ? "no packets" : "packets, no raw context"))
                        : Optional.empty();
            }
        };
    }

    /** Whether a repetition begins with the input as it was given, as Linux has it of what a flow dissector fills in. */
    boolean feedsEachRun() {
        return program.type().filter(type -> type == ProgramType.FLOW_DISSECTOR).isPresent();
    }

    /** Linux's test run takes no programs that are for packets which were redirected. */
    private boolean refusesAll() {
        return feed.linux() && (program.attach() == AttachType.XDP_DEVMAP || program.attach() == AttachType.XDP_CPUMAP);
    }

    /** Puts an input into a workspace; false if the program cannot be fed this one. */
    boolean feed(Input input, Workspace to) {
        if (refusesAll()) {
            return false;
        }
        return switch (input) {
            case Input.Packet(ByteString frame, ByteString context) ->
                feed.feed(to, program.type().orElseThrow(), MemorySegment.ofArray(frame.toArray()), context);
            case Input.Memory(ByteString bytes, ByteString behind) ->
                program.type()
                        .map(type -> feed.feedContext(to, type, bytes, behind))
                        .orElseGet(() -> to.useMemory(MemorySegment.ofArray(bytes.toArray())));
        };
    }

    /** Adds an input to others. */
    PreparedInputs.Placed add(Input input, PreparedInputs to) {
        if (refusesAll()) {
            return PreparedInputs.Placed.REFUSED;
        }
        return switch (input) {
            case Input.Packet(ByteString frame, ByteString context) ->
                to.addPacket(feed, program.type().orElseThrow(), frame.toArray(), context);
            case Input.Memory(ByteString bytes, ByteString behind) ->
                program.type()
                        .map(type -> to.addContext(feed, type, bytes, behind))
                        .orElseGet(() -> to.addMemory(bytes.toArray()));
        };
    }

    /** Room for all of these, or for as many as there may be at once. */
    PreparedInputs room(List<? extends Input> inputs) {
        long bytes = 0;
        for (Input input : inputs) {
            bytes += switch (input) {
                case Input.Packet(ByteString frame, ByteString _) -> frame.size();
                case Input.Memory(ByteString memory, ByteString behind) -> memory.size() + behind.size();
            };
        }
        return PreparedInputs.of(inputs.size(), bytes, growsPackets());
    }

    /** Whether the program, or one that it may tail-call, may ask for room around its packet. */
    private boolean growsPackets() {
        ProgramType type = program.type().orElse(null);
        // Programs that may not change a packet's length have no helper for it.
        return type != null
                && (type == ProgramType.XDP || HelperFunction.SKB_CHANGE_TAIL.allowedIn(type))
                && program.code().insns().stream()
                        .anyMatch(insn -> insn instanceof Insn.CallHelper call
                                && HelperFunction.ofId(call.id())
                                        .filter(Feeding::growsPackets)
                                        .isPresent());
    }

    private static boolean growsPackets(HelperFunction helper) {
        return switch (helper) {
            case TAIL_CALL, SKB_CHANGE_HEAD, SKB_CHANGE_TAIL, SKB_CHANGE_PROTO, SKB_ADJUST_ROOM, SKB_VLAN_PUSH -> true;
            case XDP_ADJUST_HEAD, XDP_ADJUST_TAIL, XDP_ADJUST_META -> true;
            default -> false; // They move the packet at most.
        };
    }
}
