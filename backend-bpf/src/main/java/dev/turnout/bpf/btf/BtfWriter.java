package dev.turnout.bpf.btf;

import dev.turnout.ir.model.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Writes {@code .BTF} and {@code .BTF.ext}, which share the strings of the former. Little endian. */
public final class BtfWriter {
    private static final int HEADER = 24;
    private static final int EXT_HEADER = 32;

    private final StringTable strings = new StringTable();
    private Words out = new Words();

    /** A growing run of 32-bit words. */
    private static final class Words {
        private ByteBuffer buffer = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);

        Words put(int word) {
            if (buffer.remaining() < 4) {
                ByteBuffer larger = ByteBuffer.allocate(buffer.capacity() * 2).order(ByteOrder.LITTLE_ENDIAN);
                larger.put(buffer.flip());
                buffer = larger;
            }
            buffer.putInt(word);
            return this;
        }

        byte[] toArray() {
            byte[] bytes = new byte[buffer.position()];
            buffer.duplicate().flip().get(bytes);
            return bytes;
        }
    }

    /** Both sections as bytes. */
    public record Sections(ByteString btf, ByteString ext) {}

    private BtfWriter() {}

    public static Sections write(Btf btf, BtfExt ext) {
        BtfWriter writer = new BtfWriter();
        byte[] types = writer.types(btf);
        byte[] extBytes = writer.ext(ext);
        return new Sections(ByteString.copyOf(writer.section(types)), ByteString.copyOf(extBytes));
    }

    private byte[] section(byte[] types) {
        byte[] text = strings.toArray();
        ByteBuffer all =
                ByteBuffer.allocate(HEADER + types.length + text.length).order(ByteOrder.LITTLE_ENDIAN);
        all.putShort((short) Btf.MAGIC).put((byte) 1).put((byte) 0).putInt(HEADER);
        all.putInt(0).putInt(types.length).putInt(types.length).putInt(text.length);
        return all.put(types).put(text).array();
    }

    private byte[] types(Btf btf) {
        out = new Words();
        for (BtfType type : btf.types()) {
            type(type);
        }
        return out.toArray();
    }

    private void head(String name, int kind, int length, boolean flag, int sizeOrType) {
        out.put(strings.offset(name))
                .put(kind << 24 | length | (flag ? 1 << 31 : 0))
                .put(sizeOrType);
    }

    private void type(BtfType type) {
        switch (type) {
            case BtfType.Int number -> {
                head(number.name(), 1, 0, false, number.bytes());
                out.put(number.encoding() << 24 | number.bitOffset() << 16 | number.bits());
            }
            case BtfType.Pointer(int to) -> head("", 2, 0, false, to);
            case BtfType.Array(int of, int index, long count) -> {
                head("", 3, 0, false, 0);
                out.put(of).put(index).put((int) count);
            }
            case BtfType.Composite composite -> composite(composite);
            case BtfType.Enumeration enumeration -> enumeration(enumeration);
            case BtfType.Forward(String name, boolean union) -> head(name, 7, 0, union, 0);
            case BtfType.Typedef(String name, int to) -> head(name, 8, 0, false, to);
            case BtfType.Modifier(var kind, String name, int to) -> head(name, kind.code(), 0, false, to);
            case BtfType.Function(String name, int prototype, var linkage) ->
                head(name, 12, linkage.code(), false, prototype);
            case BtfType.Prototype(int result, List<BtfType.Parameter> parameters) -> {
                head("", 13, parameters.size(), false, result);
                for (BtfType.Parameter parameter : parameters) {
                    out.put(strings.offset(parameter.name())).put(parameter.type());
                }
            }
            case BtfType.Variable(String name, int of, var linkage) -> {
                head(name, 14, 0, false, of);
                out.put(linkage.code());
            }
            case BtfType.DataSection(String name, long size, List<BtfType.Placement> variables) -> {
                head(name, 15, variables.size(), false, (int) size);
                for (BtfType.Placement one : variables) {
                    out.put(one.variable()).put((int) one.offset()).put((int) one.size());
                }
            }
            case BtfType.FloatingPoint(String name, int bytes) -> head(name, 16, 0, false, bytes);
            case BtfType.DeclarationTag(String name, int to, int component) -> {
                head(name, 17, 0, false, to);
                out.put(component);
            }
        }
    }

    private void composite(BtfType.Composite composite) {
        boolean bitFields = composite.members().stream().anyMatch(member -> member.bitSize() > 0);
        int kind = composite.union() ? 5 : 4;
        head(composite.name(), kind, composite.members().size(), bitFields, (int) composite.size());
        for (BtfType.Member member : composite.members()) {
            int place = bitFields ? member.bitSize() << 24 | member.bitOffset() : member.bitOffset();
            out.put(strings.offset(member.name())).put(member.type()).put(place);
        }
    }

    private void enumeration(BtfType.Enumeration enumeration) {
        boolean wide = enumeration.bytes() == 8;
        int count = enumeration.members().size();
        head(enumeration.name(), wide ? 19 : 6, count, enumeration.signed(), enumeration.bytes());
        for (BtfType.Enumerator member : enumeration.members()) {
            out.put(strings.offset(member.name())).put((int) member.value());
            if (wide) {
                out.put((int) (member.value() >>> 32));
            }
        }
    }

    private byte[] ext(BtfExt ext) {
        Words functions = new Words().put(8);
        ext.functions().forEach((section, infos) -> {
            functions.put(strings.offset(section)).put(infos.size());
            infos.forEach(info -> functions.put((int) info.offset()).put(info.type()));
        });
        Words lines = new Words().put(16);
        ext.lines().forEach((section, infos) -> {
            lines.put(strings.offset(section)).put(infos.size());
            for (BtfExt.LineInfo info : infos) {
                lines.put((int) info.offset()).put(strings.offset(info.file())).put(strings.offset(info.text()));
                lines.put(info.line() << 10 | Math.min(info.column(), 1023));
            }
        });
        Words relocations = new Words().put(16);
        ext.relocations().forEach((section, infos) -> {
            relocations.put(strings.offset(section)).put(infos.size());
            for (BtfExt.CoreRelocation info : infos) {
                relocations.put((int) info.offset()).put(info.type()).put(strings.offset(info.access()));
                relocations.put(info.kind());
            }
        });
        return join(functions, ext.functions(), lines, ext.lines(), relocations, ext.relocations());
    }

    private static byte[] join(
            Words functions, Map<?, ?> hasFunctions, Words lines, Map<?, ?> hasLines, Words cores, Map<?, ?> hasCores) {
        byte[] first = hasFunctions.isEmpty() ? new byte[0] : functions.toArray();
        byte[] second = hasLines.isEmpty() ? new byte[0] : lines.toArray();
        byte[] third = hasCores.isEmpty() ? new byte[0] : cores.toArray();
        ByteBuffer header = ByteBuffer.allocate(EXT_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) Btf.MAGIC).put((byte) 1).put((byte) 0).putInt(EXT_HEADER);
        header.putInt(0).putInt(first.length);
        header.putInt(first.length).putInt(second.length);
        header.putInt(first.length + second.length).putInt(third.length);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(header.array());
        all.writeBytes(first);
        all.writeBytes(second);
        all.writeBytes(third);
        return all.toByteArray();
    }
}
