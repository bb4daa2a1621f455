package dev.turnout.x86.isa;

/** Nothing, in one instruction of 1 to 9 bytes. SDM vol. 2, NOP, table of recommended sequences. */
public enum Nop {
    NOP1("nop", "90"),
    NOP2("xchg ax,ax", "66 90"),
    NOP3("nop DWORD PTR [rax]", "0F 1F 00"),
    NOP4("nop DWORD PTR [rax+0x0]", "0F 1F 40 00"),
    NOP5("nop DWORD PTR [rax+rax*1+0x0]", "0F 1F 44 00 00"),
    NOP6("nop WORD PTR [rax+rax*1+0x0]", "66 0F 1F 44 00 00"),
    NOP7("nop DWORD PTR [rax+0x0]", "0F 1F 80 00 00 00 00"),
    NOP8("nop DWORD PTR [rax+rax*1+0x0]", "0F 1F 84 00 00 00 00 00"),
    NOP9("nop WORD PTR [rax+rax*1+0x0]", "66 0F 1F 84 00 00 00 00 00");

    private static final Nop[] BY_LENGTH = values();

    private final String text;
    private final byte[] bytes;

    Nop(String text, String manual) {
        this.text = text;
        String[] words = manual.split(" ", -1);
        bytes = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = (byte) Integer.parseInt(words[i], 16);
        }
    }

    /** The longest there is. */
    public static final int LONGEST = 9;

    /** The one of {@code length} bytes, 1 to {@link #LONGEST}. */
    public static Nop of(int length) {
        return BY_LENGTH[length - 1];
    }

    public int length() {
        return bytes.length;
    }

    /** Writes it to {@code code} from {@code at} on. */
    public void copyTo(byte[] code, int at) {
        System.arraycopy(bytes, 0, code, at, bytes.length);
    }

    public String text() {
        return text;
    }
}
