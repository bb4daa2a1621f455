package dev.turnout.runtime.map;

import dev.turnout.stdlib.program.ProgramType;
import java.util.Optional;

/** What a program array holds: a program that can be run. Its engine recognises its own. */
public interface TailTarget {
    /** The type that all programs of one array must share. */
    Optional<ProgramType> programType();

    String name();

    /** Where compiled code of the same engine jumps to, to go on as this program; 0 if it cannot. Fixed while it is retained. */
    default long nativeEntry() {
        return 0;
    }

    /**
     * Keeps what the program is made of until {@link #release}, even if the program is closed meanwhile.
     *
     * @return false if it is closed already
     */
    default boolean retain() {
        return true;
    }

    /** Ends what {@link #retain} began. Runs that are under way may still be in it. */
    default void release() {}
}
