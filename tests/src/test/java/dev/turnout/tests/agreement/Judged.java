package dev.turnout.tests.agreement;

import java.util.Optional;

/**
 * A program and both verdicts.
 *
 * @param object file name
 * @param kernelTypes why nobody can judge it without a kernel's types, if so
 * @param nanos of our verdict
 */
record Judged(
        String object,
        String program,
        String section,
        Optional<String> kernelTypes,
        OurVerdict ours,
        LinuxVerdict theirs,
        long nanos) {
    /** Where a program stands; the order is that of the report. */
    enum Category {
        CRASHES("crashes"),
        HANGS("hangs"),
        FALSE_ACCEPTS("false-accepts"),
        FALSE_REJECTS("false-rejects"),
        BOTH_ACCEPT("both-accept"),
        BOTH_REJECT("both-reject"),
        NOT_COUNTED("not-counted");

        private final String word;

        Category(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    Category category() {
        return switch (ours) {
            case OurVerdict.Crashed _ -> Category.CRASHES;
            case OurVerdict.Hung _ -> Category.HANGS;
            case OurVerdict.Accepted _ ->
                switch (theirs) {
                    case LinuxVerdict.Accepted _ -> Category.BOTH_ACCEPT;
                    case LinuxVerdict.Rejected _ -> Category.FALSE_ACCEPTS;
                    case LinuxVerdict.NotAsked _ -> Category.NOT_COUNTED;
                };
            case OurVerdict.Rejected _, OurVerdict.Unloadable _ ->
                switch (theirs) {
                    case LinuxVerdict.Accepted _ -> Category.FALSE_REJECTS;
                    case LinuxVerdict.Rejected _ -> Category.BOTH_REJECT;
                    case LinuxVerdict.NotAsked _ -> Category.NOT_COUNTED;
                };
        };
    }

    boolean counts() {
        return !(theirs instanceof LinuxVerdict.NotAsked);
    }

    boolean agrees() {
        return switch (category()) {
            case BOTH_ACCEPT, BOTH_REJECT -> true;
            case CRASHES, HANGS, FALSE_ACCEPTS, FALSE_REJECTS, NOT_COUNTED -> false;
        };
    }

    /** Both verdicts, on a line. */
    String line() {
        String linux = switch (theirs) {
            case LinuxVerdict.Accepted _ -> "accepted";
            case LinuxVerdict.Rejected(String log) -> "rejected: " + log;
            case LinuxVerdict.NotAsked(String why) -> "not asked: " + why;
        };
        return object + " " + program + " [" + section + "]"
                + kernelTypes.map(why -> " {" + why + "}").orElse("") + "\n    ours:  " + ours.line() + "\n    Linux: "
                + linux;
    }
}
