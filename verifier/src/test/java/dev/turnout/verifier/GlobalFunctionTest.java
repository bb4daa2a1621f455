package dev.turnout.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Prototype;
import dev.turnout.bpf.program.Surroundings;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.stdlib.program.ProgramType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A function that is verified alone, and calls of it; main is an `xdp` program, and the function follows it. */
class GlobalFunctionTest {
    private static final int INT = 1;
    private static final int POINTER_TO_INT = 2;
    private static final int POINTER_TO_CONTEXT = 4;
    private static final int POINTER_TO_VOID = 5;
    private static final int VOID = 0;
    private static final Btf TYPES = new Btf(List.of(
            new BtfType.Int("int", 4, 1, 0, 32),
            new BtfType.Pointer(INT),
            new BtfType.Composite("xdp_md", false, 24, List.of()),
            new BtfType.Pointer(3),
            new BtfType.Pointer(VOID)));

    private static Prototype prototype(int result, Prototype.Parameter... parameters) {
        return new Prototype(true, result, List.of(parameters), List.of());
    }

    private static Prototype.Parameter parameter(int type, String... tags) {
        return new Prototype.Parameter("p", type, List.of(tags));
    }

    /** The function follows main: {@code call +n} of main's instruction i, of k, reaches it with n = k - i - 1. */
    private static BpfProgram program(Prototype prototype, String main, String function) {
        int start = code(main).size();
        Code code = code(main + function);
        return new BpfProgram(
                "main",
                "xdp",
                new BpfProgram.Entry.Context(ProgramType.XDP),
                "GPL",
                code,
                List.of(
                        new FunctionRange("main", 0, start, true),
                        new FunctionRange("f", start, code.size(), true, prototype)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Surroundings(TYPES, List.of(), ""));
    }

    private static Code code(String text) {
        Diagnostics diagnostics = new Diagnostics();
        return InsnParser.parse(new SourceFile("test.asm", text), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()));
    }

    private static final String CALLS_WITH_STACK = """
            *(u32 *)(r10 - 4) = 7
            r1 = r10
            r1 += -4
            call +2
            r0 = 2
            exit
            """;
    private static final String CALLS = """
            call +2
            r0 = 2
            exit
            """;
    private static final String GIVES = """
            r0 = 0
            exit
            """;

    private static void accepts(BpfProgram program) {
        assertThat(Verifier.verify(program, Options.kernel())).isInstanceOf(Verdict.Verified.class);
    }

    private static void refuses(DiagnosticCode code, BpfProgram program) {
        Verdict verdict = Verifier.verify(program, Options.kernel());
        assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
        assertThat(((Verdict.Rejected) verdict).violations().getFirst().code()).isEqualTo(code);
    }

    @Test
    void a_pointer_may_be_null_unless_it_is_said_not_to_be() {
        String reads = """
                r0 = *(u32 *)(r1 + 0)
                exit
                """;
        BpfProgram untold = program(prototype(INT, parameter(POINTER_TO_INT)), CALLS_WITH_STACK, reads);
        refuses(DiagnosticCode.V0113, untold);
        accepts(program(prototype(INT, parameter(POINTER_TO_INT, "arg:nonnull")), CALLS_WITH_STACK, reads));
        // What the call really passes is right, and a program that runs here is proven with it.
        assertThat(Verifier.verify(untold, Options.linux())).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void null_is_passed_where_it_may_be_only() {
        String main = """
                r1 = 0
                call +2
                r0 = 2
                exit
                """;
        accepts(program(prototype(INT, parameter(POINTER_TO_INT)), main, GIVES));
        refuses(DiagnosticCode.V0123, program(prototype(INT, parameter(POINTER_TO_INT, "arg:nonnull")), main, GIVES));
    }

    @Test
    void bytes_behind_what_the_type_has_are_not_there() {
        String reads = """
                r0 = *(u64 *)(r1 + 0)
                exit
                """;
        Prototype prototype = prototype(INT, parameter(POINTER_TO_INT, "arg:nonnull"));
        Verdict verdict = Verifier.verify(program(prototype, CALLS_WITH_STACK, reads), Options.kernel());
        assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void nothing_is_known_of_a_result() {
        // The function gives 0, as the test asks; its callers cannot know.
        String main = """
                call +4
                if r0 == 0 goto +1
                r0 = *(u32 *)(r0 + 0)
                r0 = 2
                exit
                """;
        refuses(DiagnosticCode.V0112, program(prototype(INT), main, GIVES));
    }

    @Test
    void nothing_is_known_of_the_bytes_that_were_passed() {
        String main = """
                *(u32 *)(r10 - 4) = 7
                r1 = r10
                r1 += -4
                call +5
                r1 = *(u32 *)(r10 - 4)
                if r1 == 7 goto +1
                r0 = *(u32 *)(r1 + 0)
                r0 = 2
                exit
                """;
        refuses(DiagnosticCode.V0112, program(prototype(INT, parameter(POINTER_TO_INT)), main, GIVES));
    }

    @Test
    void a_context_is_the_context_by_the_name_of_its_type() {
        Prototype prototype = prototype(INT, parameter(POINTER_TO_CONTEXT));
        String reads = """
                r0 = *(u32 *)(r1 + 12)
                exit
                """;
        accepts(program(prototype, CALLS, reads));
        refuses(DiagnosticCode.V0123, program(prototype, "r1 = r10\n" + CALLS, reads));
    }

    @Test
    void what_has_no_size_cannot_be_passed() {
        refuses(DiagnosticCode.V0134, program(prototype(INT, parameter(POINTER_TO_VOID)), CALLS_WITH_STACK, GIVES));
    }

    @Test
    void a_function_without_a_result_leaves_none() {
        accepts(program(prototype(VOID), CALLS, "exit\n"));
        refuses(DiagnosticCode.V0111, program(prototype(VOID), "call +1\nexit\n", "exit\n"));
    }

    @Test
    void a_function_that_calls_itself_is_found() {
        refuses(DiagnosticCode.V0105, program(prototype(INT), CALLS, "L1:\ncall L1\n" + GIVES));
    }

    @Test
    void a_packet_load_in_a_function_may_return_0_from_it() {
        // Only if the load gave something does the function give 1: its caller must be ready for both.
        String loads = """
                r6 = r1
                r0 = *(u8 *)skb[9]
                r0 = 1
                exit
                """;
        String divides = """
                call +4
                r1 = r0
                if r1 == 1 goto +1
                r0 = *(u32 *)(r1 + 0)
                exit
                """;
        refuses(DiagnosticCode.V0112, socket(prototype(INT), divides, loads));
        accepts(socket(prototype(INT), "call +1\nexit\n", loads));
        refuses(DiagnosticCode.V0162, socket(prototype(VOID), "call +1\nexit\n", loads));
        refuses(DiagnosticCode.V0162, socket(Prototype.UNKNOWN, "call +1\nexit\n", loads));
    }

    /** The same as a `socket` program, whose function is static. */
    private static BpfProgram socket(Prototype prototype, String main, String function) {
        BpfProgram xdp = program(prototype, main, function);
        FunctionRange f = xdp.functions().getLast();
        return new BpfProgram(
                xdp.name(),
                "socket",
                new BpfProgram.Entry.Context(ProgramType.SOCKET_FILTER),
                xdp.license(),
                xdp.code(),
                List.of(xdp.functions().getFirst(), new FunctionRange(f.name(), f.start(), f.end(), false, prototype)),
                xdp.maps(),
                xdp.keys(),
                xdp.branchSites(),
                xdp.lines(),
                xdp.surroundings());
    }
}
