package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that the inputs say of one global name: who defines it, who only declares it. In the order of the inputs. */
final class GlobalName {
    private final String name;
    private final List<Occurrence> definitions = new ArrayList<>();
    private final List<Occurrence> declarations = new ArrayList<>();

    /** A symbol of an input. */
    record Occurrence(LinkInput input, ElfImage.Symbol symbol) {
        boolean isWeak() {
            return symbol.binding() == Elf.WEAK;
        }

        boolean isDefinition() {
            return symbol.section() != 0;
        }

        /** The id of its type in its input; 0 if none is known. */
        int type() {
            return input.declaration(symbol);
        }

        /** The section that it is in, or that its type says it is in; empty if nothing says. */
        String home() {
            String described = input.homes().getOrDefault(type(), "");
            // Clang puts variables of other objects under this name, and functions of other objects under none.
            String declared = described.equals(Elf.EXTERNS) ? "" : described;
            return input.section(symbol).map(ElfImage.Section::name).orElse(declared);
        }
    }

    GlobalName(String name) {
        this.name = name;
    }

    void add(Occurrence one) {
        (one.isDefinition() ? definitions : declarations).add(one);
    }

    String name() {
        return name;
    }

    List<Occurrence> definitions() {
        return definitions;
    }

    /** Everybody that uses the name, definitions first. */
    List<Occurrence> all() {
        List<Occurrence> all = new ArrayList<>(definitions);
        all.addAll(declarations);
        return all;
    }

    /** The definition that is taken: the first that is not weak, else the first. */
    Optional<Occurrence> winner() {
        return definitions.stream()
                .filter(one -> !one.isWeak())
                .findFirst()
                .or(() -> definitions.stream().findFirst());
    }

    /** What the others are held to: the definition that is taken, or the first declaration whose type is known. */
    Occurrence standard() {
        return winner().or(() ->
                        declarations.stream().filter(one -> one.type() != 0).findFirst())
                .orElseGet(() -> declarations.getFirst());
    }

    /** One input that insists is enough. */
    int binding() {
        return all().stream().allMatch(Occurrence::isWeak) ? Elf.WEAK : Elf.GLOBAL;
    }

    /** Hidden if anybody says so, be it only where it is declared. */
    int visibility() {
        return all().stream().anyMatch(one -> one.symbol().visibility() != 0) ? Elf.HIDDEN : 0;
    }
}
