package dev.turnout.driver.run;

import dev.turnout.driver.load.LoadedKey;
import java.util.Map;

/** Somebody who may set keys while a program is fed. */
public interface KeyWatch {
    /** Nobody does. */
    KeyWatch NONE = _ -> () -> {};

    /**
     * Called when everything is loaded, before the first run.
     *
     * @param keys by name; may be set by any thread until the result is closed
     * @return is closed behind the last run: when that returns, no key is being set any more
     */
    Watching begin(Map<String, LoadedKey> keys);

    /** Until it is closed, keys may be set. */
    interface Watching extends AutoCloseable {
        @Override
        void close();
    }
}
