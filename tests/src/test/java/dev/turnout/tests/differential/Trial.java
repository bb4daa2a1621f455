package dev.turnout.tests.differential;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.tests.random.Deletion;
import dev.turnout.tests.random.Mutation;
import dev.turnout.tests.random.RandomProgram;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What every engine is given: a program, and what it runs on, one run after the other. A seed names it.
 *
 * @param kind in which way the program was drawn
 * @param targets what its array of programs holds, if it has one
 * @param inputs memory or packets
 * @param keys the value of every static key in each run
 */
record Trial(
        long seed, Kind kind, BpfProgram program, List<BpfProgram> targets, List<ByteString> inputs, List<Long> keys) {
    private static final int RUNS = 3;

    /** What was done to the program that was drawn. */
    enum Kind {
        WHOLE,
        /** An instruction was replaced or deleted. */
        SPOILED,
        /** Bits of its bytes were flipped. */
        FLIPPED,
        /** Random instructions. */
        NOISE
    }

    /** The trial of a seed; empty if its bytes are no instructions, which is as good as rejected. */
    static Optional<Trial> of(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        BpfProgram drawn = RandomProgram.draw(seed);
        Kind kind = switch (random.nextInt(24)) {
            case 0, 1, 2 -> Kind.SPOILED;
            case 3, 4 -> Kind.FLIPPED;
            case 5 -> Kind.NOISE;
            default -> Kind.WHOLE;
        };
        Optional<BpfProgram> program = switch (kind) {
            case WHOLE -> Optional.of(drawn);
            case SPOILED -> Optional.of(Mutation.spoil(drawn, random));
            case FLIPPED -> Mutation.flip(drawn, random);
            case NOISE -> Mutation.noise(drawn, random);
        };
        List<ByteString> inputs = Stream.generate(() -> RandomProgram.input(drawn, random))
                .limit(RUNS)
                .toList();
        List<Long> keys =
                Stream.generate(() -> (long) random.nextInt(3)).limit(RUNS).toList();
        boolean jumps = drawn.maps().stream().anyMatch(map -> map.kind() == MapKind.PROG_ARRAY);
        List<BpfProgram> targets = jumps ? RandomProgram.targets(seed) : List.of();
        return program.map(one -> new Trial(seed, kind, one, targets, inputs, keys));
    }

    /** The same with fewer instructions. */
    Optional<Trial> without(BitSet slots) {
        return Deletion.of(program, slots).map(smaller -> new Trial(seed, kind, smaller, targets, inputs, keys));
    }
}
