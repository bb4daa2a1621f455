package dev.turnout.bpf.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.diagnostic.Severity;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are nearly objects, beside one that is: they are linked, or refused with a reason, and what is written can be read. */
class HostileLinkTest {
    private static final int FILES = 400;

    @ParameterizedTest
    @ValueSource(
            strings = {"merge/back", "objects/surroundings", "objects/dispatch", "objects/programs", "objects/fit"})
    void a_damaged_object_is_linked_or_refused(String name) {
        Random random = new Random(name.hashCode());
        ObjectLinker.Input whole = Linking.clang(name);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            refused += outcome(new ObjectLinker.Input("damaged.o", damaged(whole.file(), random))) ? 0 : 1;
        }
        assertThat(refused).isBetween(1, FILES - 1);
    }

    @Test
    void damaged_keys_and_tables_of_ours_are_linked_or_refused() {
        ObjectLinker.Input whole = Linking.module("keys.o", TargetProfile.VM, """
                module "m" license "GPL"
                key @audit: bool = 0
                key @deep: bool = 1
                program @p section "socket" type socket -> i32 {
                b0(v0: ptr<context>):
                    v1 = const i32 1
                    static_branch @audit ? on : off unlikely
                on:
                    static_branch @deep ? off : more likely
                more:
                    v2 = const i32 2
                    return v2
                off:
                    return v1
                }
                """);
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            refused += outcome(new ObjectLinker.Input("damaged.o", damaged(whole.file(), random))) ? 0 : 1;
        }
        assertThat(refused).isBetween(1, FILES - 1);
    }

    @Test
    void a_file_that_ends_anywhere_is_refused() {
        ObjectLinker.Input whole = Linking.clang("merge/front");
        Random random = new Random(5);
        for (int i = 0; i < 100; i++) {
            ByteString cut = whole.file().slice(0, random.nextInt(whole.file().size()));
            assertThat(outcome(new ObjectLinker.Input("cut.o", cut))).isFalse();
        }
    }

    /** Whether it was linked; what was said and what was made agree. */
    private static boolean outcome(ObjectLinker.Input input) {
        Linking.Linked linked = Linking.link(input, Linking.clang("merge/front"));
        boolean made = linked.result().object().isPresent();
        assertThat(linked.result().outcome() == ObjectLinker.Outcome.LINKED).isEqualTo(made);
        assertThat(linked.said().stream().anyMatch(one -> one.severity() == Severity.ERROR))
                .isNotEqualTo(made);
        if (made) {
            Diagnostics diagnostics = new Diagnostics();
            var read = ElfReader.read(linked.file(), Policy.LINUX, diagnostics);
            assertThat(read.isPresent()).isNotEqualTo(diagnostics.hasErrors());
        }
        return made;
    }

    private static ByteString damaged(ByteString file, Random random) {
        byte[] bytes = file.toArray();
        int hits = 1 + random.nextInt(8);
        for (int i = 0; i < hits; i++) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ (1 << random.nextInt(8)));
        }
        return ByteString.copyOf(bytes);
    }
}
