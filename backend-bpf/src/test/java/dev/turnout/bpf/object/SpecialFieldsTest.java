package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.bpf.program.MapField.Kind;
import dev.turnout.bpf.program.SpecialFields;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.stdlib.map.MapKind;
import org.junit.jupiter.api.Test;

/** What Linux finds in the values of {@code fields.c}. */
class SpecialFieldsTest {
    private final BpfObject object = SampleObjects.read(SampleObjects.file("fields"));

    private MapDefinition map(String program, String name) {
        Diagnostics diagnostics = new Diagnostics();
        BpfProgram loaded = ProgramLoader.load(object, program, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all().toString()));
        return loaded.maps().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void structsAreFoundInStructsAndPointersByTheirTags() {
        assertThat(map("use", "all").fields())
                .containsExactly(
                        new MapField(Kind.SPIN_LOCK, 8, 4, ""),
                        new MapField(Kind.TIMER, 16, 16, ""),
                        new MapField(Kind.KPTR, 32, 8, "task"),
                        new MapField(Kind.KPTR_UNTRUSTED, 40, 8, "task"),
                        new MapField(Kind.KPTR_UNTRUSTED, 48, 8, "task"),
                        new MapField(Kind.LIST_HEAD, 56, 16, "element", "node"));
    }

    @Test
    void whatTheKernelRefusesIsNoField() {
        assertThat(map("use", "percpu").fields()).isEmpty();
        assertThat(map("use", "refused").fields()).isEmpty();
    }

    @Test
    void variablesHaveFieldsToo() {
        assertThat(map("data", ".data.a").fields().stream().map(MapField::kind))
                .containsExactlyInAnyOrder(Kind.SPIN_LOCK, Kind.LIST_HEAD);
    }

    @Test
    void anObjectOfTheProgramsOwnHasItsNodes() {
        var types = object.types().all();
        int element = 0;
        for (int id = 1; id <= types.types().size(); id++) {
            element = types.find(id).orElseThrow().name().equals("element") ? id : element;
        }
        assertThat(SpecialFields.ofObject(types, element)).containsExactly(new MapField(Kind.LIST_NODE, 8, 24, ""));
    }

    @Test
    void aMapOfMapsSaysWhatTheyAreLike() {
        MapDefinition outer = map("use", "outer");
        assertThat(outer.kind()).isEqualTo(MapKind.ARRAY_OF_MAPS);
        MapDefinition inner = outer.inner().orElseThrow();
        assertThat(inner.kind()).isEqualTo(MapKind.HASH);
        assertThat(inner.valueSize()).isEqualTo(72);
        assertThat(inner.fields()).hasSize(6);
        assertThat(object.map("outer").orElseThrow().rows()).containsExactly(new ObjectMap.Row(2, "all"));
    }
}
