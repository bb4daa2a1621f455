package dev.turnout.linux.feature;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.Arrays;
import java.util.Optional;

/**
 * A kernel by its release and its types. What it has is asked of its enumerations of map kinds, program types and helpers; without types,
 * everything is taken to be there, and the kernel itself has the last word. Thread-safe.
 */
public final class RunningKernel {
    /** Ends each enumeration: a number that nothing has. */
    private static final String NO_MEMBER = "__";

    private final String release;
    private final KernelBtf types;

    RunningKernel(String release, KernelBtf types) {
        this.release = release;
        this.types = types;
    }

    /** The one that this process runs on. */
    public static RunningKernel here() {
        return new RunningKernel(System.getProperty("os.version", "unknown"), RunningTypes.all());
    }

    /** As {@code uname -r} says it. */
    public String release() {
        return release;
    }

    /** {@code Linux 6.12}: the release without what a distribution adds. */
    public String words() {
        int end = 0;
        while (end < release.length() && (Character.isDigit(release.charAt(end)) || release.charAt(end) == '.')) {
            end++;
        }
        return "Linux " + (end == 0 ? release : release.substring(0, end));
    }

    /** Whether its release is older than a version; a release that is no version is not. */
    public boolean olderThan(int major, int minor) {
        String[] parts = release.split("[^0-9]+", 3);
        try {
            int ours = Integer.parseInt(parts[0]);
            return ours < major || (ours == major && parts.length > 1 && Integer.parseInt(parts[1]) < minor);
        } catch (NumberFormatException noVersion) {
            return false;
        }
    }

    /** Whether it shows its types at all. */
    public boolean hasTypes() {
        return types.size() > 0;
    }

    public boolean has(MapKind kind) {
        return lists("bpf_map_type", kind.kernelId());
    }

    public boolean has(ProgramType type) {
        return lists("bpf_prog_type", type.kernelId());
    }

    public boolean has(HelperFunction helper) {
        return lists("bpf_func_id", helper.id());
    }

    private boolean lists(String enumeration, long number) {
        for (int id : types.named(enumeration)) {
            if (types.find(id).orElse(null) instanceof BtfType.Enumeration known) {
                return known.members().stream()
                        .anyMatch(member ->
                                member.value() == number && !member.name().startsWith(NO_MEMBER));
            }
        }
        return true;
    }

    /** The newest target whose programs the running kernel takes; empty if there is none, or it takes none from this user. */
    public static Optional<TargetProfile> target() {
        return Arrays.stream(TargetProfile.values())
                .filter(target -> target != TargetProfile.VM)
                .filter(target -> KernelFeature.of(target).stream().allMatch(KernelFeature::here))
                .findFirst();
    }
}
