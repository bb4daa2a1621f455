package dev.turnout.bpf.btf;

/**
 * What C calls the language's types of numbers. Objects carry these names, because what is generated from an object's types is C: a
 * skeleton declares each global by the name of its type and must compile where only C's own names and those of {@code linux/types.h}
 * are known. It is also what a C compiler writes, so that a linker finds the types of its objects and ours equal.
 */
public final class CNames {
    private CNames() {}

    /** C's name of a number of the language; any other name as it is. */
    public static String number(String name) {
        return switch (name) {
            case "bool" -> "_Bool";
            case "u8" -> "unsigned char";
            case "u16" -> "unsigned short";
            case "u32" -> "unsigned int";
            case "u64" -> "unsigned long long";
            case "i8" -> "signed char";
            case "i16" -> "short";
            case "i32" -> "int";
            case "i64" -> "long long";
            default -> name;
        };
    }

    /** The name in {@code linux/types.h} of a number in network order; any other name as it is. */
    public static String typedef(String name) {
        return switch (name) {
            case "be16", "be32", "be64" -> "__" + name;
            default -> name;
        };
    }
}
