package dev.turnout.tests.agreement;

import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.tests.agreement.Judged.Category;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table for people: {@code tests/compare-verdicts} calls it, and says how. */
final class CompareVerdicts {
    private CompareVerdicts() {}

    /** The words of the command line. */
    private record Request(
            Path folder, Optional<Path> verdicts, String only, Optional<String> list, Optional<Path> types) {
        static Optional<Request> of(String[] args) {
            List<Path> paths = new ArrayList<>();
            String only = "*";
            Optional<String> list = Optional.empty();
            Optional<Path> types = Optional.empty();
            for (int i = 0; i < args.length; i++) {
                if (args[i].startsWith("--")) {
                    if (i + 1 == args.length) {
                        return Optional.empty();
                    }
                    switch (args[i]) {
                        case "--only" -> only = args[++i];
                        case "--btf" -> types = Optional.of(Path.of(args[++i]));
                        case "--list" -> list = Optional.of(args[++i]);
                        default -> {
                            return Optional.empty();
                        }
                    }
                } else {
                    paths.add(Path.of(args[i]));
                }
            }
            return paths.isEmpty() || paths.size() > 2
                    ? Optional.empty()
                    : Optional.of(
                            new Request(paths.getFirst(), paths.stream().skip(1).findFirst(), only, list, types));
        }
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Optional<Request> request = Request.of(args);
        if (request.isEmpty()) {
            out.println("DIR [VERDICTS.jsonl] [--only GLOB] [--btf FILE] [--list "
                    + Arrays.stream(Category.values()).map(Category::word).collect(Collectors.joining("|"))
                    + "|disagreements|CODE|all]");
            System.exit(2);
        }
        List<Judged> all = judged(request.get());
        Optional<String> list = request.get().list();
        if (list.isPresent()) {
            all.stream().filter(one -> listed(one, list.get())).forEach(one -> out.println(one.line()));
            out.println();
        }
        out.print(Report.of(all));
        // Threads that hang are left behind.
        System.exit(0);
    }

    /** Whether a program belongs to a category, or we answered it with a code. */
    private static boolean listed(Judged one, String what) {
        return what.equals("all")
                || (what.equals("disagreements") && one.counts() && !one.agrees())
                || one.category().word().equals(what)
                || (one.ours().kind().equals(what) && !one.agrees());
    }

    private static List<Judged> judged(Request request) throws IOException {
        Optional<Map<String, List<VerdictFile.Row>>> rows = request.verdicts().isEmpty()
                ? Optional.empty()
                : Optional.of(VerdictFile.read(request.verdicts().get()));
        PathMatcher only = FileSystems.getDefault().getPathMatcher("glob:" + request.only());
        Judge judge = new Judge(RunningKernel::judge, types(request));
        List<Judged> all = new ArrayList<>();
        for (Path file : objects(request.folder())) {
            Path name = file.getFileName();
            if (name != null && only.matches(name)) {
                all.addAll(judge.judge(file, rows.map(map -> map.getOrDefault(name.toString(), List.of()))));
            }
        }
        return all;
    }

    private static KernelBtf types(Request request) throws IOException {
        if (request.types().isEmpty()) {
            return KernelBtf.NONE;
        }
        Diagnostics diagnostics = new Diagnostics();
        return ElfReader.kernelTypes(
                        ByteString.copyOf(Files.readAllBytes(request.types().get())), diagnostics)
                .orElseThrow(() -> new IOException(diagnostics.all().toString()));
    }

    private static List<Path> objects(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".o")).sorted().toList();
        }
    }
}
