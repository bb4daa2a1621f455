package dev.turnout.diagnostics.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import org.junit.jupiter.api.Test;

final class JsonRendererTest {
    @Test
    void everyPartHasItsField() {
        SourceFile file = new SourceFile("fw.turn", "a b\nc\n");
        Diagnostic diagnostic = Diagnostic.at(new Span(file, 2, 5), DiagnosticCode.E0101, "bad")
                .labelled("here")
                .withLabel(new Span(file, 0, 1), "there")
                .withNote("n")
                .withHelp("h1")
                .withHelp("h2");
        assertThat(JsonRenderer.render(diagnostic))
                .isEqualTo("{\"severity\":\"error\",\"code\":\"E0101\",\"message\":\"bad\",\"file\":\"fw.turn\","
                        + "\"line\":1,\"column\":3,\"endLine\":2,\"endColumn\":2,\"label\":\"here\",\"labels\":"
                        + "[{\"file\":\"fw.turn\",\"line\":1,\"column\":1,\"endLine\":1,\"endColumn\":2,"
                        + "\"text\":\"there\"}],\"notes\":[\"n\"],\"helps\":[\"h1\",\"h2\"]}");
    }

    @Test
    void withoutAPlaceThereAreNoPlaceFields() {
        assertThat(JsonRenderer.render(Diagnostic.general(DiagnosticCode.X0101, "oh")))
                .isEqualTo("{\"severity\":\"error\",\"code\":\"X0101\",\"message\":\"oh\",\"labels\":[],"
                        + "\"notes\":[],\"helps\":[]}");
    }

    @Test
    void whatJsonCannotHoldIsEscaped() {
        assertThat(JsonRenderer.render(
                        Diagnostic.general(DiagnosticCode.X0101, "\"\\\n\t\r\0\u00e9\ud83d\ude00\u007f")))
                .contains("\"message\":\"\\\"\\\\\\n\\t\\r\\u0000\\u00e9\\ud83d\\ude00\\u007f\"");
    }
}
