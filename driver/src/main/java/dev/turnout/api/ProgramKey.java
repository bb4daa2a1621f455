package dev.turnout.api;

import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.load.LoadedKey;

/** A static key: a switch in the code of programs. May be read and set by many threads, while programs run. */
public final class ProgramKey {
    private final LoadedKey key;
    private final Lifetime lifetime;

    ProgramKey(LoadedKey key, Lifetime lifetime) {
        this.key = key;
        this.lifetime = lifetime;
    }

    public String name() {
        return key.name();
    }

    /** Of a truth value 0 or 1, of an enumeration the number of the member. */
    public long value() {
        return lifetime.during(() -> key.value());
    }

    /** {@code true}, {@code false}, the name of a member, or a number that has no name. */
    public String text() {
        return lifetime.during(() -> DatumJson.word(key.datum()));
    }

    /** The same for a truth value: see {@link #set(String)}. */
    public void set(boolean value) {
        set(Boolean.toString(value));
    }

    /**
     * Sets the key, and returns when every thread has passed the change: no thread can execute a branch on the key as it was before.
     * A run that begins afterwards sees the value at all its branches, and what this thread wrote before; one that is under way may be
     * behind a branch already, and may see one branch changed and not yet another. Of values that several threads set at once, one is
     * the last, for all branches alike.
     *
     * @param value a number, {@code true}, {@code false} or a member
     * @throws IllegalArgumentException if the key has no such value: says why
     */
    public void set(String value) {
        StringBuilder why = new StringBuilder();
        long number = key.parse(value, why)
                .orElseThrow(() ->
                        new IllegalArgumentException("`" + value + "` is no value for key `" + name() + "`: " + why));
        lifetime.during(() -> key.set(number));
    }

    @Override
    public String toString() {
        return name() + "=" + text();
    }
}
