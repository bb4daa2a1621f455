package dev.turnout.bpf.btf;

import java.util.List;
import java.util.Map;

/**
 * What {@code .BTF.ext} says of code, by ELF section name, each list as it stands.
 *
 * @param functions types of functions
 * @param lines source lines
 * @param relocations CO-RE relocations
 */
public record BtfExt(
        Map<String, List<FunctionInfo>> functions,
        Map<String, List<LineInfo>> lines,
        Map<String, List<CoreRelocation>> relocations) {
    public static final BtfExt EMPTY = new BtfExt(Map.of(), Map.of(), Map.of());

    /** The function that starts at {@code offset} bytes has the FUNC {@code type}. */
    public record FunctionInfo(long offset, int type) {}

    /** The code from {@code offset} bytes on came from here. */
    public record LineInfo(long offset, String file, String text, int line, int column) {}

    /** The instruction at {@code offset} bytes depends on the layout of {@code type}. */
    public record CoreRelocation(long offset, int type, String access, int kind) {}
}
