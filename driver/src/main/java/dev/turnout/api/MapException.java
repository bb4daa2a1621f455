package dev.turnout.api;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.map.Errno;
import java.util.List;

/** A map that refuses an operation (it is full, its entries cannot be removed), or a datum that does not fit its types. */
public final class MapException extends TurnoutException {
    @java.io.Serial
    private static final long serialVersionUID = 1;

    private final int error;

    /** @param error what Linux would answer: a number of {@code errno.h} */
    MapException(String map, int error) {
        super(List.of(Diagnostic.general(DiagnosticCode.R0108, "map `" + map + "` refuses this: " + reason(error))));
        this.error = error;
    }

    MapException(Diagnostics diagnostics) {
        super(diagnostics);
        this.error = Errno.EINVAL;
    }

    /** A datum that does not fit. */
    MapException(String why) {
        super(List.of(Diagnostic.general(DiagnosticCode.R0108, why)));
        this.error = Errno.EINVAL;
    }

    /** A datum or map that does not fit a map. */
    static MapException of(String map, String why) {
        return new MapException("map `" + map + "`: " + why);
    }

    /** The number of {@code errno.h} that Linux would answer with. */
    public int error() {
        return error;
    }

    private static String reason(int error) {
        return switch (error) {
            case Errno.E2BIG -> "it has no room for another entry";
            case Errno.ENOENT -> "it has no such entry";
            case Errno.EEXIST -> "it has such an entry already";
            case Errno.EPERM -> "nobody outside may write it";
            case Errno.EBUSY -> "another thread keeps what the operation needs";
            case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOTSUPP -> "maps of its kind have no such operation";
            default -> "error " + error;
        };
    }
}
