package dev.turnout.tests.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictFileTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void what_the_verifier_did_not_say_is_not_counted() throws IOException {
        Path file = Files.writeString(folder.resolve("verdicts.jsonl"), """
                {"vm":true,"boot_s":4.09}
                {"object":"a.o","program":"p","section":"xdp","verdict":"ok","errno":0,"processed":7,"log":""}
                {"object":"a.o","program":"q","section":"xdp","verdict":"rejected","processed":3,"log":"2: (95) exit | R0 !read_ok"}
                {"object":"a.o","program":"r","section":"xdp","verdict":"rejected","processed":-1,"log":""}
                {"object":"a.o","program":"s","section":"xdp","verdict":"rejected","processed":9,"log":"","libbpf":"map 'm': failed to initialize slot [0] to prog 'p'"}
                {"object":"b.o","program":"t","section":"lsm","verdict":"load-failed","processed":-1,"log":""}
                {"object":"b.o","program":"u","section":"xdp","verdict":"ok","processed":3,"log":"","flags":1}
                {"object":"b.o","program":"","verdict":"open-failed"}
                """);
        assertThat(VerdictFile.read(file))
                .containsOnlyKeys("a.o", "b.o")
                .containsEntry(
                        "a.o",
                        List.of(
                                new VerdictFile.Row("p", "xdp", new LinuxVerdict.Accepted()),
                                new VerdictFile.Row(
                                        "q", "xdp", new LinuxVerdict.Rejected("2: (95) exit | R0 !read_ok")),
                                new VerdictFile.Row(
                                        "r", "xdp", new LinuxVerdict.NotAsked("refused before the verifier")),
                                new VerdictFile.Row("s", "xdp", new LinuxVerdict.Accepted())))
                .containsEntry(
                        "b.o",
                        List.of(
                                new VerdictFile.Row("t", "lsm", new LinuxVerdict.NotAsked("load-failed")),
                                new VerdictFile.Row(
                                        "u", "xdp", new LinuxVerdict.NotAsked("strict alignment was asked for"))));
    }
}
