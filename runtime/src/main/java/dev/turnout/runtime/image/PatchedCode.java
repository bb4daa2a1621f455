package dev.turnout.runtime.image;

/**
 * Code of an engine that has the values of keys in its instructions, where others read {@link Keys#value}. Whoever makes such code
 * has {@link Keys} tell it of every change.
 */
public interface PatchedCode {
    /**
     * Brings every branch on a key into line with the values that {@link Keys} has now. Returns when no thread can execute a branch
     * as it was before. Called by one thread at a time; programs may be running, loaded and closed meanwhile.
     *
     * @param number of the key
     */
    void keyChanged(int number);
}
