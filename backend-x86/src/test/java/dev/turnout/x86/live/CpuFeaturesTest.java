package dev.turnout.x86.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.x86.isa.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CpuFeaturesTest {
    private static final Path KERNEL_SAYS = Path.of("/proc/cpuinfo");

    /** As Linux names them; LZCNT is part of what AMD called advanced bit manipulation. */
    private static String word(Feature feature) {
        return feature == Feature.LZCNT ? "abm" : feature.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void theProcessorSaysWhatTheKernelSays() throws Exception {
        assumeTrue(Files.isReadable(KERNEL_SAYS), "no /proc/cpuinfo here");
        Optional<Gates> gates = Gates.ofProcess(new Diagnostics());
        assumeTrue(gates.isPresent(), "no native code here");
        String flags = Files.readAllLines(KERNEL_SAYS).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .orElseThrow();
        String padded = flags.substring(flags.indexOf(':') + 1) + " ";
        for (Feature feature : Feature.values()) {
            assertThat(gates.get().features().contains(feature))
                    .as(feature.name())
                    .isEqualTo(feature == Feature.BASE || padded.contains(" " + word(feature) + " "));
        }
    }
}
