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
 * {@code //! run PROGRAM [packet=HEX] [context=JSON] [NAME=JSON …] = VERDICT [CONTEXT]}: the program ends so on this packet and context,
 * with these maps preset, and leaves such a context if one was given. The JSON holds no blanks.
 */
final class RunClaim implements Directive.KernelClaim {
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
        String found = report.map(RunClaim::shown).orElseGet(() -> new TerminalRenderer(false).render(diagnostics));
        String expected = expected(section);
        return found.equals(expected)
                ? Optional.empty()
                : Optional.of("on " + engine + ": expected " + expected + ", found " + found);
    }

    private static String shown(RunReport report) {
        return report.name(report.last())
                + report.context().map(left -> " " + DatumJson.print(left)).orElse("");
    }

    private static Datum json(String text) {
        StringBuilder why = new StringBuilder();
        return DatumJson.parse(text, why).orElseThrow(() -> new IllegalArgumentException(why.toString()));
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
        List<Input> inputs = new ArrayList<>();
        Optional<Datum> context = Optional.empty();
        for (Map.Entry<String, String> option : section.options().entrySet()) {
            if (option.getKey().equals("packet")) {
                inputs.add(new Input.Packet(ByteString.copyOf(HexFormat.of().parseHex(option.getValue()))));
            } else if (option.getKey().equals("context")) {
                context = Optional.of(json(option.getValue()));
            } else {
                presets.put(option.getKey(), json(option.getValue()));
            }
        }
        return new RunRequest(
                Optional.of(section.words().getFirst()),
                inputs,
                context,
                new PacketFeed(false),
                1,
                presets,
                Map.of(),
                KeyWatch.NONE);
    }

    @Override
    public List<String> kernelFailures(Subject subject, Section section) {
        List<String> failures = new ArrayList<>();
        for (TargetProfile target : Kernel.TARGETS) {
            Diagnostics diagnostics = new Diagnostics();
            Optional<RunReport> report = KernelRun.run(subject.stages(target).object(), request(section), diagnostics);
            judge(section, "the kernel, code for " + target.word(), report, diagnostics)
                    .ifPresent(failures::add);
        }
        return failures;
    }
}
