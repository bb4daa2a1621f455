package dev.turnout.cli.command;

import dev.turnout.cli.InputFile;
import dev.turnout.cli.Invocation;
import dev.turnout.cli.UsageException;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.stage.Stage;
import dev.turnout.runtime.route.RouteReader;
import dev.turnout.runtime.route.RouteTable;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.PatchMode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import org.apache.commons.cli.Option;

/** Options that several commands take, with one meaning. */
final class CommonOptions {
    private CommonOptions() {}

    static Option json() {
        return flag("json", "one JSON object a line on standard output");
    }

    static Option config() {
        return value("config", "NAME=VALUE", "a value for a `config`, before verification; may be repeated");
    }

    static Option kernelTypes() {
        return value(
                "btf",
                "FILE",
                "types of the kernel that is meant: its `/sys/kernel/btf/vmlinux`; else the running one's");
    }

    static Option target() {
        return value("target", "T", "vm (the default), linux-6.19, linux-6.12 or linux-6.1");
    }

    static Option program() {
        return value("prog", "NAME", "the program, where the file has several");
    }

    static Option emit() {
        return value("emit", "STAGE[,…]", Stage.words() + ": as text");
    }

    static Option engine() {
        return value("engine", "E", EngineRow.words() + "; the default is the fastest that exists here");
    }

    /** The engine that {@link #engine()} names, or the fastest; ends the command if it cannot be used. */
    static EngineRow engine(Invocation invocation) {
        Optional<String> word = invocation.value("engine");
        return word.isPresent() ? named(word.get()) : EngineRow.fastest();
    }

    static EngineRow named(String word) {
        Diagnostics diagnostics = new Diagnostics();
        return EngineRow.named(word, diagnostics)
                .orElseThrow(() -> new UsageException(diagnostics.all().getFirst()));
    }

    static Option patching() {
        return value(
                "patching",
                "MODE",
                "how static branches obey their keys on `direct`: cell (the default), displacement or flag");
    }

    /** What {@link #patching()} asks for. */
    static PatchMode patching(Invocation invocation) {
        String word = invocation.value("patching").orElse(PatchMode.CELL.word());
        return PatchMode.ofWord(word)
                .orElseThrow(() ->
                        invocation.usage("`--patching` takes " + PatchMode.words() + ", and `" + word + "` is given"));
    }

    /** The same for one engine, which must be one that patches code. */
    static PatchMode patching(Invocation invocation, EngineRow engine) {
        if (engine != EngineRow.DIRECT && invocation.has("patching")) {
            throw invocation.usage("`--patching` is for `direct`; `" + engine.word() + "` patches no code");
        }
        return patching(invocation);
    }

    static Option routes() {
        return value(
                "routes",
                "JSON|@FILE",
                "what `bpf_fib_lookup` finds: an object with lists of `interfaces`, `routes` and `neighbours`");
    }

    /** What {@link #routes()} gives; ends the command if it cannot be read. */
    static RouteTable routes(Invocation invocation) {
        Optional<String> given = invocation.value("routes");
        if (given.isEmpty()) {
            return RouteTable.EMPTY;
        }
        String json = given.get().startsWith("@")
                ? new String(InputFile.read(given.get().substring(1)), StandardCharsets.UTF_8)
                : given.get();
        StringBuilder why = new StringBuilder();
        return DatumJson.parse(json, why)
                .flatMap(datum -> RouteReader.read(datum, why))
                .orElseThrow(() -> invocation.usage("the routes cannot be read: " + why));
    }

    static Option blinding() {
        return value(
                "blind-constants",
                "SEED|random",
                "puts the program's constants together from random halves, so that none of them stands in the code that runs");
    }

    /** What {@link #blinding()} asks for of an engine. */
    static SpecializeOptions rewrites(Invocation invocation, EngineRow engine) {
        if (engine == EngineRow.KERNEL && invocation.has("blind-constants")) {
            throw invocation.usage("`--blind-constants` is for engines of this process; Linux has its own switch");
        }
        return rewrites(invocation);
    }

    /** What {@link #blinding()} asks for. {@code random} draws a seed that nobody can guess; a number shows the same again. */
    static SpecializeOptions rewrites(Invocation invocation) {
        Optional<String> given = invocation.value("blind-constants");
        if (given.isEmpty()) {
            return SpecializeOptions.DEFAULT;
        }
        return SpecializeOptions.DEFAULT.blinded(
                given.get().equals("random")
                        ? new SecureRandom().nextLong()
                        : invocation.number("blind-constants", Long.MIN_VALUE, Long.MAX_VALUE, 0));
    }

    static Option value(String name, String argument, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(argument)
                .desc(description)
                .get();
    }

    static Option flag(String name, String description) {
        return Option.builder().longOpt(name).desc(description).get();
    }
}
