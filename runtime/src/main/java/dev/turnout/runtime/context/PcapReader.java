package dev.turnout.runtime.context;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads captures in the pcap format (of libpcap and tcpdump), either byte order, with times in micro- or nanoseconds, of
 * Ethernet frames. The file is input of strangers: every length is checked against the bytes that are there.
 */
public final class PcapReader {
    private static final int HEADER = 24;
    private static final int RECORD = 16;
    private static final int MICROSECONDS = 0xa1b2c3d4;
    private static final int NANOSECONDS = 0xa1b23c4d;
    private static final int PCAPNG = 0x0a0d0d0a;
    private static final int ETHERNET = 1;

    private PcapReader() {}

    /**
     * The frames of a capture, in order, each as many bytes as were captured.
     *
     * @param name of the file, for messages
     * @return empty if it was refused, which was reported
     */
    public static Optional<List<ByteString>> read(String name, byte[] file, Diagnostics diagnostics) {
        if (file.length < 4) {
            return refuse(
                    DiagnosticCode.R0105,
                    "`" + name + "` is no capture: it has " + file.length + " bytes",
                    diagnostics);
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int magic = bytes.getInt(0);
        if (magic == PCAPNG) {
            diagnostics.report(
                    Diagnostic.general(DiagnosticCode.R0107, "`" + name + "` is a pcapng capture, which is not read")
                            .withHelp("convert it: `tcpdump -r " + name + " -w out.pcap`"));
            return Optional.empty();
        }
        if (isMagic(Integer.reverseBytes(magic))) {
            bytes.order(ByteOrder.BIG_ENDIAN);
        } else if (!isMagic(magic)) {
            String start = HexFormat.ofDelimiter(" ").formatHex(file, 0, 4);
            return refuse(
                    DiagnosticCode.R0105,
                    "`" + name + "` is no capture: it begins with " + start + ", not with a magic number of pcap",
                    diagnostics);
        }
        if (file.length < HEADER) {
            return refuse(
                    DiagnosticCode.R0106, "`" + name + "` ends inside its header of " + HEADER + " bytes", diagnostics);
        }
        // The upper bits say how the frames' checksums were captured.
        int linkType = bytes.getInt(20) & 0xffff;
        if (linkType != ETHERNET) {
            return refuse(
                    DiagnosticCode.R0107,
                    "`" + name + "` holds frames of link type " + linkType + ", not of Ethernet (1)",
                    diagnostics);
        }
        return frames(name, bytes, diagnostics);
    }

    private static Optional<List<ByteString>> frames(String name, ByteBuffer bytes, Diagnostics diagnostics) {
        List<ByteString> frames = new ArrayList<>();
        int at = HEADER;
        while (at < bytes.limit()) {
            if (bytes.limit() - at < RECORD) {
                return cut(name, frames.size(), "inside the header of the next", diagnostics);
            }
            long captured = bytes.getInt(at + 8) & 0xffff_ffffL;
            at += RECORD;
            if (captured > bytes.limit() - at) {
                String where =
                        "inside the next, of whose " + captured + " bytes " + (bytes.limit() - at) + " are there";
                return cut(name, frames.size(), where, diagnostics);
            }
            byte[] frame = new byte[(int) captured];
            bytes.get(at, frame);
            frames.add(ByteString.copyOf(frame));
            at += frame.length;
        }
        return Optional.of(frames);
    }

    private static boolean isMagic(int magic) {
        return magic == MICROSECONDS || magic == NANOSECONDS;
    }

    private static Optional<List<ByteString>> cut(String name, int whole, String where, Diagnostics diagnostics) {
        diagnostics.report(Diagnostic.general(
                        DiagnosticCode.R0106,
                        "`" + name + "` is cut short: it ends after " + whole + " frames, " + where)
                .withHelp("capture or copy it again; `tcpdump -r " + name + " -w whole.pcap` keeps the whole frames"));
        return Optional.empty();
    }

    private static Optional<List<ByteString>> refuse(DiagnosticCode code, String message, Diagnostics diagnostics) {
        diagnostics.report(Diagnostic.general(code, message));
        return Optional.empty();
    }
}
