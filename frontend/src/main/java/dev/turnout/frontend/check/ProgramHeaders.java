package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.stdlib.program.ContextView;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code prog KIND("place") name(ctx: *Context)}: the section that kind and place spell, and the contexts that go with it. */
final class ProgramHeaders {
    /** What a section of a program that may sleep has behind its kind. */
    private static final String SLEEPABLE = ".s";

    private ProgramHeaders() {}

    /**
     * A section, and what its name says.
     *
     * @param section without the mark of programs that are optional
     */
    record Header(String section, ProgramSection row, boolean optional) {}

    /** Empty if there is no such place, which is reported. */
    static Optional<Header> read(Compilation compilation, Decl.Prog one) {
        Attributes.ProgramForm form =
                Attributes.program(compilation, one.modifiers().attributes());
        boolean sleepable = form.sleepable();
        String word = one.kind().toString();
        if (!kinds().contains(word)) {
            Diagnostic diagnostic =
                    at(one.kind().span(), DiagnosticCode.E0217, "there is no program kind `" + word + "`");
            compilation.report(Compilation.suggest(diagnostic, word, List.copyOf(kinds()))
                    .withNote("the kinds for packets are `xdp`, `tc`, `socket` and `cgroup_skb`"));
            return Optional.empty();
        }
        String place = one.attach() == null ? "" : "/" + one.attach().bytes();
        String section = word + (sleepable ? SLEEPABLE : "") + place;
        Optional<ProgramSection> row = ProgramSection.exactly(section);
        if (row.isEmpty()) {
            Span span = one.attach() == null ? one.kind().span() : one.attach().span();
            Optional<ProgramSection> awake = sleepable ? ProgramSection.exactly(word + place) : Optional.empty();
            compilation.report(at(
                            span,
                            DiagnosticCode.E0326,
                            awake.isPresent()
                                    ? Words.a(word) + " program may "
                                            + (awake.get().has(ProgramSection.Trait.SLEEPABLE)
                                                    ? "always sleep"
                                                    : "not sleep")
                                    : "`" + section + "` does not name a place where `" + word + "` programs attach")
                    .withNote("the sections that begin so are " + Compilation.quoted(sections(word))));
        }
        return row.map(found -> new Header(section, found, form.optional()));
    }

    /** The first words of all sections. */
    private static Set<String> kinds() {
        Set<String> kinds = new TreeSet<>();
        for (ProgramSection row : ProgramSection.rows()) {
            kinds.add(row.stem().split("[/.]", 2)[0]);
        }
        return kinds;
    }

    private static List<String> sections(String word) {
        List<String> sections = new ArrayList<>();
        for (ProgramSection row : ProgramSection.rows()) {
            if (row.stem().equals(word) || row.stem().startsWith(word + "/")) {
                sections.add(row.open() ? row.stem() + "/…" : row.stem());
            }
        }
        return sections;
    }

    static void checkContext(Compilation compilation, Decl.Prog one, Header header, List<Symbol.Local> parameters) {
        ProgramType type = header.row().type();
        List<ContextView> views = ContextView.of(type, header.section());
        String kind = Words.a(one.kind());
        if (views.isEmpty()) {
            compilation.report(at(
                            one.kind().span(),
                            DiagnosticCode.E0326,
                            "the context of " + kind + " program has no type in the language")
                    .withNote("what it is made of, the types of the kernel say"));
            return;
        }
        String wanted = "*" + views.getFirst().word();
        if (parameters.size() != 1) {
            compilation.report(
                    at(one.name().span(), DiagnosticCode.E0326, kind + " program takes its context and nothing else")
                            .withHelp("write `prog " + one.kind() + " "
                                    + one.name().text() + "(ctx: " + wanted + ")`"));
            return;
        }
        Type given = parameters.getFirst().type();
        if (!fits(header, given) && !given.poisoned()) {
            Diagnostic diagnostic = at(
                    one.params().getFirst().type().span(),
                    DiagnosticCode.E0326,
                    "the context of " + kind + " program is " + Words.a(wanted) + ", not " + Words.a(given));
            diagnostic = diagnostic.withHelp(
                    "write `" + one.params().getFirst().name().text() + ": " + wanted + "`");
            compilation.report(
                    isRecord(type)
                            ? diagnostic.withHelp("or a reference to a `struct` that has its layout")
                            : diagnostic);
        }
    }

    private static boolean fits(Header header, Type given) {
        if (!(given instanceof Type.Ref ref)) {
            return false;
        }
        return switch (ref.to()) {
            case Type.Context context -> context.view().fits(header.row().type(), header.section());
            // What nobody may write is referred to by `*const`.
            case StructType struct ->
                !struct.isHeader()
                        && isRecord(header.row().type())
                        && (ref.constant() || header.row().type() == ProgramType.SYSCALL);
            default -> false;
        };
    }

    /** Whether the user may say what the context is made of: what a tracepoint records, what a {@code syscall} program is run with. */
    private static boolean isRecord(ProgramType type) {
        return type == ProgramType.TRACEPOINT || type == ProgramType.SYSCALL;
    }
}
