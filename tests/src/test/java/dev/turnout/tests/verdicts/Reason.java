package dev.turnout.tests.verdicts;

import java.util.Locale;
import java.util.Optional;

/** Why our verdict and the running kernel's differ. */
enum Reason {
    /** The program is safe, and we cannot see it. */
    OURS_IMPRECISE,
    /** The program is safe, and the kernel cannot see it. */
    KERNEL_IMPRECISE,
    /** The kernel refuses it for another reason than safety: a limit on complexity, a rule of style. */
    KERNEL_POLICY,
    /** Linux 7.2, whose verdict we predict, says what we say; the kernel that was asked is older. */
    KERNEL_OLDER;

    /** As files write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Reason> ofWord(String word) {
        for (Reason reason : values()) {
            if (reason.word().equals(word)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
