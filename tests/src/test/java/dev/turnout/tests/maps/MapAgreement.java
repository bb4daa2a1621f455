package dev.turnout.tests.maps;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.stdlib.map.MapKind;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Goes through seeds: {@code COUNT [FROM [KIND...]]} histories of each kind. Prints a history that differs, made small. */
final class MapAgreement {
    private static final int LENGTH = 60;

    private MapAgreement() {}

    /** What is wrong with a seed, or nothing. */
    static Optional<String> wrong(MapKind kind, long seed) {
        MapHistory history = MapHistory.draw(kind, seed, LENGTH);
        if (MapJudgement.difference(history).isEmpty()) {
            return Optional.empty();
        }
        MapHistory least = MapJudgement.reduced(history);
        return Optional.of("seed " + seed + ": "
                + MapJudgement.difference(least).orElse("differs only now and then") + "\n" + MapJudgement.text(least));
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (!KernelObject.permitted(new Diagnostics())) {
            out.println("the running kernel may not be asked: run as root");
            System.exit(2);
        }
        long count = Long.parseLong(args[0]);
        long from = args.length > 1 ? Long.parseLong(args[1]) : 0;
        List<MapKind> kinds = new ArrayList<>();
        for (String word : List.of(args).subList(Math.min(2, args.length), args.length)) {
            kinds.add(MapKind.ofWord(word.toLowerCase(Locale.ROOT))
                    .orElseThrow(() -> new IllegalArgumentException("no kind is called " + word)));
        }
        boolean right = true;
        for (MapKind kind : kinds.isEmpty() ? MapJudgement.KINDS : kinds) {
            int differing = 0;
            for (long seed = from; seed < from + count && differing < 3; seed++) {
                Optional<String> wrong = wrong(kind, seed);
                if (wrong.isPresent()) {
                    differing++;
                    out.println(wrong.get());
                }
            }
            out.println(kind.word() + ": " + (differing == 0 ? "right" : differing + " differ") + " of " + count
                    + " histories of " + LENGTH + " operations");
            right &= differing == 0;
        }
        System.exit(right ? 0 : 1);
    }
}
