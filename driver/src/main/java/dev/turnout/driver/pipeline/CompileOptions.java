package dev.turnout.driver.pipeline;

import dev.turnout.stdlib.target.TargetProfile;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How to compile.
 *
 * @param target what code is made for
 * @param config values for {@code config} declarations by name, as the user wrote them; applied before verification
 * @param strictLowering whether a construct that the target lacks is an error instead of being lowered to another form
 * @param checkPasses whether the IR is checked after every pass
 */
public record CompileOptions(
        TargetProfile target, Map<String, String> config, boolean strictLowering, boolean checkPasses) {
    public CompileOptions {
        config = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(config));
    }

    /** For a target, with nothing else asked for. */
    public static CompileOptions of(TargetProfile target) {
        return new CompileOptions(target, Map.of(), false, false);
    }
}
