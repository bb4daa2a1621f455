package dev.turnout.frontend.name;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Ast;
import dev.turnout.frontend.ast.Decl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file as a set of names. Two modules are the same only if they are one object. */
public final class Module {
    /**
     * An import that succeeded.
     *
     * @param alias the name under which alone it is reached, or null if its names are in scope
     */
    record Import(Module module, @Nullable String alias, Span span) {}

    /** Where a module comes from. */
    enum Origin {
        MAIN,
        FILE,
        STANDARD
    }

    private final String name;
    private final Origin origin;
    private final Ast.File file;
    private final String prefix;
    private final Map<String, Decl.Named> own = new LinkedHashMap<>();
    private final List<Import> imports = new ArrayList<>();

    Module(String name, Origin origin, Ast.File file) {
        this.name = name;
        this.origin = origin;
        this.file = file;
        this.prefix = origin == Origin.MAIN ? "" : prefix(name);
    }

    private static String prefix(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            out.append(letter ? c : '_');
        }
        return out.append("__").toString();
    }

    /** The name as others know it: {@code net}. */
    public String name() {
        return name;
    }

    /** Whether it is the file that was given to the compiler. */
    public boolean isMain() {
        return origin == Origin.MAIN;
    }

    /** Whether it belongs to the standard library, of which only what is used becomes part of a program. */
    public boolean isStandard() {
        return origin == Origin.STANDARD;
    }

    public Ast.File file() {
        return file;
    }

    /** The name that {@code declared} has in the object. */
    public String linkName(String declared) {
        return prefix + declared;
    }

    /** What it declares, by name, in the order of the text. The first of several declarations of one name. */
    public Collection<Decl.Named> declarations() {
        return own.values();
    }

    /** What a name is here. */
    public sealed interface Lookup {
        record Found(Module module, Decl.Named declaration) implements Lookup {}

        /** Two or more imports give it. */
        record Ambiguous(List<Module> modules) implements Lookup {}

        /** It is there, but not {@code pub}. */
        record Hidden(Module module, Decl.Named declaration) implements Lookup {}

        record Missing() implements Lookup {}
    }

    /** A name without a module before it: own names first, then those of the imports. */
    public Lookup lookup(String wanted) {
        Decl.Named mine = own.get(wanted);
        if (mine != null) {
            return new Lookup.Found(this, mine);
        }
        List<Module> givers = new ArrayList<>();
        Lookup.@Nullable Hidden hidden = null;
        for (Import one : imports) {
            Decl.Named theirs = one.alias == null ? one.module.own.get(wanted) : null;
            if (theirs == null) {
                continue;
            }
            if (theirs.modifiers().isPublic()) {
                if (!givers.contains(one.module)) {
                    givers.add(one.module);
                }
            } else {
                hidden = new Lookup.Hidden(one.module, theirs);
            }
        }
        if (givers.size() > 1) {
            return new Lookup.Ambiguous(givers);
        }
        if (givers.size() == 1) {
            Module giver = givers.getFirst();
            return new Lookup.Found(giver, declared(giver, wanted));
        }
        return hidden != null ? hidden : new Lookup.Missing();
    }

    /** A name behind {@code module::}. */
    public Lookup member(String wanted) {
        Decl.Named theirs = own.get(wanted);
        if (theirs == null) {
            return new Lookup.Missing();
        }
        return theirs.modifiers().isPublic() ? new Lookup.Found(this, theirs) : new Lookup.Hidden(this, theirs);
    }

    /** The imported module that is called {@code prefix} here, by alias or by its own name. */
    public Optional<Module> imported(String prefix) {
        for (Import one : imports) {
            String called = one.alias == null ? one.module.name : one.alias;
            if (called.equals(prefix)) {
                return Optional.of(one.module);
            }
        }
        return Optional.empty();
    }

    /** All names that can be written here without a module, for suggestions. */
    public List<String> visible() {
        List<String> names = new ArrayList<>(own.keySet());
        for (Import one : imports) {
            if (one.alias == null) {
                for (Decl.Named theirs : one.module.own.values()) {
                    if (theirs.modifiers().isPublic()) {
                        names.add(theirs.name().text());
                    }
                }
            }
        }
        return names;
    }

    /** Names that others may use, for suggestions. */
    public List<String> published() {
        return own.values().stream()
                .filter(one -> one.modifiers().isPublic())
                .map(one -> one.name().text())
                .toList();
    }

    private static Decl.Named declared(Module module, String name) {
        Decl.Named declaration = module.own.get(name);
        if (declaration == null) {
            throw new IllegalStateException(name + " is not declared in " + module.name);
        }
        return declaration;
    }

    /** Takes a declaration in; gives the earlier one of the same name if there is one, which then stays. */
    Optional<Decl.Named> declare(Decl.Named declaration) {
        return Optional.ofNullable(own.putIfAbsent(declaration.name().text(), declaration));
    }

    void addImport(Import one) {
        imports.add(one);
    }

    @Override
    public String toString() {
        return name;
    }
}
