package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.DebugTypes;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.MemoryImage;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.OwnedAtSlots;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.TypedFunction;
import dev.turnout.frontend.typed.TypedProgram;
import dev.turnout.frontend.typed.TypedTest;
import dev.turnout.ir.build.FunctionBuilder;
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
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.PacketAccess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The object in the making: globals, maps, keys, and the functions that are needed. A function is needed if a program, a
 * test or a table reaches it, or if it stands in the main file, where its mistakes are wanted even before it is called.
 * Imported functions that nothing reaches are left out.
 *
 * <p>A function that takes a cursor or a context is made once for each way of reaching packets that its callers have; the
 * second copy carries a suffix.
 */
final class ObjectLowering {
    private static final String COPIED = "__copied";

    private final TypedProgram program;
    private final Scratch scratch;
    private final DebugTypes debug = new DebugTypes();
    private final List<Global> globals = new ArrayList<>();
    private final Map<Data, String> readOnly = new HashMap<>();
    private final IdentityHashMap<Symbol.Named, String> constants = new IdentityHashMap<>();
    private final List<ProofSite> sites = new ArrayList<>();
    private final List<Span> checks = new ArrayList<>();
    private final IdentityHashMap<Symbol.FunctionSymbol, Declared> declared = new IdentityHashMap<>();
    private final Deque<Instance> waiting = new ArrayDeque<>();
    private final List<Made> made = new ArrayList<>();
    private final Map<String, CallTable> tables = new LinkedHashMap<>();
    private final Families families = new Families();
    private final UnderLock locked = new UnderLock();
    /** The functions that walks through maps call, by the user's function and the map. */
    private final Map<String, String> steps = new HashMap<>();

    /** Bytes that are wanted in read-only memory. */
    private record Data(ByteString bytes, int align) {}

    /** A function of the program, its place among them, and the copies asked for so far. */
    private record Declared(TypedFunction function, int order, List<Instance> instances) {}

    private record Instance(TypedFunction function, int order, PacketAccess packets, String name) {}

    /** What was lowered, in the order in which it is to stand. */
    private record Made(int order, Function function) {}

    ObjectLowering(TypedProgram program) {
        this.program = program;
        this.scratch = new Scratch(program);
        for (TypedFunction function : program.functions()) {
            declared.put(function.symbol(), new Declared(function, declared.size(), new ArrayList<>()));
        }
    }

    LoweredProgram lower() {
        for (Symbol.Config config : program.configs()) {
            globals.add(new Global(
                    config.linkName(),
                    Global.Section.RODATA,
                    MemoryImage.of(config.type(), config.initial()),
                    align(config.type()),
                    debug.of(config.type())));
        }
        for (Symbol.Global variable : program.globals()) {
            ByteString image = MemoryImage.of(variable.type(), variable.initial());
            globals.add(new Global(
                    variable.linkName(),
                    image.isZero() ? Global.Section.BSS : Global.Section.DATA,
                    image,
                    align(variable.type()),
                    debug.of(variable.type())));
        }
        demandPrograms();
        int order = declared.size();
        for (TypedTest test : program.tests()) {
            made.add(new Made(order, lower(test, order - declared.size())));
            order++;
        }
        makeWaiting();
        demandTheRest();
        made.sort(Comparator.comparingInt(Made::order));
        Module module = new Module(
                program.name(),
                program.license(),
                globals,
                maps(),
                keys(),
                tables(),
                List.copyOf(fields.values()),
                List.copyOf(kernelFunctions.values()),
                locked.mark(
                        made.stream().map(one -> families.mark(one.function())).toList()));
        return new LoweredProgram(module, sites, checks);
    }

    private void demandPrograms() {
        for (TypedFunction function : program.functions()) {
            if (function.symbol().kind() instanceof Symbol.FunctionKind.Program kind) {
                function(function.symbol(), packets(kind));
            }
        }
    }

    /** Functions of the main file that nothing reaches, in the form that the first program would need. */
    private void demandTheRest() {
        PacketAccess usual = PacketAccess.DIRECT_WRITE;
        for (TypedFunction function : program.functions()) {
            if (function.symbol().kind() instanceof Symbol.FunctionKind.Program kind) {
                usual = packets(kind);
                break;
            }
        }
        for (TypedFunction function : program.functions()) {
            boolean own = function.symbol().linkName().equals(function.symbol().name());
            if (own && declared(function.symbol()).instances.isEmpty()) {
                function(function.symbol(), usual);
                makeWaiting();
            }
        }
    }

    private void makeWaiting() {
        while (!waiting.isEmpty()) {
            Instance next = waiting.remove();
            made.add(new Made(next.order, lower(next)));
        }
    }

    // Declarations.

    private static int align(Type type) {
        return (int) Math.max(1, type.align());
    }

    /** Those that hold maps come last: libbpf makes maps in order, and fills one as soon as it is made. */
    private List<MapDeclaration> maps() {
        List<MapDeclaration> maps = new ArrayList<>();
        scratch.declaration().ifPresent(maps::add);
        List<Symbol.MapSymbol> ordered = new ArrayList<>(program.maps());
        ordered.sort(Comparator.comparing(map -> !map.maps().isEmpty()));
        for (Symbol.MapSymbol map : ordered) {
            Type.Map type = map.type();
            List<MapDeclaration.Row> rows = new ArrayList<>();
            map.programs()
                    .forEach(row -> rows.add(
                            new MapDeclaration.Row(row.index(), row.program().linkName())));
            map.maps()
                    .forEach(row -> rows.add(
                            new MapDeclaration.Row(row.index(), row.map().linkName())));
            Optional<MapDeclaration> inner = type.value() instanceof Type.Map held
                    ? Optional.of(declaration(
                            map.linkName() + ".inner", held, map.innerFlags(), false, Optional.empty(), List.of()))
                    : Optional.empty();
            maps.add(declaration(map.linkName(), type, map.flags(), map.pinned(), inner, rows));
        }
        return maps;
    }

    private MapDeclaration declaration(
            String name,
            Type.Map type,
            int flags,
            boolean pinned,
            Optional<MapDeclaration> inner,
            List<MapDeclaration.Row> rows) {
        DebugType key = MapAccess.isIndexed(type) ? debug.of(Type.Int.U32) : debug.of(type.key());
        boolean numbered = type.kind() == MapKind.PROG_ARRAY || type.value() instanceof Type.Map;
        // A program or a map is held by its number.
        DebugType value = numbered ? debug.of(Type.Int.U32) : debug.of(type.value());
        return new MapDeclaration(name, type.kind().word(), key, value, type.maxEntries(), flags, pinned, inner, rows);
    }

    /** The name of a function of the kernel, which the object declares as C would: an array is handed over as its first element. */
    String kernelFunction(Symbol.KernelFunction function) {
        return kernelFunctions
                .computeIfAbsent(function.name(), name -> {
                    DebugType.Function signature =
                            debug.signature(function.names(), function.parameters(), function.result());
                    List<DebugType.Parameter> parameters = new ArrayList<>();
                    for (DebugType.Parameter one : signature.parameters()) {
                        boolean array = one.type() instanceof DebugType.Pointer(DebugType.Array _);
                        parameters.add(array ? new DebugType.Parameter(one.name(), decayed(one.type())) : one);
                    }
                    return new KernelDeclaration(name, new DebugType.Function(parameters, signature.result()));
                })
                .name();
    }

    private static DebugType decayed(DebugType type) {
        return type instanceof DebugType.Pointer(DebugType.Array(DebugType of, long _))
                ? new DebugType.Pointer(of)
                : type;
    }

    /** The name of a field of the kernel's structs, which the object asks loaders for. */
    String kernelField(StructType root, List<Field> path) {
        return fields.computeIfAbsent(new Reached(root, List.copyOf(path)), reached -> {
                    StringBuilder name = new StringBuilder(root.name());
                    reached.path.forEach(field -> name.append('.').append(field.name()));
                    // Two modules may declare one struct, each with the fields that it uses.
                    while (fields.values().stream().anyMatch(one -> one.name().contentEquals(name))) {
                        name.append('+');
                    }
                    return new KernelField(
                            name.toString(),
                            (DebugType.Struct) debug.of(root),
                            reached.path.stream().map(Field::index).toList());
                })
                .name();
    }

    Scratch scratch() {
        return scratch;
    }

    /** A way from a struct of the kernel to a field. */
    private record Reached(StructType root, List<Field> path) {}

    private final Map<Reached, KernelField> fields = new LinkedHashMap<>();
    private final Map<String, KernelDeclaration> kernelFunctions = new LinkedHashMap<>();

    private List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (Symbol.Key key : program.keys()) {
            long initial = Shape.integer(key.type()).truncate(key.initial());
            keys.add(new Key(key.linkName(), initial, debug.of(key.type()), key.pinned()));
        }
        return keys;
    }

    /** The number of a key in the module's list. */
    int keyNumber(String linkName) {
        for (int i = 0; i < program.keys().size(); i++) {
            if (program.keys().get(i).linkName().equals(linkName)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no key " + linkName);
    }

    // Functions as values.

    /** The name of a function's copy that a value refers to. */
    String value(Symbol.FunctionSymbol function, PacketAccess callers) {
        String instance = function(function, callers);
        families.of(instance, function.type(), copies(function.type(), callers));
        return instance;
    }

    /** The family of calls through values of a type. */
    String family(Type.Function type, PacketAccess callers) {
        return families.name(type, copies(type, callers));
    }

    /** The name of a table's copy for callers that reach packets like this. */
    String table(Symbol.Table table, PacketAccess callers) {
        boolean copied = copies(table.functionType(), callers);
        String name = table.linkName() + (copied ? COPIED : "");
        if (tables.containsKey(name)) {
            return name;
        }
        List<String> rows = new ArrayList<>();
        for (Symbol.FunctionSymbol row : table.rows()) {
            rows.add(row == null ? "" : value(row, callers));
        }
        List<String> others = new ArrayList<>();
        for (Symbol.FunctionSymbol candidate : table.candidates()) {
            String other = value(candidate, callers);
            if (!rows.contains(other)) {
                others.add(other);
            }
        }
        tables.put(
                name,
                table.mutable()
                        ? CallTable.mutable(name, rows, others, table.nullable(), table.callx())
                        : CallTable.fixed(name, rows, table.callx()));
        return name;
    }

    /** The tables that something reads, in the order of their declarations. */
    private List<CallTable> tables() {
        List<CallTable> ordered = new ArrayList<>();
        for (Symbol.Table table : program.tables()) {
            for (String name : List.of(table.linkName(), table.linkName() + COPIED)) {
                CallTable made = tables.get(name);
                if (made != null) {
                    ordered.add(made);
                }
            }
        }
        return ordered;
    }

    /** Whether functions of a type that are reached like this are those that work on copies of packets. */
    private static boolean copies(Type.Function type, PacketAccess callers) {
        return callers == PacketAccess.COPY && type.parameters().stream().anyMatch(ObjectLowering::seesPackets);
    }

    // Read-only data.

    /** The global with the bytes of a constant that is used as a place. */
    String constantData(Symbol.Named constant) {
        return constants.computeIfAbsent(constant, wanted -> {
            globals.add(new Global(
                    wanted.linkName(),
                    Global.Section.RODATA,
                    MemoryImage.of(wanted.type(), wanted.value()),
                    align(wanted.type()),
                    debug.of(wanted.type())));
            return wanted.linkName();
        });
    }

    /** A global with these bytes, laid out as {@code type}; equal ones are one. */
    String readOnlyData(ByteString image, Type type) {
        return readOnly.computeIfAbsent(new Data(image, align(type)), data -> add("data", data, debug.of(type)));
    }

    /** A global with this text. */
    String text(ByteString text) {
        DebugType type = new DebugType.Array(debug.of(Type.Int.U8), text.size());
        return readOnly.computeIfAbsent(new Data(text, 1), data -> add("text", data, type));
    }

    private String add(String stem, Data data, DebugType type) {
        // A dot is in no name of the language, so these meet none.
        String name = stem + "." + readOnly.size();
        globals.add(new Global(name, Global.Section.RODATA, data.bytes, data.align, type));
        return name;
    }

    // Sites.

    int site(ProofSite.Kind kind, Span span, long bound) {
        sites.add(new ProofSite(kind, span, bound));
        return sites.size() - 1;
    }

    int check(Span span) {
        checks.add(span);
        return checks.size() - 1;
    }

    // Functions.

    private Declared declared(Symbol.FunctionSymbol function) {
        Declared found = declared.get(function);
        if (found == null) {
            throw new IllegalArgumentException("no body of " + function.linkName());
        }
        return found;
    }

    private static PacketAccess packets(Symbol.FunctionKind.Program kind) {
        return kind.type().packetAccess();
    }

    /** The name of the copy of a function for callers that reach packets like this; it will be made. */
    String function(Symbol.FunctionSymbol function, PacketAccess callers) {
        PacketAccess packets = function.kind() instanceof Symbol.FunctionKind.Program kind
                ? packets(kind)
                : callers == PacketAccess.COPY ? PacketAccess.COPY : PacketAccess.DIRECT_WRITE;
        Declared found = declared(function);
        for (Instance instance : found.instances) {
            if (instance.packets == packets || !seesPackets(function)) {
                return instance.name;
            }
        }
        String suffix = found.instances.isEmpty() ? "" : packets == PacketAccess.COPY ? COPIED : "__direct";
        Instance instance = new Instance(found.function, found.order, packets, function.linkName() + suffix);
        found.instances.add(instance);
        waiting.add(instance);
        return instance.name;
    }

    /** The function that a walk through a map calls for every entry. */
    String step(Builtin.MapEach each, PacketAccess callers) {
        String callee = function(each.function(), callers);
        return steps.computeIfAbsent(
                callee + "__each_"
                        + (each.map() instanceof Symbol.MapSymbol named
                                ? named.linkName()
                                : each.map().type()),
                name -> {
                    Declared found = declared(each.function());
                    made.add(new Made(
                            found.order,
                            MapWalks.step(
                                    name,
                                    callee,
                                    each,
                                    debug,
                                    FunctionLowering.location(each.function().declared()))));
                    return name;
                });
    }

    /** What a call under a lock is to become: part of its caller. */
    UnderLock locked() {
        return locked;
    }

    /** Whether it can come by a packet: through a cursor, or a context that gives one. */
    private static boolean seesPackets(Symbol.FunctionSymbol function) {
        return function.parameters().stream().map(Symbol.Local::type).anyMatch(ObjectLowering::seesPackets);
    }

    private static boolean seesPackets(Type parameter) {
        return parameter instanceof Type.Cursor
                || parameter instanceof Type.Ref(Type.Cursor _, boolean _)
                || parameter instanceof Type.Ref(Type.Context _, boolean _);
    }

    /**
     * Whether what it returns may refer to a frame: its caller's, that a parameter refers to (Linux refuses to return a
     * pointer to any frame), or its own, where a packet's bytes were copied to. In its caller's body both are as any other.
     */
    private static boolean mustInline(Symbol.FunctionSymbol function, PacketAccess packets) {
        Type result = function.result() instanceof Type.Maybe maybe ? maybe.of() : function.result();
        if (!(result instanceof Type.Ref)) {
            return false;
        }
        if (packets == PacketAccess.COPY && seesPackets(function)) {
            return true;
        }
        for (Symbol.Local parameter : function.parameters()) {
            Type type = parameter.type() instanceof Type.Maybe maybe ? maybe.of() : parameter.type();
            if (type instanceof Type.Ref(Type to, boolean _)
                    && !(to instanceof Type.Context)
                    && !(to instanceof Type.Cursor)) {
                return true;
            }
        }
        return false;
    }

    private Function lower(Instance instance) {
        Symbol.FunctionSymbol symbol = instance.function.symbol();
        long fails = symbol.fails() instanceof Constant.Number number ? number.bits() : 0;
        Function.Kind kind = switch (symbol.kind()) {
            case Symbol.FunctionKind.Plain plain ->
                new Function.Kind.Subprogram(
                        mustInline(symbol, instance.packets) ? Function.Inlining.ALWAYS : plain.inlining(), "", fails);
            case Symbol.FunctionKind.Program of ->
                new Function.Kind.Program(of.elfSection(), of.type().word(), fails);
        };
        FunctionBuilder code = new FunctionBuilder(
                instance.name,
                kind,
                CallConvention.result(symbol.result()),
                CallConvention.signature(debug, symbol),
                FunctionLowering.location(symbol.declared()));
        FunctionLowering fn =
                new FunctionLowering(this, code, symbol.result(), instance.packets, instance.function.owned(), false);
        fn.enter(symbol);
        if (instance.function.scratch()) {
            fn.maps.enterScratch();
        }
        fn.statements.block(instance.function.body());
        fn.end();
        return code.build();
    }

    private Function lower(TypedTest test, int number) {
        FunctionBuilder code = new FunctionBuilder(
                "test." + number,
                new Function.Kind.Test(test.title()),
                dev.turnout.ir.model.Type.Void.VOID,
                new DebugType.Function(List.of(), new DebugType.Void()),
                FunctionLowering.location(test.span()));
        FunctionLowering fn =
                new FunctionLowering(this, code, Type.Void.VOID, PacketAccess.DIRECT_WRITE, new OwnedAtSlots(), true);
        fn.statements.block(test.body());
        fn.end();
        return code.build();
    }
}
