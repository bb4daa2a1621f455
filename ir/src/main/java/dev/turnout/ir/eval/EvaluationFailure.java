package dev.turnout.ir.eval;

import dev.turnout.ir.model.Location;
import java.util.ArrayList;
import java.util.List;

/** Evaluated code did what it must not do, or took too long. Not a bug of ours: the caller turns it into a diagnostic. */
public final class EvaluationFailure extends RuntimeException {
    private final transient List<Place> places = new ArrayList<>();

    /**
     * Where it happened.
     *
     * @param text the instruction as text
     */
    public record Place(String function, String text, Location at) {
        @Override
        public String toString() {
            return "in @" + function + (at.isKnown() ? " at " + at.file() + ":" + at : "") + ": " + text;
        }
    }

    /** @param reason a few words without capital and period */
    public EvaluationFailure(String reason) {
        super(reason, null, false, false);
    }

    void at(Place place) {
        places.add(place);
    }

    /** Where it happened, then the calls that led there. */
    public List<Place> places() {
        return List.copyOf(places);
    }

    /** What happened, without the place. */
    public String reason() {
        return String.valueOf(super.getMessage());
    }

    @Override
    public String getMessage() {
        StringBuilder out = new StringBuilder(reason());
        for (Place place : places) {
            out.append("\n    ").append(place);
        }
        return out.toString();
    }
}
