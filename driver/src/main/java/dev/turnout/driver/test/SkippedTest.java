package dev.turnout.driver.test;

/** The engine lacks what a test asks for. Ends the test, which is then neither passed nor failed there. */
public final class SkippedTest extends RuntimeException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    SkippedTest(String reason) {
        super(reason, null, false, false);
    }

    /** What the engine lacks. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
