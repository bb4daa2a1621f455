package dev.turnout.x86.isa;

/** What a processor must have to run a row. All but {@link #BASE} are asked of CPUID; SDM vol. 2, CPUID. */
public enum Feature {
    /** Every processor with 64-bit mode. */
    BASE,
    POPCNT,
    LZCNT,
    MOVBE,
    BMI1,
    BMI2
}
