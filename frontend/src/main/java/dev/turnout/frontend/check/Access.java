package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * Whether a place may be written.
 *
 * @param reason why not, as a clause: "`x` is a `let`"; null if it may
 * @param declared what makes it so, if there is such a place in the text
 * @param help what to do about it, if something can be done
 */
record Access(
        @Nullable String reason,
        @Nullable Span declared,
        @Nullable String help) {
    static final Access WRITABLE = new Access(null, null, null);

    static Access readOnly(String reason) {
        return new Access(reason, null, null);
    }

    boolean writable() {
        return reason == null;
    }
}
