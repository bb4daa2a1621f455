package dev.turnout.bpf.merge;

import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.util.Optional;
import java.util.Set;

/**
 * Whether two inputs mean the same by one name. An input without types agrees with everybody: nothing is known of what it means.
 */
final class Agreement {
    /** Sections of what a loader provides. */
    private static final Set<String> PROVIDED = Set.of(Elf.KERNEL_SYMBOLS, DataSection.CONFIGURATION);

    private Agreement() {}

    /**
     * What is wrong with a use of a name.
     *
     * @param standard the definition that is taken; if there is none, the first declaration
     */
    static Optional<Diagnostic> mistake(String name, GlobalName.Occurrence one, GlobalName.Occurrence standard) {
        boolean twice = one.isDefinition() && standard.isDefinition() && !one.isWeak() && !standard.isWeak();
        if (twice && SharedKeys.isKey(one) && SharedKeys.isKey(standard)) {
            return SharedKeys.mistake(name, one, standard);
        }
        if (twice && !(isPinned(one) && isPinned(standard))) {
            return Optional.of(Diagnostic.general(
                            DiagnosticCode.O0140,
                            "`" + name + "` is defined in `" + standard.input().name() + "` and in `"
                                    + one.input().name() + "`")
                    .withHelp(
                            one.home().equals(Elf.MAPS)
                                    ? "rename one of the maps, declare it `extern` in one object, or pin both by name"
                                    : "rename one of them, make it static, or declare it `extern` in one object"));
        }
        return origin(one, standard)
                .or(() -> difference(one, standard))
                .map(difference -> Diagnostic.general(
                                DiagnosticCode.O0141,
                                "`" + name + "` is not the same in `"
                                        + standard.input().name() + "` and in `"
                                        + one.input().name() + "`")
                        .withNote(difference));
    }

    /** Where the two are said to come from, if that cannot be one place. */
    private static Optional<String> origin(GlobalName.Occurrence one, GlobalName.Occurrence standard) {
        boolean provided = PROVIDED.contains(one.home()) || PROVIDED.contains(standard.home());
        boolean map = one.home().equals(Elf.MAPS) || standard.home().equals(Elf.MAPS);
        boolean typed = one.type() != 0 && standard.type() != 0;
        if (one.home().equals(standard.home()) || !typed || !(provided || map)) {
            return Optional.empty();
        }
        return Optional.of(words(standard) + "; " + words(one));
    }

    private static String words(GlobalName.Occurrence one) {
        String what = switch (one.home()) {
            case Elf.KERNEL_SYMBOLS -> "is the kernel's";
            case DataSection.CONFIGURATION -> "is a value of the kernel's configuration";
            case Elf.MAPS -> "is a map";
            default -> one.isDefinition() ? "is defined in section `" + one.home() + "`" : "is another object's";
        };
        return "in `" + one.input().name() + "` it " + what;
    }

    private static Optional<String> difference(GlobalName.Occurrence one, GlobalName.Occurrence standard) {
        if (one.type() == 0 || standard.type() == 0) {
            return Optional.empty();
        }
        TypeAgreement types = new TypeAgreement(
                standard.input().btf(), standard.input().name(),
                one.input().btf(), one.input().name());
        return one.home().equals(Elf.MAPS)
                ? new MapAgreement(types).difference(standard.type(), one.type())
                : types.difference(standard.type(), one.type());
    }

    private static boolean isPinned(GlobalName.Occurrence one) {
        return one.home().equals(Elf.MAPS)
                && one.input().btf().find(one.type()).orElse(null) instanceof BtfType.Variable variable
                && MapAgreement.isPinned(one.input().btf(), variable);
    }
}
