package dev.turnout.tests.golden;

import dev.turnout.driver.stage.KeyEntry;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.List;
import java.util.stream.Collectors;

/** {@code //! keys [target=T]}: the static keys of the object and their sites; offsets of native code belong to its own goldens. */
final class KeyText {
    private KeyText() {}

    static String of(Subject subject, Section section) {
        Stages stages = subject.stages(section);
        String text = KeyEntry.of(stages.object(), stages.programs(List.of()), SpecializeOptions.DEFAULT).stream()
                .map(KeyEntry::text)
                .collect(Collectors.joining());
        return text.isEmpty() ? "no keys\n" : text.replaceAll(", native \\+0x[0-9a-f]+", "");
    }
}
