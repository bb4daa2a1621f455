package dev.turnout.runtime.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MapViewTest {
    private static final DebugType U8 = new DebugType.Integer("u8", 8, DebugType.Encoding.UNSIGNED);
    private static final DebugType U16 = new DebugType.Integer("u16", 16, DebugType.Encoding.UNSIGNED);
    private static final DebugType U32 = new DebugType.Integer("u32", 32, DebugType.Encoding.UNSIGNED);
    private static final DebugType I64 = new DebugType.Integer("i64", 64, DebugType.Encoding.SIGNED);
    private static final DebugType U64 = new DebugType.Integer("u64", 64, DebugType.Encoding.UNSIGNED);
    private static final DebugType PORT_KEY = new DebugType.Struct(
            "PortKey",
            4,
            List.of(
                    new DebugType.Member("port", new DebugType.Typedef("be16", U16), 0, 0),
                    new DebugType.Member("proto", U8, 16, 0)));
    private static final DebugType VERDICT = new DebugType.Enumeration(
            "Verdict",
            1,
            false,
            List.of(
                    new DebugType.Enumerator("pass", 0),
                    new DebugType.Enumerator("drop", 1),
                    new DebugType.Enumerator("log", 2)));

    private static final MapDefinition POLICY = new MapDefinition(
            "policy", MapKind.HASH, 4, 1, 16, 0, PORT_KEY, VERDICT, new MapDefinition.Content.Empty());

    private static Datum fields(Object... pairs) {
        Map<String, Datum> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], (Datum) pairs[i + 1]);
        }
        return new Datum.Fields(fields);
    }

    private static Datum entry(int port, int proto, String verdict) {
        return fields(
                "key", fields("port", Datum.of(port), "proto", Datum.of(proto)), "value", new Datum.Text(verdict));
    }

    @Test
    void a_preset_becomes_the_bytes_that_programs_compare_with() {
        try (BpfMap map = Maps.of(POLICY)) {
            Diagnostics diagnostics = new Diagnostics();
            Datum preset = fields("entries", new Datum.Items(List.of(entry(8443, 6, "log"))));
            assertThat(MapView.preset(map, preset, diagnostics)).isTrue();
            // Port 8443 in network order, the protocol, a zero where the compiler pads.
            ByteString key = ByteString.copyOf(new byte[] {0x20, (byte) 0xfb, 6, 0});
            assertThat(map.read(key)).containsExactly(ByteString.copyOf(new byte[] {2}));
        }
    }

    @Test
    void what_is_shown_can_be_read_back() {
        try (BpfMap map = Maps.of(POLICY);
                BpfMap copy = Maps.of(POLICY)) {
            Diagnostics diagnostics = new Diagnostics();
            MapView.preset(map, new Datum.Items(List.of(entry(23, 6, "drop"), entry(161, 17, "pass"))), diagnostics);
            assertThat(MapView.preset(copy, MapView.show(map), diagnostics)).isTrue();
            assertThat(copy.entries()).isEqualTo(map.entries()).hasSize(2);
            assertThat(diagnostics.all()).isEmpty();
        }
    }

    @Test
    void keys_that_are_numbers_are_sorted_as_numbers() {
        MapDefinition definition =
                new MapDefinition("m", MapKind.HASH, 4, 8, 16, 0, U32, I64, new MapDefinition.Content.Empty());
        try (BpfMap map = Maps.of(definition)) {
            map.write(Maps.u32(256), Maps.u64(-1), BpfMap.ANY);
            map.write(Maps.u32(3), Maps.u64(7), BpfMap.ANY);
            assertThat(MapView.show(map))
                    .isEqualTo(fields(
                            "kind",
                            new Datum.Text("hash"),
                            "entries",
                            new Datum.Items(List.of(
                                    fields("key", Datum.of(3), "value", Datum.of(7)),
                                    fields("key", Datum.of(256), "value", Datum.of(-1))))));
        }
    }

    @Test
    void a_single_value_presets_every_cpu_and_a_list_one_a_cpu() {
        MapDefinition definition =
                new MapDefinition("hits", MapKind.PERCPU_ARRAY, 4, 8, 2, 0, U8, U64, new MapDefinition.Content.Empty());
        try (BpfMap map = Maps.of(definition)) {
            Datum list = new Datum.Items(List.of(Datum.of(1), Datum.of(2)));
            Diagnostics diagnostics = new Diagnostics();
            Datum preset = new Datum.Items(List.of(
                    fields("key", Datum.of(0), "value", Datum.of(9)), fields("key", Datum.of(1), "value", list)));
            assertThat(MapView.preset(map, preset, diagnostics)).isTrue();
            assertThat(map.read(Maps.u32(0))).containsExactly(Maps.u64(9), Maps.u64(9), Maps.u64(9));
            assertThat(map.read(Maps.u32(1))).containsExactly(Maps.u64(1), Maps.u64(2), Maps.u64(0));
        }
    }

    @Test
    void a_preset_that_does_not_fit_says_where_and_what_was_wanted() {
        says(fields("entries", Datum.of(1)), "a list `entries` was wanted");
        says(new Datum.Items(List.of(entry(70_000, 6, "log"))), "the key of entry 0: `port`: 70000 is no `u16`");
        says(new Datum.Items(List.of(entry(1, 6, "deny"))), "`Verdict` has no member `deny`");
        says(
                new Datum.Items(List.of(fields("key", fields("port", Datum.of(1)), "value", new Datum.Text("drop")))),
                "`proto`: it is missing");
        says(
                new Datum.Items(List.of(fields(
                        "key",
                        fields("port", Datum.of(1), "proto", Datum.of(1), "vlan", Datum.of(1)),
                        "value",
                        new Datum.Text("drop")))),
                "`PortKey` has no field `vlan`");
        says(new Datum.Items(List.of(fields("key", Datum.of(1)))), "an object with `key` and `value` was wanted");
    }

    private static void says(Datum preset, String words) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(MapView.read(POLICY, preset, 1, diagnostics)).isEmpty();
        assertThat(diagnostics.all())
                .singleElement()
                .satisfies(one -> assertThat(one.message()).contains(words));
    }

    @Test
    void the_largest_unsigned_number_survives() {
        BigInteger largest = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
        ByteString bytes = TypedBytes.read(U64, new Datum.Number(largest), 8, new StringBuilder())
                .orElseThrow();
        assertThat(TypedBytes.show(U64, bytes)).isEqualTo(new Datum.Number(largest));
    }

    @Test
    void bytes_without_a_type_are_hex() {
        DebugType unknown = new DebugType.Void();
        ByteString bytes = ByteString.copyOf(new byte[] {1, (byte) 0xab});
        assertThat(TypedBytes.show(unknown, bytes)).isEqualTo(new Datum.Text("01ab"));
        assertThat(TypedBytes.read(unknown, new Datum.Text("01ab"), 2, new StringBuilder()))
                .contains(bytes);
        assertThat(TypedBytes.read(unknown, new Datum.Text("01"), 2, new StringBuilder()))
                .isEmpty();
    }

    @Test
    void bit_fields_are_counted_from_the_least_significant_bit() {
        DebugType header = new DebugType.Struct(
                "H", 1, List.of(new DebugType.Member("low", U8, 0, 4), new DebugType.Member("high", U8, 4, 4)));
        ByteString bytes = ByteString.copyOf(new byte[] {0x45});
        Datum shown = fields("low", Datum.of(5), "high", Datum.of(4));
        assertThat(TypedBytes.show(header, bytes)).isEqualTo(shown);
        assertThat(TypedBytes.read(header, shown, 1, new StringBuilder())).contains(bytes);
    }
}
