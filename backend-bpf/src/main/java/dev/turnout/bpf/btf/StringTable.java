package dev.turnout.bpf.btf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A table of strings that end in a zero byte, each once, in order of first use; the empty one is at 0. */
public final class StringTable {
    private final Map<String, Integer> offsets = new HashMap<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public StringTable() {
        offset("");
    }

    /** Where the string is; it is added if it is new. */
    public int offset(String text) {
        Integer known = offsets.get(text);
        if (known != null) {
            return known;
        }
        int at = bytes.size();
        offsets.put(text, at);
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        bytes.write(0);
        return at;
    }

    public byte[] toArray() {
        return bytes.toByteArray();
    }
}
