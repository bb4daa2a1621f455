package dev.turnout.cli;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Reads and writes whole files; what goes wrong is a coded diagnostic. */
public final class InputFile {
    /** Larger files are refused: nothing that we take is that large. */
    private static final long MAX_BYTES = 1L << 30;

    private InputFile() {}

    public static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw unreadable(name, "is not a file name");
        }
    }

    public static byte[] read(String name) {
        Path path = path(name);
        try {
            if (Files.isDirectory(path)) {
                throw unreadable(name, "is a folder");
            }
            if (Files.exists(path) && Files.isRegularFile(path) && Files.size(path) > MAX_BYTES) {
                throw unreadable(name, "is larger than " + (MAX_BYTES >> 20) + " MiB");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw unreadable(name, "does not exist");
        } catch (AccessDeniedException e) {
            throw unreadable(name, "may not be read");
        } catch (IOException e) {
            throw unreadable(name, "cannot be read: " + e.getMessage());
        }
    }

    /** Writes beside the target and renames, so that nobody sees a half-written file. */
    public static void write(String name, byte[] bytes) {
        Path path = path(name).toAbsolutePath();
        try {
            Path parent = path.getParent();
            Path folder = parent == null ? path : parent;
            if (Files.isDirectory(path)) {
                throw unwritable(name, "is a folder");
            }
            if (!Files.isDirectory(folder)) {
                throw unwritable(name, "is in a folder that does not exist");
            }
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                Files.write(path, bytes);
                return;
            }
            // Not a temporary file of Java's making: those only the owner may read, whatever the umask says.
            Path temporary = folder.resolve(
                    "." + path.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
            try {
                Files.write(temporary, bytes);
                Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw unwritable(name, "cannot be written: " + e.getMessage());
        }
    }

    private static UsageException unreadable(String name, String why) {
        return new UsageException(Diagnostic.general(DiagnosticCode.U0103, "`" + name + "` " + why));
    }

    private static UsageException unwritable(String name, String why) {
        return new UsageException(Diagnostic.general(DiagnosticCode.U0104, "`" + name + "` " + why));
    }
}
