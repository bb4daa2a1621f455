package dev.turnout.tests.golden;

import java.util.List;

/** What a {@code //!} line asks for. Each is a row of {@link Directives}. */
sealed interface Directive {
    /** A stage's text, compared with the expectation and rewritten by {@code -Dbless}. */
    non-sealed interface Snapshot extends Directive {
        /**
         * The text of the stage.
         *
         * @throws IllegalArgumentException if the directive is written wrongly
         */
        String text(Subject subject, Section section);
    }

    /** Something that the author states and an engine decides; never rewritten. */
    non-sealed interface Claim extends Directive {
        /** What is wrong with it: nothing, if it holds. */
        List<String> failures(Subject subject, Section section);
    }

    /** A claim that the running kernel decides too. */
    interface KernelClaim extends Claim {
        /** What is wrong with it in the running kernel. Called only where it is permitted. */
        List<String> kernelFailures(Subject subject, Section section);
    }

    /** Something that belongs to the program, such as another file that it imports; nothing is checked. */
    record Part() implements Directive {}
}
