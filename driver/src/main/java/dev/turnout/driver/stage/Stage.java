package dev.turnout.driver.stage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be looked at, in the order in which it is made. */
public enum Stage {
    TOKENS(true),
    AST(true),
    TYPED(true),
    IR(true),
    ASM(false),
    OBJ(false),
    INVARIANTS(false),
    /** Machine code, between the BPF and the source that it came from. */
    X86(false),
    TABLES(false),
    /** Static keys, and the places in programs that they decide. */
    KEYS(false),
    /** Choices that the values of {@code config} have made, and what died of it. */
    DECISIONS(false),
    /** What a loader in C wants to know. */
    HEADER(false),
    /** The same for loaders in any language, as JSON. */
    DESCRIPTION(false);

    private final boolean needsText;
    private final String word = name().toLowerCase(Locale.ROOT);

    Stage(boolean needsText) {
        this.needsText = needsText;
    }

    /** Whether only a source text has it; an object file has the others. */
    public boolean needsText() {
        return needsText;
    }

    /** The name on the command line. */
    public String word() {
        return word;
    }

    /** All names, for the help of an option. */
    public static String words() {
        return Arrays.stream(values()).map(Stage::word).collect(Collectors.joining(", "));
    }

    public static Optional<Stage> ofWord(String word) {
        for (Stage stage : values()) {
            if (stage.word.equals(word)) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }
}
