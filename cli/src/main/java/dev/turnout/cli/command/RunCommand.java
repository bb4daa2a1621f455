package dev.turnout.cli.command;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.cli.Console;
import dev.turnout.cli.EndedException;
import dev.turnout.cli.ExitCode;
import dev.turnout.cli.HexBytes;
import dev.turnout.cli.InputFile;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.ObjectInput;
import dev.turnout.cli.UsageException;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.run.KernelRun;
import dev.turnout.driver.run.KeyWatch;
import dev.turnout.driver.run.MachineRun;
import dev.turnout.driver.run.RunReport;
import dev.turnout.driver.run.RunRequest;
import dev.turnout.driver.stage.StageDump;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.context.PcapReader;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.route.RouteTable;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.PatchMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code run FILE}: compiles or reads, verifies, feeds packets, counts verdicts. */
final class RunCommand implements Command {
    private static final int LONGEST_PACKET = 65_535;

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "runs a program of a source or object file on packets and counts its verdicts";
    }

    @Override
    public String arguments() {
        return "FILE [--prog NAME] (--pcap F | --packet HEX | --packet-file F) [--context JSON|HEX] [OPTIONS]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(CommonOptions.program())
                .addOption(CommonOptions.value("pcap", "F", "feeds every packet of a capture"))
                .addOption(CommonOptions.value("packet", "HEX", "feeds one packet given as hex digits"))
                .addOption(CommonOptions.value("packet-file", "F", "feeds one packet that is the bytes of a file"))
                .addOption(
                        CommonOptions.value(
                                "context",
                                "JSON|HEX",
                                "the context: an object of its fields, such as {\"mark\":7}, or hex digits; alone, or beside a packet"))
                .addOption(CommonOptions.value("ctx", "HEX", "the same, as hex digits"))
                .addOption(CommonOptions.value("repeat", "N", "runs each input N times"))
                .addOption(CommonOptions.engine())
                .addOption(CommonOptions.blinding())
                .addOption(CommonOptions.patching())
                .addOption(CommonOptions.value("key", "NAME=VALUE", "a value for a key; may be repeated"))
                .addOption(CommonOptions.flag(
                        "watch-keys", "sets keys by lines on standard input while packets are fed: `debug on`, `?`"))
                .addOption(CommonOptions.config())
                .addOption(CommonOptions.value(
                        "map", "NAME=JSON|@FILE", "entries for a map before the first run; may be repeated"))
                .addOption(CommonOptions.routes())
                .addOption(CommonOptions.flag(
                        "explain", "says first which choices the values of `config` make, and what dies of it"))
                .addOption(CommonOptions.flag("map-dump", "shows what the maps hold afterwards"))
                .addOption(CommonOptions.flag(
                        "linux-feed", "feeds as Linux's test run does: no frame under 14 bytes, at most 3520 bytes"))
                .addOption(CommonOptions.flag("each", "shows the verdict of each packet"))
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        EngineRow engine = CommonOptions.engine(invocation);
        SpecializeOptions rewrites = CommonOptions.rewrites(invocation, engine);
        PatchMode patching = CommonOptions.patching(invocation, engine);
        RunRequest request = new RunRequest(
                invocation.value("prog"),
                inputs(invocation),
                context(invocation),
                new PacketFeed(invocation.has("linux-feed")),
                invocation.number("repeat", 1, Long.MAX_VALUE >> 1, 1),
                presets(invocation),
                invocation.assignments("key"),
                invocation.has("watch-keys") ? new KeyLines(invocation.console()) : KeyWatch.NONE);
        BpfObject object = ObjectInput.open(invocation, engine.target(), false).configured(invocation);
        if (invocation.has("explain")) {
            explain(invocation.console(), object, request.program());
        }
        RouteTable routes = CommonOptions.routes(invocation);
        Diagnostics diagnostics = new Diagnostics();
        Optional<RunReport> report = switch (engine.availability(patching)) {
            case EngineRow.Availability.Here(Engine here) ->
                MachineRun.run(
                        object,
                        request,
                        Loader.linux(here).with(rewrites),
                        World.host(line -> printed(invocation, line), () -> routes),
                        diagnostics);
            case EngineRow.Availability.InKernel _ -> KernelRun.run(object, request, diagnostics);
            case EngineRow.Availability.Absent(Diagnostic why) -> {
                diagnostics.report(why);
                yield Optional.empty();
            }
        };
        invocation.console().report(diagnostics);
        if (report.isEmpty()) {
            throw new EndedException(ExitCode.of(diagnostics));
        }
        show(invocation, report.get());
        return ExitCode.SUCCESS;
    }

    private static void explain(Console console, BpfObject object, Optional<String> program) {
        // What is wrong with a program is said where it is run.
        StageDump.decidedChoices(object, new Diagnostics()).stream()
                .filter(choice -> program.isEmpty() || program.get().equals(choice.program()))
                .forEach(choice -> console.line(console.json() ? choice.json() : choice.text()));
    }

    /** As it comes: who watches keys wants to see what they do. */
    private static void printed(Invocation invocation, String line) {
        Console console = invocation.console();
        if (console.json()) {
            console.errorLine(new JsonLine().text("print", line).toString());
        } else {
            console.line("print: " + line);
            if (invocation.has("watch-keys")) {
                console.flush();
            }
        }
    }

    private static void show(Invocation invocation, RunReport report) {
        Console console = invocation.console();
        if (console.json()) {
            console.line(report.json(invocation.has("map-dump")));
            return;
        }
        if (invocation.has("each")) {
            for (int i = 0; i < report.results().size(); i++) {
                console.line("packet " + (i + 1) + ": "
                        + report.results().get(i).map(report::name).orElse("refused"));
            }
        }
        report.verdicts().forEach((name, count) -> console.line(String.format("%10d  %s", count, name)));
        if (report.refused() > 0) {
            console.line(String.format("%10d  refused: the engine cannot be fed them", report.refused()));
        }
        report.context().ifPresent(left -> console.line("context " + DatumJson.print(left)));
        console.line(report.program() + " on " + report.engine() + ": " + report.runs() + " runs, "
                + String.format(java.util.Locale.ROOT, "%.1f", report.nanosPerRun()) + " ns a run");
        if (invocation.has("map-dump")) {
            for (Map.Entry<String, Datum> map : report.maps().entrySet()) {
                console.line(map.getKey() + " " + DatumJson.print(map.getValue()));
            }
        }
    }

    private static List<Input> inputs(Invocation invocation) {
        int given = 0;
        for (String option : List.of("pcap", "packet", "packet-file")) {
            given += invocation.has(option) ? 1 : 0;
        }
        boolean context = invocation.has("context") || invocation.has("ctx");
        if (given > 1 || (given == 0 && !context)) {
            throw invocation.usage("`run` needs one of `--pcap`, `--packet`, `--packet-file` and `--context`"
                    + (given == 0 ? "" : ", and more than one is given"));
        }
        if (given == 0) {
            return List.of();
        }
        if (invocation.has("pcap")) {
            String name = invocation.value("pcap").orElseThrow();
            Diagnostics diagnostics = new Diagnostics();
            Optional<List<ByteString>> frames = PcapReader.read(name, InputFile.read(name), diagnostics);
            invocation.console().report(diagnostics);
            List<Input> inputs = new ArrayList<>();
            frames.orElseThrow(() -> new EndedException(ExitCode.USAGE))
                    .forEach(frame -> inputs.add(new Input.Packet(frame)));
            return inputs;
        }
        if (invocation.has("packet-file")) {
            String name = invocation.value("packet-file").orElseThrow();
            return List.of(new Input.Packet(sized(ByteString.copyOf(InputFile.read(name)))));
        }
        return List.of(new Input.Packet(sized(hex(invocation.value("packet").orElseThrow(), "the packet"))));
    }

    private static Optional<Datum> context(Invocation invocation) {
        if (invocation.has("context") && invocation.has("ctx")) {
            throw invocation.usage("`--ctx` and `--context` say the same");
        }
        Optional<String> given = invocation.value("context").or(() -> invocation.value("ctx"));
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (!given.get().stripLeading().startsWith("{")) {
            return Optional.of(new Datum.Text(hex(given.get(), "the context").toString()));
        }
        StringBuilder why = new StringBuilder();
        return Optional.of(
                DatumJson.parse(given.get(), why).orElseThrow(() -> unusable("the context cannot be read: " + why)));
    }

    private static ByteString sized(ByteString packet) {
        if (packet.size() > LONGEST_PACKET) {
            throw unusable("the packet has " + packet.size() + " bytes; the longest has " + LONGEST_PACKET);
        }
        return packet;
    }

    private static ByteString hex(String text, String what) {
        return ByteString.copyOf(HexBytes.of(text, DiagnosticCode.U0108, what));
    }

    private static UsageException unusable(String message) {
        return new UsageException(Diagnostic.general(DiagnosticCode.U0108, message));
    }

    private static Map<String, Datum> presets(Invocation invocation) {
        Map<String, Datum> presets = new LinkedHashMap<>();
        invocation.assignments("map").forEach((name, given) -> {
            String json = given.startsWith("@")
                    ? new String(InputFile.read(given.substring(1)), StandardCharsets.UTF_8)
                    : given;
            StringBuilder why = new StringBuilder();
            presets.put(
                    name,
                    DatumJson.parse(json, why)
                            .orElseThrow(() -> new UsageException(Diagnostic.general(
                                            DiagnosticCode.U0107,
                                            "the preset of map `" + name + "` cannot be read: " + why)
                                    .withHelp("`./turnout explain U0107` shows the form"))));
        });
        return presets;
    }
}
