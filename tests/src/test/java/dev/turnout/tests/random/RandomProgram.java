package dev.turnout.tests.random;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.ir.model.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The door: programs, and what to run them on, of seeds. */
public final class RandomProgram {
    private static final int LONGEST = 18;

    private RandomProgram() {}

    /** The program of this seed. */
    public static BpfProgram draw(long seed) {
        return draw(new SplittableRandom(seed));
    }

    /**
     * Programs that the program of this seed may call in its place, if it does such a thing; they may call each other, and so go
     * on until the machine stops them.
     */
    public static List<BpfProgram> targets(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        return Stream.generate(() -> draw(random.split(), new Ingredients(random.split(), true)))
                .limit(Ingredients.PROGRAMS)
                .toList();
    }

    private static BpfProgram draw(SplittableRandom random) {
        return draw(random, new Ingredients(random));
    }

    private static BpfProgram draw(SplittableRandom random, Ingredients ingredients) {
        ProgramDraft program = new ProgramDraft(ingredients);
        List<Integer> starts = new ArrayList<>();
        // Each may call for others behind it.
        for (int number = 0; number < program.functions(); number++) {
            starts.add(program.code.slot());
            program.code.place(program.function(number).label());
            FunctionDraft function = new FunctionDraft(program, number);
            function.begin();
            new Statements(function).body(random.nextInt(1, number == 0 ? LONGEST : LONGEST / 3), number == 0 ? 0 : 1);
            function.end();
        }
        return program.finish(starts);
    }

    /** Bytes for a run: memory of this length or a packet. */
    public static ByteString input(BpfProgram program, SplittableRandom random) {
        return switch (program.entry()) {
            case BpfProgram.Entry.Memory(long bytes) -> new Ingredients(random).content((int) bytes);
            // Some are too short for what the program looks for.
            case BpfProgram.Entry.Context _ ->
                new Ingredients(random).content(new int[] {14, 60, 64, 128, 520}[random.nextInt(5)]);
        };
    }
}
