package dev.turnout.frontend.parse;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes of a file as text. */
public final class SourceText {
    /** The most that a file may hold, in bytes. A program for the kernel is four orders of magnitude smaller. */
    public static final int MAX_BYTES = 1 << 20;

    private SourceText() {}

    /**
     * The text of a file in UTF-8, with or without a byte order mark. Of bytes that are no UTF-8, or are too many, the
     * text up to there is returned and an error reported; only the first bad byte is.
     */
    public static SourceFile decode(String name, byte[] bytes, Diagnostics diagnostics) {
        if (bytes.length > MAX_BYTES) {
            diagnostics.report(
                    Diagnostic.general(DiagnosticCode.E0106, "`" + name + "` is too large: " + bytes.length + " bytes")
                            .withNote("a source file has at most " + MAX_BYTES + " bytes")
                            .withHelp("split it into modules and `import` them"));
            return new SourceFile(name, "");
        }
        int start = hasByteOrderMark(bytes) ? 3 : 0;
        ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharBuffer out = CharBuffer.allocate(bytes.length - start);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(in, out, true);
        SourceFile source = new SourceFile(name, out.flip().toString());
        if (result.isError()) {
            int offset = in.position();
            diagnostics.report(Diagnostic.general(
                            DiagnosticCode.E0107,
                            "`" + name + "` is not UTF-8: byte 0x" + hex(bytes[offset]) + " at offset " + offset
                                    + ", in line " + source.lineCount())
                    .withNote("the rest of the file was not read")
                    .withHelp("save the file as UTF-8"));
        }
        return source;
    }

    private static boolean hasByteOrderMark(byte[] bytes) {
        return bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf;
    }

    private static String hex(byte value) {
        String digits = "0123456789abcdef";
        return "" + digits.charAt((value >> 4) & 15) + digits.charAt(value & 15);
    }
}
