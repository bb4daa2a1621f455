package dev.turnout.x86.code;

import dev.turnout.x86.asm.BranchCell;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the code of a static branch obeys its key. Programs behave equally under all three; docs/adr/0016 compares them. */
public enum PatchMode {
    /** It is patched: a nop, or a jump. A branch that is off costs its nop. */
    CELL("cell"),
    /** It is patched: a jump whose distance changes. Slow; what {@link #CELL} is compared with. */
    DISPLACEMENT("displacement"),
    /** It reads the key in memory and compares, each time. For systems that cannot make all threads serialise. */
    FLAG("flag");

    private final String word;

    PatchMode(String word) {
        this.word = word;
    }

    /** As {@code --patching} takes it. */
    public String word() {
        return word;
    }

    public static Optional<PatchMode> ofWord(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word.equals(word)).findFirst();
    }

    /** All words, for the help of an option. */
    public static String words() {
        return Arrays.stream(values()).map(PatchMode::word).collect(Collectors.joining(", "));
    }

    /** What stands in the cells of code that is patched; nothing of code that is not. */
    public Optional<BranchCell> cell() {
        return switch (this) {
            case CELL -> Optional.of(BranchCell.NOP_OR_JUMP);
            case DISPLACEMENT -> Optional.of(BranchCell.DISTANCE);
            case FLAG -> Optional.empty();
        };
    }
}
