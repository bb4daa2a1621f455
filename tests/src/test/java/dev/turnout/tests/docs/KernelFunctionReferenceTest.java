package dev.turnout.tests.docs;

import dev.turnout.runtime.helper.KernelCalls;
import dev.turnout.stdlib.kfunc.KernelFunction;
import dev.turnout.stdlib.kfunc.KernelResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference page of kernel functions is the table, printed. {@code -Dbless} writes it anew. */
class KernelFunctionReferenceTest {
    @Test
    void the_page_is_the_table() throws IOException {
        PrintedPage.hold("kernel-functions.md", page());
    }

    private static String page() {
        StringBuilder out = new StringBuilder("""
                # Kernel functions

                The functions of Linux 7.2 that programs call by name (kfuncs) and that the verifier knows by a row (`KernelFunction`); those of other names are known from the
                kernel's types. This page is printed by a test; edit the table, not the page.

                Arguments are what `KernelArgument` says of them, the result what `KernelResult` does. "Runs" says whether Turnout's own machine carries it out, on every engine
                (`KernelCalls`). Loading a program that calls one of the others is refused with [R0118](diagnostics/R0118.md).

                | name | arguments | result | runs | besides |
                |---|---|---|---|---|
                """);
        for (KernelFunction function : KernelFunction.values()) {
            out.append("| `%s` | %s | %s | %s | %s |%n"
                    .formatted(
                            function.symbol(),
                            function.arguments().isEmpty()
                                    ? "–"
                                    : function.arguments().stream()
                                            .map(one -> one.name().toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(", ")),
                            result(function),
                            KernelCalls.supports(function) ? "yes" : "",
                            String.join(", ", remarks(function))));
        }
        return out.toString();
    }

    private static String result(KernelFunction function) {
        String what = switch (function.result()) {
            case KernelResult.Nothing _ -> "–";
            case KernelResult.Number _ -> "number";
            case KernelResult.ReadOnlyMemory(long bytes) -> bytes + " bytes to read";
            case KernelResult.WritableMemory(long bytes) -> bytes + " bytes to write";
            case KernelResult.Slice(boolean writable) -> writable ? "bytes to write" : "bytes to read";
            case KernelResult.NewObject _ -> "new object";
            case KernelResult.SameObject _ -> "same object";
            case KernelResult.Node _ -> "node";
            case KernelResult.Object _ -> "object of the kernel";
            case KernelResult.LockResult _ -> "0 or an error";
        };
        return function.mayBeNull() ? what + " or null" : what;
    }

    private static List<String> remarks(KernelFunction function) {
        List<String> remarks = new ArrayList<>();
        if (function.acquires()) {
            remarks.add("to be given back");
        }
        if (function.releases()) {
            remarks.add("gives back");
        }
        if (function.sleeps()) {
            remarks.add("sleeps");
        }
        if (function.movesPacket()) {
            remarks.add("moves the packet");
        }
        return remarks;
    }
}
