package dev.turnout.tests.kernel;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PcapReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The frames of the examples' capture. */
final class Capture {
    private static final Path FILE = Path.of("..", "examples", "data", "mixed.pcap");

    /** What the test run takes of a frame for XDP without fragments. */
    private static final int LONGEST = 3520;

    private Capture() {}

    /** Every so many-th frame that is not too long for XDP. */
    static List<ByteString> every(int step) throws IOException {
        List<ByteString> all = PcapReader.read(FILE.toString(), Files.readAllBytes(FILE), new Diagnostics())
                .orElseThrow();
        List<ByteString> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += step) {
            if (all.get(i).size() <= LONGEST) {
                some.add(all.get(i));
            }
        }
        return some;
    }
}
