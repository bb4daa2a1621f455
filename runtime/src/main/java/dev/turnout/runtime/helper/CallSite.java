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

    /**
     * Whether these bytes are memory that the machine owns, whoever may use it: for helpers that take any address. Of addresses that
     * the program was proven to have, {@link #reads} is asked.
     */
    boolean owns(long address, long bytes);
}
