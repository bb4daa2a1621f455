package dev.turnout.tests.kernel;

import dev.turnout.stdlib.target.TargetProfile;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the Linux that this runs on. */
final class RunningLinux {
    private static final Pattern VERSION = Pattern.compile("(?:linux-)?(\\d+)\\.(\\d+).*");

    private RunningLinux() {}

    /** Why it need not take code for a target: that is made for a newer one. Empty if it must. */
    static Optional<String> tooOldFor(TargetProfile target) {
        String running = System.getProperty("os.version", "0.0");
        Matcher wanted = parse(target.word());
        Matcher here = parse(running);
        return number(here) < number(wanted)
                ? Optional.of("made for Linux " + wanted.group(1) + "." + wanted.group(2) + ", and this is "
                        + here.group(1) + "." + here.group(2))
                : Optional.empty();
    }

    private static Matcher parse(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text + " is no version of Linux");
        }
        return matcher;
    }

    private static int number(Matcher version) {
        return Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2));
    }
}
