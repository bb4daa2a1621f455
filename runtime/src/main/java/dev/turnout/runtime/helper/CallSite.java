package dev.turnout.runtime.helper;

import dev.turnout.runtime.context.Workspace;
import dev.turnout.runtime.map.BpfMap;

/** What a helper sees of the run that calls it. */
public interface CallSite {
    World world();

    Workspace workspace();

    /** The CPU slot that the run has leased. */
    int slot();

    /** The map whose header is at this address. */
    BpfMap map(long pointer);

    /** Asserts that the program may read these bytes. A machine that trusts its proof may do nothing here. */
    void reads(long address, long bytes);

    /** Asserts that the program may write these bytes. */
    void writes(long address, long bytes);

    /** Whether a byte may be read: for strings, whose end is not known before. */
    boolean readable(long address);
}
