package dev.turnout.bpf.merge;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.ByteString;
import java.util.Map;
import java.util.Optional;

/**
 * Keys that several inputs define. The programs of an object share its keys, and a key is known by its name: two of one name are one key,
 * with one initial value, for the code of both was made for it. Where a target patches code, the key's sites of all inputs stay its
 * sites; elsewhere its byte in the first input is the one that everybody loads.
 */
final class SharedKeys {
    /** How the symbols of keys begin where code is patched; elsewhere a key's byte has the key's own name. */
    private static final String PREFIX = ObjectKey.symbol("");

    private SharedKeys() {}

    /** The name of the key that a symbol stands for; of another symbol its own. */
    static String keyOf(String symbol) {
        return symbol.startsWith(PREFIX) ? symbol.substring(PREFIX.length()) : symbol;
    }

    static boolean isKey(GlobalName.Occurrence one) {
        return one.home().equals(Elf.STATIC_KEYS) || one.home().equals(ObjectKey.BYTES_SECTION);
    }

    /** A key that one input patches, and another one loads. */
    static Optional<Diagnostic> mixed(GlobalName patched, Map<String, GlobalName> names) {
        GlobalName.Occurrence one = patched.standard();
        GlobalName loaded = one.home().equals(Elf.STATIC_KEYS) ? names.get(keyOf(patched.name())) : null;
        if (loaded == null || !loaded.standard().home().equals(ObjectKey.BYTES_SECTION)) {
            return Optional.empty();
        }
        return Optional.of(wrong(loaded.name(), one, loaded.standard())
                .withNote("`" + one.input().name() + "` was built for a target that patches code, `"
                        + loaded.standard().input().name() + "` was not"));
    }

    static Optional<Diagnostic> mistake(String symbol, GlobalName.Occurrence one, GlobalName.Occurrence standard) {
        String key = keyOf(symbol);
        Optional<String> difference = one.type() == 0 || standard.type() == 0
                ? Optional.empty()
                : new TypeAgreement(
                                standard.input().btf(),
                                standard.input().name(),
                                one.input().btf(),
                                one.input().name())
                        .difference(standard.type(), one.type());
        if (difference.isEmpty() && !initial(one).equals(initial(standard))) {
            difference = Optional.of("it begins as 0x" + initial(standard) + " in `"
                    + standard.input().name() + "`, as 0x" + initial(one) + " in `"
                    + one.input().name() + "` (bytes in the order of memory)");
        }
        return difference.map(words -> wrong(key, one, standard)
                .withNote(words)
                .withNote("programs of one object share the keys of one name"));
    }

    private static Diagnostic wrong(String key, GlobalName.Occurrence one, GlobalName.Occurrence standard) {
        return Diagnostic.general(
                DiagnosticCode.O0144,
                "the key `" + key + "` is not the same in `" + standard.input().name() + "` and in `"
                        + one.input().name() + "`");
    }

    private static ByteString initial(GlobalName.Occurrence one) {
        ElfImage.Section section = one.input().section(one.symbol()).orElseThrow();
        int from = (int) one.symbol().value();
        ByteString bytes = section.content();
        return bytes.size() == 0
                ? bytes
                : bytes.slice(from, from + (int) one.symbol().size());
    }
}
