package dev.turnout.ir.text;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.KernelDeclaration;
import dev.turnout.ir.model.KernelField;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads IR text. What is read is well formed as the records ask, and names are resolved within functions; everything else
 * (dominance, calls, keys) is {@code ir.verify}'s to judge.
 */
public final class IrParser {
    private final TokenReader in;
    private final Diagnostics diagnostics;
    private final DebugTypeParser types;
    private String name = "";
    private String license = "";
    private final List<Global> globals = new ArrayList<>();
    private final List<MapDeclaration> maps = new ArrayList<>();
    private final List<KernelField> fields = new ArrayList<>();
    private final List<KernelDeclaration> kernelFunctions = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();
    private final List<CallTable> tables = new ArrayList<>();
    private final List<Function> functions = new ArrayList<>();

    private IrParser(SourceFile file, Diagnostics diagnostics) {
        this.in = new TokenReader(file, Lexer.tokens(file, diagnostics));
        this.diagnostics = diagnostics;
        this.types = new DebugTypeParser(in);
    }

    /** The module that the text describes; empty if errors were reported (codes I01xx). */
    public static Optional<Module> parse(SourceFile file, Diagnostics diagnostics) {
        int before = diagnostics.errorCount();
        IrParser parser = new IrParser(file, diagnostics);
        parser.run();
        return diagnostics.errorCount() > before ? Optional.empty() : Optional.of(parser.module());
    }

    /**
     * The module that a text of our own describes: for tests and tools.
     *
     * @throws IllegalArgumentException if the text has errors; the message lists them
     */
    public static Module read(String text) {
        Diagnostics diagnostics = new Diagnostics();
        return parse(new SourceFile("text.ir", text), diagnostics).orElseThrow(() -> {
            StringBuilder all = new StringBuilder();
            for (Diagnostic one : diagnostics.all()) {
                one.primary().ifPresent(label -> all.append(label.span()).append(": "));
                all.append(one.message()).append('\n');
            }
            return new IllegalArgumentException(all.toString());
        });
    }

    private Module module() {
        return new Module(name, license, globals, maps, keys, tables, fields, kernelFunctions, functions);
    }

    private void run() {
        while (!in.atEnd()) {
            int line = in.peek().line();
            try {
                types.reset();
                declaration();
            } catch (SyntaxError error) {
                diagnostics.report(error.diagnostic());
                in.skipLine(line);
                while (!in.atEnd() && !atDeclaration()) {
                    in.skipLine(in.peek().line());
                }
            }
        }
    }

    private boolean atDeclaration() {
        return FunctionParser.at(in)
                || in.atWord("type")
                || in.atWord("global")
                || in.atWord("map")
                || in.atWord("key")
                || in.atWord("table")
                || in.atWord("field")
                || in.atWord("kfunc");
    }

    private void declaration() {
        if (FunctionParser.at(in)) {
            functions.add(new FunctionParser(in, diagnostics, types).read());
        } else if (in.tryWord("module")) {
            name = in.text("the name of the module in quotes");
            license = in.tryWord("license") ? in.text("a licence in quotes") : "";
        } else if (in.tryWord("type")) {
            types.definition();
        } else if (in.tryWord("global")) {
            globals.add(global());
        } else if (in.tryWord("map")) {
            maps.add(map());
        } else if (in.tryWord("key")) {
            keys.add(key());
        } else if (in.tryWord("table")) {
            tables.add(table());
        } else if (in.tryWord("field")) {
            fields.add(field());
        } else if (in.tryWord("kfunc")) {
            kernelFunctions.add(kernelFunction());
        } else {
            throw in.expected(
                    "`module`, `type`, `global`, `map`, `key`, `table`, `field`, `kfunc`, `program`, `function` or `test`");
        }
    }

    private Global global() {
        String symbol = in.symbol("the name of a global (`@name`)");
        in.mark(":");
        DebugType type = types.type();
        Token word = in.word("`rodata`, `data` or `bss`");
        Global.Section section = switch (word.text()) {
            case "rodata" -> Global.Section.RODATA;
            case "data" -> Global.Section.DATA;
            case "bss" -> Global.Section.BSS;
            default -> throw in.error(word, "a section is `rodata`, `data` or `bss`");
        };
        in.keyword("align");
        int align = in.smallNumber("an alignment", 1, 1 << 20);
        in.mark("=");
        if (in.tryWord("zero")) {
            int size = in.smallNumber("a number of bytes", 0, 1 << 28);
            return new Global(symbol, section, ByteString.zeros(size), align, type);
        }
        in.keyword("hex");
        Token at = in.peek();
        String digits = in.text("hex digits in quotes");
        try {
            byte[] bytes = HexFormat.of().parseHex(digits);
            return new Global(symbol, section, ByteString.copyOf(bytes), align, type);
        } catch (IllegalArgumentException _) {
            throw in.error(at, "bytes are written as pairs of hex digits");
        }
    }

    private KernelDeclaration kernelFunction() {
        String symbol = in.symbol("the name of a function of the kernel (`@name`)");
        in.mark(":");
        Token at = in.peek();
        if (types.type() instanceof DebugType.Function signature) {
            return new KernelDeclaration(symbol, signature);
        }
        throw in.error(at, "a signature is expected here: `fn(name: type, …) -> type`");
    }

    private KernelField field() {
        String symbol = in.symbol("the name of a field (`@name`)");
        in.mark(":");
        int at = in.peek().line();
        if (!(types.type() instanceof DebugType.Struct root)) {
            throw in.expected("a struct in line " + at);
        }
        in.keyword("at");
        List<Integer> path = new ArrayList<>();
        do {
            path.add((int) in.number("the number of a member"));
        } while (in.tryMark(","));
        return new KernelField(symbol, root, path);
    }

    private MapDeclaration map() {
        String symbol = in.symbol("the name of a map (`@name`)");
        in.mark(":");
        MapDeclaration type = mapType(symbol);
        boolean pinned = in.tryWord("pinned");
        Optional<MapDeclaration> inner = in.tryWord("of") ? Optional.of(mapType(symbol + ".inner")) : Optional.empty();
        return new MapDeclaration(
                symbol,
                type.kind(),
                type.key(),
                type.value(),
                type.maxEntries(),
                type.flags(),
                pinned,
                inner,
                in.tryMark("=") ? mapRows() : List.of());
    }

    private MapDeclaration mapType(String symbol) {
        String kind = in.name("the kind of a map");
        in.mark("[");
        DebugType key = types.type();
        in.mark("=>");
        DebugType value = types.type();
        in.mark("]");
        in.keyword("max");
        long most = in.number("a number of entries");
        int flags = in.tryWord("flags") ? (int) in.number("flags") : 0;
        return new MapDeclaration(symbol, kind, key, value, most, flags, false, List.of());
    }

    private List<MapDeclaration.Row> mapRows() {
        List<MapDeclaration.Row> rows = new ArrayList<>();
        in.mark("[");
        do {
            long index = in.number("an index");
            in.mark("=>");
            rows.add(new MapDeclaration.Row(index, in.symbol("the name of a program or a map (`@name`)")));
        } while (in.tryMark(","));
        in.mark("]");
        return rows;
    }

    private Key key() {
        String symbol = in.symbol("the name of a key (`@name`)");
        in.mark(":");
        DebugType type = types.type();
        in.mark("=");
        long initial = in.number("a value");
        return new Key(symbol, initial, type, in.tryWord("pinned"));
    }

    private CallTable table() {
        String symbol = in.symbol("the name of a table (`@name`)");
        in.mark("=");
        List<String> rows = rows();
        if (in.tryWord("mutable")) {
            List<String> others = in.tryWord("with") ? rows() : List.of();
            boolean nullable = in.tryWord("nullable");
            return CallTable.mutable(symbol, rows, others, nullable, in.tryWord("callx"));
        }
        return CallTable.fixed(symbol, rows, in.tryWord("callx"));
    }

    private List<String> rows() {
        in.mark("[");
        List<String> rows = new ArrayList<>();
        while (!in.tryMark("]")) {
            rows.add(in.tryWord("none") ? "" : in.symbol("a function (`@name`) or `none`"));
            if (!in.atMark("]")) {
                in.mark(",");
            }
        }
        return rows;
    }
}
