package dev.turnout.linux.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many values a key of a per-CPU map has: CPUs that may ever be there, not those that are. */
final class PossibleCpus {
    private static final Path LIST = Path.of("/sys/devices/system/cpu/possible");

    private PossibleCpus() {}

    static int count() {
        try {
            return count(Files.readString(LIST).strip());
        } catch (IOException noSuchFile) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /** Numbers of a list such as {@code 0-3,8}: one more than the largest. */
    static int count(String list) {
        int largest = 0;
        for (String range : list.split(",", -1)) {
            largest = Math.max(largest, Integer.parseInt(range.substring(range.indexOf('-') + 1)));
        }
        return largest + 1;
    }
}
