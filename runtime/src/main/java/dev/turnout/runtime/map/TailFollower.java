package dev.turnout.runtime.map;

/** Code that holds entries of program arrays as jumps, and is patched when they change. */
public interface TailFollower {
    /**
     * Brings all code into line with an entry. Returns when no thread can execute a tail call through it as it was before. Called by
     * one thread at a time for an array, after the entry has changed and before what it held is released; programs may be running,
     * loaded and closed meanwhile.
     *
     * @param entry where compiled code jumps to now; 0 if it cannot
     */
    void entryChanged(ProgramArrayMap array, int index, long entry);
}
