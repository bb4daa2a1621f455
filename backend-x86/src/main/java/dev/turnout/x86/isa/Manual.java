package dev.turnout.x86.isa;

import java.util.Locale;

/** Reads the manual's notation of an opcode: {@code F3 0F B8 /r}, {@code 83 /0 ib}, {@code VEX.66.0F38 F7 /r}. SDM vol. 2, 3.1.1.1. */
final class Manual {
    private final String text;
    private final String[] words;
    private int next;
    private boolean vex;
    private int prefix;
    private int map;

    Manual(String text) {
        this.text = text;
        this.words = text.split(" ", -1);
    }

    Encoding encoding(String mnemonic, Form form, Sizes sizes, Feature feature) {
        if (form == Form.ZO) {
            return new Encoding(mnemonic, form, sizes, feature, text, null, false, 0, 0, literal(), -1, Immediate.NONE);
        }
        readPrefixes();
        int opcode = hex(words[next++]);
        int digit = -1;
        boolean modRm = false;
        Immediate immediate = Immediate.NONE;
        while (next < words.length) {
            String word = words[next++];
            if (word.startsWith("/")) {
                modRm = true;
                digit = word.equals("/r") ? -1 : word.charAt(1) - '0';
            } else if (!word.startsWith("+")) {
                immediate = Immediate.valueOf(word.toUpperCase(Locale.ROOT));
            }
        }
        check(form, modRm, digit >= 0, immediate);
        check(sizes != Sizes.ALL || (opcode & 1) == 1, "an opcode with a byte form below it is odd");
        return new Encoding(mnemonic, form, sizes, feature, text, null, vex, prefix, map, opcode, digit, immediate);
    }

    /** The notation must have the operands that the form names. */
    private void check(Form form, boolean modRm, boolean digit, Immediate immediate) {
        boolean hasModRm = switch (form) {
            case MR, RM, MI, M1, MC, M, RMI, MRI, MRC, RVM, RMV, VM -> true;
            case O, OI, AI, I, D, ZO -> false;
        };
        boolean hasDigit = switch (form) {
            case MI, M1, MC, M, VM -> true;
            case MR, RM, O, OI, AI, I, RMI, MRI, MRC, RVM, RMV, D, ZO -> false;
        };
        boolean right = switch (form) {
            case MI, OI, AI, I, RMI, MRI ->
                immediate == Immediate.IB || immediate == Immediate.ID || immediate == Immediate.IO;
            case D -> immediate == Immediate.CB || immediate == Immediate.CD;
            case MR, RM, M1, MC, M, O, MRC, RVM, RMV, VM, ZO -> immediate == Immediate.NONE;
        };
        check(modRm == hasModRm, "ModRM or not");
        check(digit == hasDigit, "a register or a digit in ModRM.reg");
        check(right, "the immediate");
    }

    private void readPrefixes() {
        if (words[next].startsWith("VEX.")) {
            vex = true;
            String[] parts = words[next++].split("\\.", -1);
            prefix = parts[1].equals("NP") ? 0 : hex(parts[1]);
            map = parts[2].equals("0F38") ? 2 : 3;
            check(map == 2 || parts[2].equals("0F3A"), "map");
            return;
        }
        if (words[next].equals("66") || words[next].equals("F2") || words[next].equals("F3")) {
            prefix = hex(words[next++]);
        }
        if (words[next].equals("0F")) {
            next++;
            map = 1;
            if (words[next].equals("38") || words[next].equals("3A")) {
                map = words[next++].equals("38") ? 2 : 3;
            }
        }
    }

    private int literal() {
        check(words.length <= 4, "at most four bytes");
        int bytes = 0;
        for (int i = words.length - 1; i >= 0; i--) {
            bytes = bytes << 8 | hex(words[i]);
        }
        return bytes;
    }

    private int hex(String word) {
        check(word.length() == 2, "a byte in two digits");
        return Integer.parseInt(word, 16);
    }

    private void check(boolean right, String what) {
        if (!right) {
            throw new IllegalArgumentException("encoding \"" + text + "\": " + what);
        }
    }
}
