package dev.turnout.tests.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bob Jenkins' lookup3 for bytes, seeded as Linux does it: what {@code hash::jhash} is. */
final class JenkinsHash {
    private int a;
    private int b;
    private int c;

    private JenkinsHash(int start) {
        a = start;
        b = start;
        c = start;
    }

    static int of(byte[] key, int seed) {
        JenkinsHash hash = new JenkinsHash(0xdeadbeef + key.length + seed);
        // The last block has 1 to 12 bytes; zeros behind it add nothing.
        int whole = key.length == 0 ? 0 : (key.length - 1) / 12;
        ByteBuffer words = ByteBuffer.allocate((whole + 1) * 12).order(ByteOrder.LITTLE_ENDIAN);
        words.put(key).rewind();
        for (int block = 0; block < whole; block++) {
            hash.add(words);
            hash.mix();
        }
        if (key.length > 0) {
            hash.add(words);
            hash.last();
        }
        return hash.c;
    }

    private void add(ByteBuffer words) {
        a += words.getInt();
        b += words.getInt();
        c += words.getInt();
    }

    private void mix() {
        a = a - c ^ Integer.rotateLeft(c, 4);
        c += b;
        b = b - a ^ Integer.rotateLeft(a, 6);
        a += c;
        c = c - b ^ Integer.rotateLeft(b, 8);
        b += a;
        a = a - c ^ Integer.rotateLeft(c, 16);
        c += b;
        b = b - a ^ Integer.rotateLeft(a, 19);
        a += c;
        c = c - b ^ Integer.rotateLeft(b, 4);
        b += a;
    }

    private void last() {
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
    }
}
