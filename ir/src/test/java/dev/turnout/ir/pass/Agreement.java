package dev.turnout.ir.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.eval.CheckedMemory;
import dev.turnout.ir.eval.EvaluationFailure;
import dev.turnout.ir.eval.Evaluator;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.ir.text.IrPrinter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Runs two modules on the same generated inputs: what comes out, what stands in memory and what was called must agree. */
final class Agreement {
    private static final int PACKET = 64;

    /** No slot that a helper is given is smaller. */
    private static final int KEY = 4;

    private Agreement() {}

    /** The world of one run: everything that can be seen of it from outside. */
    private static final class World extends CheckedMemory {
        final List<String> seen = new ArrayList<>();

        World(Module module) {
            super(module);
        }

        @Override
        public long callHelper(String helper, long[] arguments, Evaluator evaluator) {
            // Addresses differ between the two: only numbers that are surely none are seen. What `look` is given is no
            // number.
            boolean looks = helper.equals("look");
            long mixed = helper.hashCode();
            StringBuilder call = new StringBuilder(helper);
            for (long argument : arguments) {
                boolean number = argument < 0x1000 || argument > 0x1_0000_0000L;
                String shown = number ? Long.toString(argument) : looks ? "*" + bytesAt(argument) : "*";
                call.append(' ').append(shown);
                mixed = mixed * 31 + (looks ? shown.hashCode() : number ? argument : 0);
            }
            seen.add(call.toString());
            return mixed & 0xff;
        }

        /** What a helper finds at an address: as much of a key as there is. */
        private String bytesAt(long address) {
            StringBuilder bytes = new StringBuilder();
            try {
                for (int i = 0; i < KEY; i++) {
                    bytes.append(' ').append(load(address + i, 1));
                }
            } catch (EvaluationFailure end) {
                bytes.append(" end");
            }
            return bytes.toString();
        }
    }

    /**
     * Runs every function of {@code before} and the one of the same name in {@code after}.
     *
     * @return how many runs came to an end
     */
    static int check(Module before, Module after, int rounds, long seed) {
        int ended = 0;
        for (Function function : before.functions()) {
            if (after.function(function.name()).isEmpty()) {
                continue;
            }
            for (int round = 0; round < rounds; round++) {
                long inputs = seed * 1_000_003 + round;
                Optional<String> expected = run(before, function, inputs, 20_000);
                if (expected.isPresent()) {
                    ended++;
                    Optional<String> found = run(after, function, inputs, 500_000);
                    assertThat(found)
                            .as(
                                    "@%s, inputs %d, before:\n%s\nafter:\n%s",
                                    function.name(), inputs, IrPrinter.print(before), IrPrinter.print(after))
                            .isEqualTo(expected);
                }
            }
        }
        return ended;
    }

    /** Runs every function and shows {@code watcher} every value. */
    static void watch(Module module, int rounds, long seed, Evaluator.Watcher watcher) {
        for (Function function : module.functions()) {
            for (int round = 0; round < rounds; round++) {
                Optional<String> seen = run(module, function, seed * 1_000_003 + round, 5_000, watcher);
                assertThat(seen).isNotNull();
            }
        }
    }

    private static Optional<String> run(Module module, Function function, long seed, long fuel) {
        return run(module, function, seed, fuel, (in, block, value, number) -> {});
    }

    /** What is seen of a run; empty if it fails, for then the function asks for what it must not. */
    private static Optional<String> run(
            Module module, Function function, long seed, long fuel, Evaluator.Watcher watcher) {
        Random random = new Random(seed);
        World world = new World(module);
        byte[] packet = new byte[random.nextInt(PACKET)];
        random.nextBytes(packet);
        byte[] memory = new byte[PACKET];
        random.nextBytes(memory);
        long packetAt = world.allocate("packet", packet, true);
        long memoryAt = world.allocate("memory", memory, true);
        long contextAt = world.allocate("context", new byte[PACKET], false);
        for (int offset = 0; offset < PACKET; offset++) {
            world.contextField(
                    offset, offset == 0 ? packetAt : offset == 4 ? packetAt + packet.length : random.nextInt(9));
        }
        for (Key key : module.keys()) {
            world.key(key.name(), random.nextInt(2));
        }
        List<Value> parameters = function.parameters();
        long[] arguments = new long[parameters.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = switch (parameters.get(i).type()) {
                case Type.Int type -> number(type, random);
                case Type.Ptr type ->
                    type.region() == Region.PACKET
                            ? packetAt
                            : type.region() == Region.PACKET_END
                                    ? packetAt + packet.length
                                    : type.region() == Region.CONTEXT ? contextAt : memoryAt;
                case Type.Void _ -> 0;
            };
        }
        try {
            Evaluator evaluator = new Evaluator(module, world, fuel);
            evaluator.watch(watcher);
            long result = evaluator.run(function.name(), arguments);
            StringBuilder seen = new StringBuilder();
            seen.append(
                    function.result() instanceof Type.Ptr ? result == 0 ? "null" : "pointer" : Long.toString(result));
            seen.append(' ').append(world.seen);
            seen.append(' ').append(HexFormat.of().formatHex(packet));
            seen.append(' ').append(HexFormat.of().formatHex(memory));
            for (Global global : module.globals()) {
                long address = world.addressOf(Region.GLOBAL, global.name());
                for (int i = 0; i < global.size(); i++) {
                    seen.append(' ').append(world.load(address + i, 1));
                }
            }
            return Optional.of(seen.toString());
        } catch (EvaluationFailure failure) {
            return Optional.empty();
        }
    }

    private static long number(Type.Int type, Random random) {
        return type.truncate(
                switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(4);
                    case 1 -> random.nextInt(100);
                    case 2 -> -random.nextInt(100);
                    default -> random.nextLong();
                });
    }
}
