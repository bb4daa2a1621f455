package dev.turnout.tests.differential;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.tests.random.Deletion;
import dev.turnout.tests.random.Mutation;
import dev.turnout.tests.random.RandomProgram;
import java.nio.file.Path;
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
    /** A property: how often a program runs. */
    static final String RUNS = "trial.runs";
    /** A property: a folder with objects. Some trials are of a program from there then. */
    static final String OBJECTS = "trial.objects";

    private static final int FEW_RUNS = 3;

    private static final int ONE_IN = 12;

    /** Compiled programs, if there are any: read once, when the first is asked for. */
    private static final class Compiled {
        static final List<BpfProgram> PROGRAMS = ObjectPrograms.of(Path.of(System.getProperty(OBJECTS, "")));
    }

    /** What was done to the program that was drawn. */
    enum Kind {
        WHOLE,
        /** An instruction was replaced or deleted. */
        SPOILED,
        /** Bits of its bytes were flipped. */
        FLIPPED,
        /** Random instructions. */
        NOISE,
        /** A compiler's program, of which an instruction or two were replaced or deleted. */
        COMPILED
    }

    /** The trial of a seed; empty if its bytes are no instructions, which is as good as rejected. */
    static Optional<Trial> of(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        if (System.getProperty(OBJECTS) != null && random.nextInt(ONE_IN) == 0) {
            return Optional.of(compiled(seed, random));
        }
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
            case NOISE, COMPILED -> Mutation.noise(drawn, random);
        };
        List<ByteString> inputs = inputs(drawn, random);
        List<Long> keys = keys(random);
        boolean jumps = drawn.maps().stream().anyMatch(map -> map.kind() == MapKind.PROG_ARRAY);
        List<BpfProgram> targets = jumps ? RandomProgram.targets(seed) : List.of();
        return program.map(one -> new Trial(seed, kind, one, targets, inputs, keys));
    }

    private static Trial compiled(long seed, SplittableRandom random) {
        BpfProgram program = Compiled.PROGRAMS.get(random.nextInt(Compiled.PROGRAMS.size()));
        BpfProgram spoiled = Mutation.spoil(program, random);
        return new Trial(seed, Kind.COMPILED, spoiled, List.of(), inputs(program, random), keys(random));
    }

    private static List<ByteString> inputs(BpfProgram program, SplittableRandom random) {
        return Stream.generate(() -> RandomProgram.input(program, random))
                .limit(Integer.getInteger(RUNS, FEW_RUNS))
                .toList();
    }

    private static List<Long> keys(SplittableRandom random) {
        return Stream.generate(() -> (long) random.nextInt(3))
                .limit(Integer.getInteger(RUNS, FEW_RUNS))
                .toList();
    }

    /** The same with fewer instructions. */
    Optional<Trial> without(BitSet slots) {
        return Deletion.of(program, slots).map(smaller -> new Trial(seed, kind, smaller, targets, inputs, keys));
    }
}
