package dev.turnout.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.stage.TableEntry;
import dev.turnout.driver.stage.X86Dump;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every entry of every table in the golden files: original, rewritten and native belong together, however code is rewritten. */
class TableEntriesTest {
    private static final List<SpecializeOptions> ALL = List.of(
            SpecializeOptions.NONE,
            SpecializeOptions.DEFAULT,
            SpecializeOptions.NONE.blinded(3),
            SpecializeOptions.DEFAULT.blinded(4));

    @Test
    void nativeOffsetsAreWhereTheListingHasTheRewrittenSlot() throws IOException {
        int entries = 0;
        int removed = 0;
        int values = 0;
        for (Path path : GoldenTest.files()) {
            String text = Files.readString(path);
            boolean hasTables = (text.contains("switch") || text.contains("table"))
                    && !path.toString().contains("diagnostics");
            if (!hasTables) {
                continue;
            }
            Subject subject = new Subject(path, GoldenFile.parse(text));
            for (BpfProgram program : subject.stages(TargetProfile.VM).programs(List.of())) {
                for (SpecializeOptions rewrites : ALL) {
                    List<TableEntry> all = TableEntry.of(program, rewrites);
                    String listing = all.isEmpty() ? "" : X86Dump.text(program, rewrites, new Diagnostics());
                    for (TableEntry entry : all) {
                        switch (entry) {
                            case TableEntry.Jump jump -> {
                                entries++;
                                removed += check(jump, listing) ? 0 : 1;
                            }
                            case TableEntry.Call call -> check(call, listing);
                            case TableEntry.Value value -> {
                                values++;
                                assertThat(value.json()).contains("\"kind\":\"value\"", "\"value\":");
                            }
                            case TableEntry.Missing _ -> {}
                        }
                    }
                }
            }
        }
        assertThat(entries).as("entries looked at").isGreaterThan(100);
        assertThat(values).as("entries of tables of values").isPositive();
        assertThat(removed).as("entries whose arm is gone").isPositive();
    }

    /** A function that a table leads to is there, and is called where its listing begins. */
    private static void check(TableEntry.Call entry, String listing) {
        String offset = Integer.toHexString(entry.to().nativeOffset().orElseThrow());
        List<String> lines = listing.lines().map(String::strip).toList();
        String code = lines.subList(lines.indexOf(entry.function() + ":"), lines.size()).stream()
                .filter(line -> line.matches("[0-9a-f]+: [0-9a-f]{2} .*"))
                .findFirst()
                .orElseThrow();
        assertThat(code).as("%s in%n%s", entry, listing).startsWith(offset + ": ");
    }

    /** Whether the entry's arm is still there. */
    private static boolean check(TableEntry.Jump entry, String listing) {
        assertThat(entry.to().rewritten()).as("%s", entry).isPresent();
        if (entry.to().rewritten().orElseThrow() == ExecutableProgram.REMOVED) {
            assertThat(entry.to().nativeOffset()).as("%s", entry).isEmpty();
            assertThat(entry.json()).contains("\"rewritten\":-1,\"native\":null");
            return false;
        }
        int slot = entry.to().rewritten().orElseThrow();
        String offset = Integer.toHexString(entry.to().nativeOffset().orElseThrow());
        List<String> lines = listing.lines().map(String::strip).toList();
        int place = lines.indexOf(lines.stream()
                .filter(line -> line.startsWith(slot + ":  "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(entry + " is not in\n" + listing)));
        String code = lines.subList(place, lines.size()).stream()
                .filter(line -> line.matches("[0-9a-f]+: [0-9a-f]{2} .*"))
                .findFirst()
                .orElseThrow();
        assertThat(code).as("%s in%n%s", entry, listing).startsWith(offset + ": ");
        return true;
    }
}
