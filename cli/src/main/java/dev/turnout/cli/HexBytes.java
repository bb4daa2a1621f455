package dev.turnout.cli;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes written as hex digits, two a byte; blanks, line ends and colons may stand anywhere between digits. */
public final class HexBytes {
    private static final int CHUNK = 1 << 16;

    private final DiagnosticCode code;
    private final String what;
    private byte[] bytes = new byte[64];
    private int digits;
    private long characters;

    private HexBytes(DiagnosticCode code, String what) {
        this.code = code;
        this.what = what;
    }

    /**
     * The bytes that a text spells.
     *
     * @param code what is reported, ending the command with exit code 2, if it spells none
     * @param what its name in messages: {@code the packet}
     */
    public static byte[] of(String text, DiagnosticCode code, String what) {
        HexBytes hex = new HexBytes(code, what);
        byte[] latin = text.getBytes(StandardCharsets.UTF_8);
        hex.take(latin, latin.length, Integer.MAX_VALUE);
        return hex.end();
    }

    /**
     * The bytes that a stream spells.
     *
     * @param most bytes after which reading stops, so that input without end is not read to its end
     */
    public static byte[] read(InputStream in, int most, DiagnosticCode code, String what) {
        HexBytes hex = new HexBytes(code, what);
        byte[] chunk = new byte[CHUNK];
        try {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                if (hex.take(chunk, count, most)) {
                    return Arrays.copyOf(hex.bytes, most);
                }
            }
        } catch (IOException e) {
            throw new UsageException(
                    Diagnostic.general(DiagnosticCode.U0103, "standard input cannot be read: " + e.getMessage()));
        }
        return hex.end();
    }

    /** Takes characters; whether {@code most} bytes are full. */
    private boolean take(byte[] text, int length, int most) {
        for (int i = 0; i < length; i++) {
            byte c = text[i];
            characters++;
            if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':') {
                continue;
            }
            int digit = Character.digit(c, 16);
            if (digit < 0) {
                throw broken(shown(c) + " at character " + characters + " of " + what + " is no hex digit");
            }
            int at = digits >> 1;
            if (at == most) {
                return true;
            }
            if (at == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * at);
            }
            bytes[at] = (byte) (bytes[at] << 4 | digit);
            digits++;
        }
        return false;
    }

    private static String shown(byte c) {
        return c > ' ' && c < 0x7f ? "`" + (char) c + "`" : "byte " + (c & 0xff);
    }

    private byte[] end() {
        if (digits % 2 != 0) {
            throw broken("an odd number of hex digits (" + digits + ") makes no bytes: " + what + " lacks one");
        }
        return Arrays.copyOf(bytes, digits / 2);
    }

    private UsageException broken(String message) {
        return new UsageException(Diagnostic.general(code, message));
    }
}
