package dev.turnout.stdlib.target;

import java.util.List;
import java.util.Optional;

/** A machine that code is made for. A construct that it lacks is lowered to the best form that it has. */
public enum TargetProfile {
    /** The in-tree machine: everything is native. */
    VM(
            "vm",
            4,
            Feature.JUMP_TABLE,
            Feature.INDIRECT_CALL,
            Feature.STATIC_BRANCH,
            Feature.MAY_GOTO,
            Feature.BPF_LOOP,
            Feature.KERNEL_FUNCTIONS,
            Feature.LIVE_STATES,
            Feature.BOUNDED_SWAPS,
            Feature.WIDE_MAP_RESULTS,
            Feature.SPILL_IDENTITIES),
    /** Linux from 6.19 on: jump tables through {@code .jumptables}, no indirect calls, no static branches. */
    LINUX_6_19(
            "linux-6.19",
            4,
            Feature.JUMP_TABLE,
            Feature.MAY_GOTO,
            Feature.BPF_LOOP,
            Feature.KERNEL_FUNCTIONS,
            Feature.LIVE_STATES,
            Feature.BOUNDED_SWAPS,
            Feature.WIDE_MAP_RESULTS,
            Feature.SPILL_IDENTITIES),
    LINUX_6_12(
            "linux-6.12",
            4,
            Feature.MAY_GOTO,
            Feature.BPF_LOOP,
            Feature.KERNEL_FUNCTIONS,
            Feature.WIDE_MAP_RESULTS,
            Feature.SPILL_IDENTITIES),
    LINUX_6_1("linux-6.1", 3, Feature.BPF_LOOP);

    /** What a target can have. */
    public enum Feature {
        /** {@code gotox} through instruction arrays. */
        JUMP_TABLE,
        /** {@code callx}. */
        INDIRECT_CALL,
        /** Branches that are patched while they run. */
        STATIC_BRANCH,
        MAY_GOTO,
        /** The helper {@code bpf_loop}. */
        BPF_LOOP,
        /** Functions of the kernel that are no helpers and any program may call; Linux 6.1 has but few, for a type or two. */
        KERNEL_FUNCTIONS,
        /** A verifier that asks only of registers that are still read whether a round of a loop is like one before. */
        LIVE_STATES,
        /** A verifier that knows how large the result of a change of the byte order can be. */
        BOUNDED_SWAPS,
        /** Errors of map operations in 64 bits: since Linux 6.4. */
        WIDE_MAP_RESULTS,
        /** A verifier to which a register and the slot it was spilled to are one number: since Linux 6.8. */
        SPILL_IDENTITIES
    }

    /** The largest table that is made unless an attribute says another number, in entries. */
    public static final int MAX_TABLE_ENTRIES = 4096;

    /** A switch without a demand that has fewer targets is compared; a bit test asks for many values of one. */
    public static final int MIN_TABLE_TARGETS = 4;

    /**
     * It becomes a jump table from this many cases on: where a table begins to beat compares on numbers that no branch
     * predictor foresees, by {@code bench/ways dispatch} (figures in {@code docs/performance.md}). What a predictor can learn is
     * no reason for either: then the two never cross. And only …
     */
    public static final int MIN_TABLE_CASES = 5;

    /** … if at least this share of the table's entries, in percent, are cases. */
    public static final int MIN_TABLE_DENSITY = 40;

    private final String word;
    private final int cpu;
    private final List<Feature> features;

    TargetProfile(String word, int cpu, Feature... features) {
        this.word = word;
        this.cpu = cpu;
        this.features = List.of(features);
    }

    /** The name on the command line. */
    public String word() {
        return word;
    }

    /** BPF cpu version: 3 or 4. */
    public int cpu() {
        return cpu;
    }

    /** Frames that may be open at one time: that of the program, and of each function that it is in. */
    public int frames() {
        return switch (this) {
            case VM, LINUX_6_19 -> 16;
            case LINUX_6_12, LINUX_6_1 -> 8;
        };
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    public static Optional<TargetProfile> ofWord(String word) {
        for (TargetProfile target : values()) {
            if (target.word.equals(word)) {
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }
}
