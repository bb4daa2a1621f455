package dev.turnout.cli.command;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.program.BpfProgram;
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
import dev.turnout.driver.exec.ExecReport;
import dev.turnout.driver.exec.FunctionChoice;
import dev.turnout.driver.exec.LoadedCode;
import dev.turnout.driver.exec.RawProgram;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.helper.World;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.x86.code.PatchMode;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.commons.cli.Options;

/** {@code exec}: runs bytecode, or a function of an object, on given memory, and prints r0. */
final class ExecCommand implements Command {
    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String summary() {
        return "runs raw bytecode, or a function of an object file, on given memory and prints r0";
    }

    @Override
    public String arguments() {
        return "(FILE.o [--fn NAME] | --insns HEX|-) [--mem HEX | --mem-file F] [OPTIONS]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(
                        CommonOptions.value("insns", "HEX|-", "bytecode as hex digits, from standard input with `-`"))
                .addOption(CommonOptions.value(
                        "fn",
                        "NAME",
                        "the function, where `.text` of the object has several, or one of another section"))
                .addOption(CommonOptions.value(
                        "mem", "HEX", "memory as hex digits: r1 is its address, r2 its length; both 0 without memory"))
                .addOption(CommonOptions.value("mem-file", "F", "memory that is the bytes of a file"))
                .addOption(CommonOptions.value("repeat", "N", "runs N times on the same memory"))
                .addOption(CommonOptions.engine())
                .addOption(CommonOptions.blinding())
                .addOption(CommonOptions.patching())
                .addOption(CommonOptions.json());
    }

    @Override
    public ExitCode run(Invocation invocation) {
        EngineRow engine = CommonOptions.engine(invocation);
        SpecializeOptions rewrites = CommonOptions.rewrites(invocation, engine);
        PatchMode patching = CommonOptions.patching(invocation, engine);
        long repeat = invocation.number("repeat", 1, Long.MAX_VALUE >> 1, 1);
        ByteString memory = memory(invocation);
        BpfProgram program = program(invocation, memory.size());
        Diagnostics diagnostics = new Diagnostics();
        Optional<ExecReport> report =
                execute(invocation, engine, patching, rewrites, program, memory, repeat, diagnostics);
        invocation.console().report(diagnostics);
        if (report.isEmpty()) {
            throw new EndedException(ExitCode.of(diagnostics));
        }
        invocation
                .console()
                .line(
                        invocation.console().json()
                                ? report.get().json()
                                : report.get().hex());
        return ExitCode.SUCCESS;
    }

    private static Optional<ExecReport> execute(
            Invocation invocation,
            EngineRow engine,
            PatchMode patching,
            SpecializeOptions rewrites,
            BpfProgram program,
            ByteString memory,
            long repeat,
            Diagnostics diagnostics) {
        World world = World.host(line -> invocation.console().errorLine("print: " + line));
        Optional<LoadedCode> loaded = LoadedCode.load(program, engine, patching, rewrites, world, diagnostics);
        if (loaded.isEmpty()) {
            return Optional.empty();
        }
        try (LoadedCode code = loaded.get()) {
            return code.run(memory, repeat, diagnostics);
        }
    }

    private static BpfProgram program(Invocation invocation, long memory) {
        if (!invocation.has("insns")) {
            return function(invocation, memory);
        }
        if (!invocation.arguments().isEmpty() || invocation.has("fn")) {
            throw invocation.usage("`exec` takes bytecode with `--insns` or an object file, not both");
        }
        Diagnostics diagnostics = new Diagnostics();
        Optional<BpfProgram> program = RawProgram.of(ByteBuffer.wrap(bytecode(invocation)), memory, diagnostics);
        invocation.console().report(diagnostics);
        // Bytes that cannot be cut into words are no program; words that are no instructions are a wrong one.
        return program.orElseThrow(() -> new EndedException(
                diagnostics.all().getFirst().code() == DiagnosticCode.O0101 ? ExitCode.USAGE : ExitCode.PROGRAM_WRONG));
    }

    private static byte[] bytecode(Invocation invocation) {
        String given = invocation.value("insns").orElseThrow();
        return given.equals("-")
                ? HexBytes.read(
                        invocation.console().input(), RawProgram.MOST_BYTES + 1, DiagnosticCode.U0111, "the bytecode")
                : HexBytes.of(given, DiagnosticCode.U0111, "the bytecode");
    }

    private static BpfProgram function(Invocation invocation, long memory) {
        String file = invocation.onlyArgument("an object file, or bytecode with `--insns`");
        ObjectInput input = ObjectInput.open(invocation, file, TargetProfile.VM, false, Policy.RFC);
        Diagnostics diagnostics = new Diagnostics();
        Optional<BpfProgram> program = FunctionChoice.one(input.object(), invocation.value("fn"), memory, diagnostics);
        invocation.console().report(diagnostics);
        return program.orElseThrow(() -> new EndedException(ExitCode.USAGE));
    }

    private static ByteString memory(Invocation invocation) {
        if (invocation.has("mem") && invocation.has("mem-file")) {
            throw invocation.usage("`exec` takes one of `--mem` and `--mem-file`");
        }
        byte[] bytes = invocation.has("mem-file")
                ? InputFile.read(invocation.value("mem-file").orElseThrow())
                : HexBytes.of(invocation.value("mem").orElse(""), DiagnosticCode.U0111, "the memory");
        if (bytes.length > LoadedCode.MOST_MEMORY) {
            throw new UsageException(Diagnostic.general(
                    DiagnosticCode.U0111,
                    "the memory has " + bytes.length + " bytes, at most " + LoadedCode.MOST_MEMORY + " are taken"));
        }
        return ByteString.copyOf(bytes);
    }
}
