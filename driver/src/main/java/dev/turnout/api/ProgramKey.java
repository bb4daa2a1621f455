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
        lifetime.enter();
        try {
            return key.value();
        } finally {
            lifetime.leave();
        }
    }

    /** {@code true}, {@code false}, the name of a member, or a number that has no name. */
    public String text() {
        lifetime.enter();
        try {
            return DatumJson.word(key.datum());
        } finally {
            lifetime.leave();
        }
    }

    public void set(boolean value) {
        set(Boolean.toString(value));
    }

    /**
     * Sets the key; every branch on it that begins after this returned goes the new way.
     *
     * @param value a number, {@code true}, {@code false} or a member
     * @throws IllegalArgumentException if the key has no such value: says why
     */
    public void set(String value) {
        StringBuilder why = new StringBuilder();
        long number = key.parse(value, why)
                .orElseThrow(() ->
                        new IllegalArgumentException("`" + value + "` is no value for key `" + name() + "`: " + why));
        lifetime.enter();
        try {
            key.set(number);
        } finally {
            lifetime.leave();
        }
    }

    @Override
    public String toString() {
        return name() + "=" + text();
    }
}
