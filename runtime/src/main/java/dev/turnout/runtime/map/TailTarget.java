package dev.turnout.runtime.map;

import dev.turnout.stdlib.program.ProgramType;
import java.util.Optional;

/** What a program array holds: a program that can be run. Its engine recognises its own. */
public interface TailTarget {
    /** The type that all programs of one array must share. */
    Optional<ProgramType> programType();

    String name();
}
