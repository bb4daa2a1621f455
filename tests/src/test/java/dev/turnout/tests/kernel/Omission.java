package dev.turnout.tests.kernel;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a kernel is not asked about a program, or not about all that its tests do. There are no other reasons. */
enum Omission {
    TARGET("the target lacks what the program demands: E0412|…E0413|…E0414|…E0415|…E0419"),
    NEWER_KERNEL("made for Linux [0-9.]+, and this is [0-9.]+"),
    /** {@link KnownRefusals}. */
    REFUSED("is known to be refused, with code for [a-z0-9.-]+"),
    CLOCK("the kernel's clock cannot be set"),
    OUTPUT("what programs print in the kernel is not read back"),
    CODE(
            "what the kernel makes of the code is not looked at|code is inspected as it is made for `vm`, not for `[a-z0-9.-]+`"),
    ADDRESSES("memory of the process has another address elsewhere"),
    REGISTERS("the kernel reads registers that are the kernel's only"),
    /** Programs of these types run where something happens, and only there. */
    NO_TEST_RUN("Linux has no test run of `[a-z_]+` programs"),
    SHORT_FRAME("Linux's test run takes no frame of [0-9]+ bytes"),
    /** A frame that ends where a header should be. */
    REFUSED_INPUT("Linux's test run refuses this input with error 22"),
    QUEUE_LENGTH("the kernel does not say how many values map `[a-z_]+` holds"),
    DEVICES("the machine has none of what the test puts into map `[a-z_]+`"),
    CHANCE("a Bloom filter of the kernel errs by chance"),
    NO_KEY("the object has no key `[a-z_]+` on this target");

    private final Pattern reason;

    Omission(String reason) {
        this.reason = Pattern.compile(reason.replace("…", "the target lacks what the program demands: "));
    }

    static Optional<Omission> of(String reason) {
        return Arrays.stream(values())
                .filter(one -> one.reason.matcher(reason).matches())
                .findFirst();
    }
}
