package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.KernelBtf;
import dev.turnout.bpf.core.KernelFit;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.SpecialFields;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are nearly objects, and types that are nearly a kernel's: every one is read, or refused with a reason. */
class HostileObjectTest {
    private static final int FILES = 400;

    private final KernelBtf kernel = ElfReader.kernelTypes(SampleObjects.file("fitkernel"), new Diagnostics())
            .orElseThrow();

    @ParameterizedTest
    @ValueSource(strings = {"surroundings", "fields", "fit", "callbacks", "dispatch"})
    void aDamagedObjectIsReadOrRefused(String name) {
        Random random = new Random(name.hashCode());
        int refused = 0;
        for (int i = 0; i < FILES; i++) {
            Diagnostics diagnostics = new Diagnostics();
            var object = ElfReader.read(damaged(SampleObjects.file(name), random), Policy.LINUX, diagnostics);
            assertThat(object.isPresent()).isNotEqualTo(diagnostics.hasErrors());
            refused += object.isEmpty() ? 1 : 0;
            object.ifPresent(this::loadAll);
        }
        assertThat(refused).isBetween(1, FILES - 1);
    }

    private void loadAll(BpfObject object) {
        for (ObjectFunction program : object.programs()) {
            Diagnostics diagnostics = new Diagnostics();
            var loaded = ProgramLoader.load(object, program.name(), diagnostics);
            assertThat(loaded.isPresent()).isNotEqualTo(diagnostics.hasErrors());
            loaded.ifPresent(one -> assertThat(KernelFit.fit(one, kernel).code().size())
                    .isEqualTo(one.code().size()));
        }
    }

    @Test
    void damagedTypesOfAKernelAreReadOrRefused() {
        Random random = new Random(4711);
        BpfObject object = SampleObjects.read(SampleObjects.file("fit"));
        for (int i = 0; i < FILES; i++) {
            Diagnostics diagnostics = new Diagnostics();
            var types = ElfReader.kernelTypes(damaged(SampleObjects.file("fitkernel"), random), diagnostics);
            assertThat(types.isPresent()).isNotEqualTo(diagnostics.hasErrors());
            for (ObjectFunction program : object.programs()) {
                types.ifPresent(one -> KernelFit.fit(
                        ProgramLoader.load(object, program.name(), new Diagnostics())
                                .orElseThrow(),
                        one));
            }
        }
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

    @Test
    void aTypeThatNestsItselfIntoBillionsIsRefused() {
        List<BtfType> types = new ArrayList<>();
        types.add(new BtfType.Composite("", false, 1, List.of()));
        for (int id = 2; id <= 30; id++) {
            List<BtfType.Member> twice = List.of(
                    new BtfType.Member("a", id - 1, 0, 0), new BtfType.Member("b", id - 1, Integer.MAX_VALUE, 0));
            types.add(new BtfType.Composite("", false, 1, twice));
        }
        assertThat(SpecialFields.ofValue(new Btf(types), MapKind.HASH, 0, 30, 1))
                .isEmpty();
    }
}
