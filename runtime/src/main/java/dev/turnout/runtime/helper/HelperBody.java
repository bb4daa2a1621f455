package dev.turnout.runtime.helper;

/** How this machine carries out a helper. */
@FunctionalInterface
interface HelperBody {
    /** Arguments are r1 to r5, of which a helper looks at those that its row has; the result is r0. */
    long call(CallSite site, long a, long b, long c, long d, long e);
}
