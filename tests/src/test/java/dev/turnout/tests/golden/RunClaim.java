package dev.turnout.tests.golden;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.run.KernelRun;
import dev.turnout.driver.run.KeyWatch;
import dev.turnout.driver.run.MachineRun;
import dev.turnout.driver.run.RunReport;
import dev.turnout.driver.run.RunRequest;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.map.Datum;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code //! run PROGRAM packet=HEX [NAME=JSON …] = VERDICT}: the program ends so on this packet, with these maps preset.
 * The JSON holds no blanks.
 */
final class RunClaim implements Directive.Claim {
    @Override
    public List<String> failures(Subject subject, Section section) {
        List<String> failures = new ArrayList<>();
        for (EngineRow row : EngineRow.values()) {
            if (row.availability() instanceof EngineRow.Availability.Here(Engine engine)) {
                failures.addAll(failures(subject, section, engine));
            }
        }
        return failures;
    }

    private static List<String> failures(Subject subject, Section section, Engine engine) {
        List<String> failures = new ArrayList<>();
        for (TargetProfile target : TargetProfile.values()) {
            Diagnostics diagnostics = new Diagnostics();
            Optional<RunReport> report = MachineRun.run(
                    subject.stages(target).object(),
                    request(section),
                    Loader.linux(engine),
                    World.host(line -> {}),
                    diagnostics);
            judge(section, engine.name() + ", code for " + target.word(), report, diagnostics)
                    .ifPresent(failures::add);
        }
        return failures;
    }

    private static Optional<String> judge(
            Section section, String engine, Optional<RunReport> report, Diagnostics diagnostics) {
        String found = report.map(one -> one.name(one.last()))
                .orElseGet(() -> new TerminalRenderer(false).render(diagnostics));
        String expected = expected(section);
        return found.equals(expected)
                ? Optional.empty()
                : Optional.of("on " + engine + ": expected " + expected + ", found " + found);
    }

    private static String expected(Section section) {
        int equals = section.text().lastIndexOf(" = ");
        if (equals < 0) {
            throw new IllegalArgumentException("write `run PROGRAM packet=HEX = VERDICT`");
        }
        return section.text().substring(equals + 3).strip();
    }

    private static RunRequest request(Section section) {
        Map<String, Datum> presets = new LinkedHashMap<>();
        String packet = "";
        for (Map.Entry<String, String> option : section.options().entrySet()) {
            if (option.getKey().equals("packet")) {
                packet = option.getValue();
            } else {
                StringBuilder why = new StringBuilder();
                presets.put(
                        option.getKey(),
                        DatumJson.parse(option.getValue(), why)
                                .orElseThrow(() -> new IllegalArgumentException(why.toString())));
            }
        }
        ByteString bytes = ByteString.copyOf(HexFormat.of().parseHex(packet));
        return new RunRequest(
                Optional.of(section.words().getFirst()),
                List.of(new Input.Packet(bytes)),
                new PacketFeed(false),
                1,
                presets,
                Map.of(),
                KeyWatch.NONE);
    }

    @Override
    public List<String> kernelFailures(Subject subject, Section section) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<RunReport> report =
                KernelRun.run(subject.stages(Kernel.TARGET).object(), request(section), diagnostics);
        return judge(section, "the kernel", report, diagnostics).stream().toList();
    }
}
