package dev.turnout.cli.command;

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

    static Option target() {
        return value("target", "T", "vm (the default), linux-6.19, linux-6.12 or linux-6.1");
    }

    static Option program() {
        return value("prog", "NAME", "the program, where the file has several");
    }

    static Option emit() {
        return value("emit", "STAGE[,…]", "tokens, ast, typed, ir, asm, obj, invariants or tables, as text");
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
