package dev.turnout.ir.verify;

import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.KernelField;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.text.IrPrinter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that a module is well formed. This is checked:
 *
 * <p><b>Module.</b> Functions have distinct names, and so have globals, maps, keys and call tables among them all. Rows of
 * call tables are functions of the module that are no programs or tests.
 *
 * <p><b>Numbering.</b> Values are numbered from 0 without gaps, in the order of the text: parameters of a block, then its
 * instructions, those without a result included. (Blocks are numbered by construction.)
 *
 * <p><b>SSA.</b> A value is defined once. Every use is of a value that exists, with the type that it was defined with, and
 * is never {@code void}. Its definition dominates it; code that cannot be reached is not held to that.
 *
 * <p><b>Control flow.</b> Targets are blocks of the function and not the entry. A target has an argument for each parameter
 * of its block, of that type (a pointer into any region goes where {@code ptr<any>} is asked for); the {@code ok} target of
 * {@code checked} leaves out the first parameter, which has the type of the base. Conditions are {@code i1}; cases fit the
 * width of what is switched on. {@code return} gives a value of the function's type, or none if that is void. The
 * parameters of a function are no {@code void}.
 *
 * <p><b>Types of operands.</b> As the documentation of each operation says: pointers where addresses are used, into regions
 * that can be read; an i64 moves a pointer; the condition of a select is {@code i1}; {@code bswap} has 16, 32 or 64 bits; an
 * atomic operation is of i32 or i64 with as many values of that type as its row says; an offset has 16 bits with a sign; a
 * byte order other than little is for integers of several bytes; {@code prove} is about an integer.
 *
 * <p><b>Frame.</b> Slots stand in the entry block, have a size, and an alignment of 1, 2, 4 or 8.
 *
 * <p><b>References to the module.</b> Called functions exist, are subprograms, and are called with arguments and result of
 * their types. Addresses name a global, map or function that exists. Static branches and switches name a key that exists.
 * Programs do not call the host.
 *
 * <p>Not checked here: that claims ({@code prove}) hold, that calls do not recurse, that helpers exist and take these
 * arguments, and what BPF allows of frames and calls. Those have other owners.
 */
public final class IrChecker {
    private final Module module;
    private final List<Violation> violations = new ArrayList<>();

    private IrChecker(Module module) {
        this.module = module;
    }

    /** Every violation in the module, in the order of the text. */
    public static List<Violation> check(Module module) {
        IrChecker checker = new IrChecker(module);
        checker.declarations();
        ModuleNames names = ModuleNames.of(module);
        for (Function function : module.functions()) {
            checker.violations.addAll(FunctionChecker.check(function, names));
        }
        return List.copyOf(checker.violations);
    }

    /** Every violation in one function, which need not be in the module yet: the module says what it may refer to. */
    public static List<Violation> check(Function function, Module module) {
        return FunctionChecker.check(function, ModuleNames.of(module));
    }

    /**
     * Fails if there is any violation.
     *
     * @throws IllegalStateException with the offending functions printed, each violation under its line
     */
    public static void require(Module module) {
        List<Violation> found = check(module);
        if (!found.isEmpty()) {
            throw new IllegalStateException(render(module, found));
        }
    }

    /** The functions that have violations, as text, with each violation under its line. */
    public static String render(Module module, List<Violation> violations) {
        StringBuilder out = new StringBuilder("malformed IR\n");
        for (Violation violation : violations) {
            out.append("  ").append(violation).append('\n');
        }
        for (Function function : module.functions()) {
            out.append(render(function, violations));
        }
        return out.toString();
    }

    /** The function as text with its violations; nothing if it has none. */
    public static String render(Function function, List<Violation> violations) {
        List<Violation> own = violations.stream()
                .filter(one -> one.function().equals(function.name()))
                .toList();
        if (own.isEmpty()) {
            return "";
        }
        return "\n"
                + IrPrinter.print(
                        function,
                        (block, index) -> own.stream()
                                .filter(one -> one.block() == block && one.index() == index)
                                .map(Violation::message)
                                .toList());
    }

    private void declarations() {
        Set<String> functions = new HashSet<>();
        for (Function function : module.functions()) {
            unique(functions, function.name(), function.name());
        }
        Set<String> others = new HashSet<>();
        module.globals().stream().map(Global::name).forEach(name -> unique(others, name, ""));
        module.maps().stream().map(MapDeclaration::name).forEach(name -> unique(others, name, ""));
        module.keys().stream().map(Key::name).forEach(name -> unique(others, name, ""));
        module.fields().stream().map(KernelField::name).forEach(name -> unique(others, name, ""));
        module.tables().stream().map(CallTable::name).forEach(name -> unique(others, name, ""));
        Map<String, Function> byName = ModuleNames.of(module).functions();
        for (MapDeclaration map : module.maps()) {
            for (MapDeclaration.Row row : map.rows()) {
                Function function = byName.get(row.symbol());
                if (map.inner().isPresent()) {
                    if (module.maps().stream().noneMatch(one -> one.name().equals(row.symbol()))) {
                        report("", "map @" + map.name() + " names @" + row.symbol() + ", which is no map");
                    }
                } else if (function == null || !(function.kind() instanceof Function.Kind.Program)) {
                    report("", "map @" + map.name() + " names @" + row.symbol() + ", which is no program");
                }
            }
        }
        for (CallTable table : module.tables()) {
            Set<String> families = new HashSet<>();
            for (String row : table.candidates()) {
                Function function = byName.get(row);
                if (function != null && function.kind() instanceof Function.Kind.Subprogram subprogram) {
                    families.add(subprogram.family());
                } else {
                    report("", "table @" + table.name() + " names @" + row + ", which is no function to be called");
                }
            }
            if (families.size() > 1) {
                report("", "the rows of table @" + table.name() + " are of more than one family");
            }
        }
    }

    private void unique(Set<String> seen, String name, String function) {
        if (!seen.add(name)) {
            report(function, "the name @" + name + " is taken twice");
        }
    }

    private void report(String function, String message) {
        violations.add(new Violation(function, -1, -1, message));
    }

    /** What functions may refer to; tables are read as globals are. */
    record ModuleNames(
            Map<String, Function> functions,
            Set<String> globals,
            Set<String> maps,
            Set<String> keys,
            Set<String> fields) {
        static ModuleNames of(Module module) {
            Map<String, Function> functions = new HashMap<>();
            for (Function function : module.functions()) {
                functions.putIfAbsent(function.name(), function);
            }
            return new ModuleNames(
                    functions,
                    Stream.concat(
                                    module.globals().stream().map(Global::name),
                                    module.tables().stream().map(CallTable::name))
                            .collect(Collectors.toSet()),
                    module.maps().stream().map(MapDeclaration::name).collect(Collectors.toSet()),
                    module.keys().stream().map(Key::name).collect(Collectors.toSet()),
                    module.fields().stream().map(KernelField::name).collect(Collectors.toSet()));
        }
    }
}
