package dev.turnout.linux.live;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.syscall.Attributes;
import dev.turnout.linux.syscall.Bpf;
import dev.turnout.linux.syscall.Command;
import dev.turnout.linux.syscall.Descriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that somebody loaded, found by its number, by a pin of it, or by a pin of the link that attaches it; a pin of one map stands
 * for a program of which only that map is known. For one thread.
 */
public final class LiveProgram implements AutoCloseable {
    private static final int PROGRAM_BYTES = 232;
    private static final int LINK_BYTES = 64;

    private final int id;
    private final String name;
    private final List<LiveMap> maps;

    private LiveProgram(int id, String name, List<LiveMap> maps) {
        this.id = id;
        this.name = name;
        this.maps = List.copyOf(maps);
    }

    /** The kernel's number for it; 0 if only a map is known. */
    public int id() {
        return id;
    }

    /** At most 15 bytes; of a map, if only that is known. */
    public String name() {
        return name;
    }

    /** Those that it uses and that we may see, as the program names them first. */
    public List<LiveMap> maps() {
        return maps;
    }

    /**
     * Finds one.
     *
     * @param word its number in decimals, or the path of a pin
     * @return empty if there is none, or it may not be had, which was reported
     */
    public static Optional<LiveProgram> open(String word, Diagnostics diagnostics) {
        boolean number = !word.isEmpty() && word.length() <= 10 && word.chars().allMatch(c -> c >= '0' && c <= '9');
        if (number) {
            int descriptor = ObjectInfo.open(Command.PROG_GET_FD_BY_ID, Integer.parseUnsignedInt(word));
            if (descriptor >= 0) {
                return Optional.of(program(new Descriptor(descriptor)));
            }
            diagnostics.report(
                    -descriptor == KernelErrors.ENOENT
                            ? absent("no program of number " + word + " is loaded")
                                    .withHelp("`bpftool prog list` lists those that are")
                            : refused(-descriptor, "program " + word));
            return Optional.empty();
        }
        return pinned(word, diagnostics);
    }

    private static Optional<LiveProgram> pinned(String path, Diagnostics diagnostics) {
        int descriptor;
        try (Arena arena = Arena.ofConfined()) {
            descriptor = Bpf.call(Command.OBJ_GET, new Attributes(arena).text(0, path));
        }
        if (descriptor < 0) {
            diagnostics.report(notPinned(path, -descriptor));
            return Optional.empty();
        }
        Descriptor opened = new Descriptor(descriptor);
        return switch (kind(opened)) {
            case "bpf-prog" -> Optional.of(program(opened));
            case "bpf-map" -> {
                Optional<LiveMap> map = LiveMap.of(opened, Btf.EMPTY);
                yield Optional.of(new LiveProgram(
                        0, map.map(LiveMap::name).orElse(path), map.stream().toList()));
            }
            case "bpf_link", "bpf-link" -> {
                int program = ObjectInfo.of(opened, LINK_BYTES).word(8);
                opened.close();
                yield open(Integer.toUnsignedString(program), diagnostics);
            }
            default -> {
                opened.close();
                diagnostics.report(absent("`" + path + "` is a pin, but of no program"));
                yield Optional.empty();
            }
        };
    }

    private static Diagnostic notPinned(String path, int error) {
        Path there = Path.of(path);
        if (!Files.exists(there)) {
            return absent("nothing is pinned at `" + path + "`")
                    .withHelp("a program is named by the path of its pin, such as `/sys/fs/bpf/…`, or by its number");
        }
        if (Files.isDirectory(there)) {
            Diagnostic folder = absent("`" + path + "` is a folder, not a pin");
            try (Stream<Path> inside = Files.list(there)) {
                String names = inside.map(Path::toString).sorted().limit(12).collect(Collectors.joining("`, `"));
                return names.isEmpty() ? folder : folder.withHelp("in it there are `" + names + "`");
            } catch (IOException unreadable) {
                return folder;
            }
        }
        return error == KernelErrors.EPERM || Files.isReadable(there)
                ? error == KernelErrors.EPERM
                        ? refused(error, "`" + path + "`")
                        : absent("`" + path + "` is no pin of BPF")
                : refused(error, "`" + path + "`");
    }

    private static Diagnostic absent(String message) {
        return Diagnostic.general(DiagnosticCode.R0128, message);
    }

    private static Diagnostic refused(int error, String what) {
        return Diagnostic.general(
                        DiagnosticCode.R0120,
                        "the kernel does not give this user " + what + ": " + KernelErrors.name(error))
                .withHelp("run as root (`sudo`): what others have loaded is given to who has CAP_SYS_ADMIN");
    }

    /** As the kernel calls what is behind a descriptor. */
    private static String kind(Descriptor descriptor) {
        try {
            String to = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor.number()))
                    .toString();
            return to.substring(to.indexOf(':') + 1);
        } catch (IOException unknown) {
            return "";
        }
    }

    private static LiveProgram program(Descriptor opened) {
        try (Descriptor program = opened) {
            ObjectInfo info = ObjectInfo.of(program, PROGRAM_BYTES);
            Btf types = LiveMap.types(info.word(128));
            List<LiveMap> maps = new ArrayList<>();
            for (int number : ObjectInfo.mapsOf(program)) {
                ObjectInfo.opened(Command.MAP_GET_FD_BY_ID, number)
                        .flatMap(map -> LiveMap.of(map, types))
                        .ifPresent(maps::add);
            }
            return new LiveProgram(info.word(4), info.name(64), maps);
        }
    }

    /** Closes what was opened; programs and maps stay. */
    @Override
    public void close() {
        maps.forEach(map -> map.map().close());
    }
}
