package dev.turnout.x86.live;

import dev.turnout.runtime.memory.NativeCall;
import dev.turnout.x86.isa.Feature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Set;

/** What this processor says of itself. SDM vol. 2, CPUID. */
final class CpuFeatures {
    private static final int LEAVES = 0;
    private static final int BASIC = 1;
    private static final int STRUCTURED = 7;
    private static final int EXTENDED_LEAVES = 0x8000_0000;
    private static final int EXTENDED = 0x8000_0001;

    private final MemorySegment cpuid;

    private CpuFeatures(MemorySegment cpuid) {
        this.cpuid = cpuid;
    }

    /** Asks, by code at this address that carries {@code cpuid} out. */
    static Set<Feature> ask(long cpuid) {
        return new CpuFeatures(MemorySegment.ofAddress(cpuid)).features();
    }

    private Set<Feature> features() {
        Set<Feature> features = EnumSet.of(Feature.BASE);
        int[] basic = ask(BASIC);
        add(features, Feature.MOVBE, basic[2], 22);
        add(features, Feature.POPCNT, basic[2], 23);
        if (ask(LEAVES)[0] >= STRUCTURED) {
            int[] structured = ask(STRUCTURED);
            add(features, Feature.BMI1, structured[1], 3);
            add(features, Feature.BMI2, structured[1], 8);
        }
        if (Integer.compareUnsigned(ask(EXTENDED_LEAVES)[0], EXTENDED) >= 0) {
            add(features, Feature.LZCNT, ask(EXTENDED)[2], 5);
        }
        return features;
    }

    private static void add(Set<Feature> features, Feature feature, int word, int bit) {
        if ((word >>> bit & 1) != 0) {
            features.add(feature);
        }
    }

    /** eax, ebx, ecx, edx. */
    private int[] ask(int leaf) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(16, 4);
            NativeCall.call(cpuid, leaf, 0, out.address(), 0, 0, 0);
            return out.toArray(ValueLayout.JAVA_INT);
        }
    }
}
