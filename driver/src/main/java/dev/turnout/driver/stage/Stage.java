package dev.turnout.driver.stage;

import java.util.Locale;
import java.util.Optional;

/** What can be looked at, in the order in which it is made. */
public enum Stage {
    TOKENS(true),
    AST(true),
    TYPED(true),
    IR(true),
    ASM(false),
    OBJ(false),
    INVARIANTS(false),
    TABLES(false);

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

    public static Optional<Stage> ofWord(String word) {
        for (Stage stage : values()) {
            if (stage.word.equals(word)) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }
}
