package dev.turnout.verifier.walk;

import dev.turnout.verifier.report.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The decisions of a path, the last first; the paths of a walk share what they have in common. */
record Trail(@Nullable Trail before, int slot, int to) {
    /** The path from {@code start} with the decisions in their order. */
    static Path path(int start, @Nullable Trail last) {
        List<Path.Step> steps = new ArrayList<>();
        for (Trail trail = last; trail != null; trail = trail.before) {
            steps.add(new Path.Step(trail.slot, trail.to));
        }
        return new Path(start, steps.reversed());
    }
}
