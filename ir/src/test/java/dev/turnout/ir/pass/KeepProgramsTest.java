package dev.turnout.ir.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeepProgramsTest {
    private static final Function.Kind PLAIN = new Function.Kind.Subprogram(Function.Inlining.AUTO);

    private static Function function(String name, Function.Kind kind, Operation... uses) {
        FunctionBuilder code = new FunctionBuilder(
                name, kind, Type.Void.VOID, new DebugType.Function(List.of(), new DebugType.Void()), Location.UNKNOWN);
        for (Operation use : uses) {
            code.emit(use);
        }
        code.returns();
        return code.build();
    }

    private static Operation call(String name) {
        return new Operation.Call(name, List.of(), Type.Void.VOID);
    }

    private static Operation address(Region region, String name) {
        return new Operation.Address(region, name);
    }

    private static Module module(Function... functions) {
        DebugType none = new DebugType.Array(new DebugType.Integer("u8", 8, DebugType.Encoding.UNSIGNED), 1);
        List<Global> globals = List.of("text.0", "text.1", "rate").stream()
                .map(name -> new Global(name, Global.Section.RODATA, ByteString.zeros(1), 1, none))
                .toList();
        return new Module("m", "", globals, List.of(), List.of(), List.of(), List.of(functions));
    }

    private static List<String> names(Module module) {
        return module.functions().stream().map(Function::name).toList();
    }

    @Test
    void whatAProgramCallsOrNamesStays() {
        Module module = module(
                function("a", PLAIN, call("b")),
                function("b", PLAIN),
                function("c", PLAIN),
                function("d", PLAIN),
                function("p", new Function.Kind.Program("xdp", "xdp"), call("a"), address(Region.FUNCTION, "c")));

        assertThat(names(KeepPrograms.run(module))).containsExactly("a", "b", "c", "p");
    }

    @Test
    void testsGoWithTheDataThatOnlyTheyUse() {
        Module module = module(
                function("p", new Function.Kind.Program("xdp", "xdp"), address(Region.GLOBAL, "text.0")),
                function("test.0", new Function.Kind.Test("t"), address(Region.GLOBAL, "text.1"), call("p")));

        Module kept = KeepPrograms.run(module);

        assertThat(names(kept)).containsExactly("p");
        assertThat(kept.globals()).extracting(Global::name).containsExactly("text.0", "rate");
    }

    @Test
    void aTableStaysWithAllItsCandidatesIfAProgramReadsIt() {
        Module module = new Module(
                "m",
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        CallTable.mutable("read", List.of("a", ""), List.of("b"), true, false),
                        CallTable.fixed("other", List.of("c"), false)),
                List.of(
                        function("a", PLAIN),
                        function("b", PLAIN),
                        function("c", PLAIN),
                        function("p", new Function.Kind.Program("xdp", "xdp"), address(Region.GLOBAL, "read"))));

        Module kept = KeepPrograms.run(module);

        assertThat(names(kept)).containsExactly("a", "b", "p");
        assertThat(kept.tables()).extracting(CallTable::name).containsExactly("read");
    }

    @Test
    void aModuleWithoutProgramsKeepsItsFunctions() {
        Module module = module(function("a", PLAIN), function("test.0", new Function.Kind.Test("t"), call("a")));

        assertThat(names(KeepPrograms.run(module))).containsExactly("a");
    }
}
