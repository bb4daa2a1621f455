package dev.turnout.runtime.route;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.map.Datum;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A table of routes from data, as JSON has it:
 *
 * <pre>{@code
 * {"interfaces": [{"index": 2, "mac": "020000000002", "mtu": 1500, "forwarding": true, "addresses": ["10.0.0.1"]}],
 *  "routes": [{"to": "10.0.0.0/8", "via": "10.0.0.254", "interface": 2, "metric": 100, "mtu": 1400, "table": 254,
 *              "kind": "unicast", "source": "10.0.0.1"}],
 *  "neighbours": [{"interface": 2, "address": "10.0.0.254", "mac": "02:00:00:00:00:fe"}]}
 * }</pre>
 *
 * <p>An interface needs its index, a route {@code to}, a unicast one an interface too, a neighbour all three. MTU is 1500 if nothing is said,
 * forwarding on, a kind {@code unicast}, a MAC zeros.
 */
public final class RouteReader {
    private static final int ETHERNET_MTU = 1500;

    private final StringBuilder why;

    private RouteReader(StringBuilder why) {
        this.why = why;
    }

    /** The table; if it is empty, {@code why} says what was wrong where. */
    public static Optional<RouteTable> read(Datum datum, StringBuilder why) {
        RouteReader reader = new RouteReader(why);
        if (!(datum instanceof Datum.Fields(Map<String, Datum> fields))) {
            why.append("an object was wanted, not ").append(datum.word());
            return Optional.empty();
        }
        Row all = reader.new Row("the table", fields, Set.of("interfaces", "routes", "neighbours"));
        RouteTable table = new RouteTable(
                reader.each(all, "interfaces", reader::interfaceOf),
                reader.each(all, "routes", reader::route),
                reader.each(all, "neighbours", reader::neighbour));
        return why.isEmpty() ? Optional.of(table) : Optional.empty();
    }

    private void wrong(String where, String message) {
        if (why.isEmpty()) {
            why.append(where).append(": ").append(message);
        }
    }

    private <T> List<T> each(Row all, String name, Function<Named, T> read) {
        List<T> rows = new ArrayList<>();
        Datum list = all.fields.getOrDefault(name, new Datum.Items(List.of()));
        if (!(list instanceof Datum.Items(List<Datum> items))) {
            wrong(name, "a list was wanted, not " + list.word());
            return rows;
        }
        for (int i = 0; i < items.size() && why.isEmpty(); i++) {
            String where = name + "[" + i + "]";
            if (items.get(i) instanceof Datum.Fields(Map<String, Datum> fields)) {
                rows.add(read.apply(new Named(where, fields)));
            } else {
                wrong(where, "an object was wanted, not " + items.get(i).word());
            }
        }
        return rows;
    }

    private record Named(String where, Map<String, Datum> fields) {}

    private RouteTable.Interface interfaceOf(Named named) {
        Row row = new Row(named.where, named.fields, Set.of("index", "mac", "mtu", "forwarding", "addresses"));
        List<Address> addresses = new ArrayList<>();
        if (named.fields.get("addresses") instanceof Datum.Items(List<Datum> items)) {
            items.forEach(one -> addresses.add(row.address("addresses", one)));
        }
        return new RouteTable.Interface(
                row.number("index", 1, Integer.MAX_VALUE, 0),
                row.mac(),
                row.number("mtu", 68, 65_535, ETHERNET_MTU),
                !named.fields.getOrDefault("forwarding", new Datum.Flag(true)).equals(new Datum.Flag(false)),
                addresses);
    }

    private RouteTable.Route route(Named named) {
        Row row = new Row(
                named.where,
                named.fields,
                Set.of("to", "via", "interface", "metric", "mtu", "table", "kind", "source"));
        String to = row.text("to");
        int slash = to.indexOf('/');
        Address prefix = row.address("to", new Datum.Text(slash < 0 ? to : to.substring(0, slash)));
        int longest = prefix.bytes().size() * 8;
        int length = slash < 0 ? longest : row.decimal("to", to.substring(slash + 1), longest);
        String word = named.fields.get("kind") instanceof Datum.Text(String text) ? text : "unicast";
        RouteTable.Kind kind = RouteTable.Kind.UNICAST;
        boolean known = false;
        for (RouteTable.Kind one : RouteTable.Kind.values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                kind = one;
                known = true;
            }
        }
        if (!known) {
            wrong(named.where, "`" + word + "` is no kind of route");
        }
        boolean forwards = kind == RouteTable.Kind.UNICAST;
        return new RouteTable.Route(
                prefix,
                length,
                row.optional("via"),
                forwards || named.fields.containsKey("interface")
                        ? row.number("interface", 1, Integer.MAX_VALUE, 0)
                        : 0,
                row.number("metric", 0, Integer.MAX_VALUE, 0, true),
                row.number("mtu", 0, 65_535, 0, true),
                row.number("table", 1, Integer.MAX_VALUE, RouteTable.MAIN),
                kind,
                row.optional("source"));
    }

    private RouteTable.Neighbour neighbour(Named named) {
        Row row = new Row(named.where, named.fields, Set.of("interface", "address", "mac"));
        return new RouteTable.Neighbour(
                row.number("interface", 1, Integer.MAX_VALUE, 0),
                row.address("address", new Datum.Text(row.text("address"))),
                row.mac());
    }

    /** The fields of one object; what is wrong is said once, and a harmless value given. */
    private final class Row {
        private final String where;
        private final Map<String, Datum> fields;

        Row(String where, Map<String, Datum> fields, Set<String> known) {
            this.where = where;
            this.fields = fields;
            fields.keySet().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> wrong(
                            where,
                            "`" + name + "` is unknown; there are "
                                    + known.stream().sorted().toList()));
        }

        int number(String name, int least, int most, int otherwise) {
            return number(name, least, most, otherwise, otherwise != 0);
        }

        /** @param absent whether it may be missing */
        int number(String name, int least, int most, int otherwise, boolean absent) {
            Datum datum = fields.get(name);
            if (datum == null && absent) {
                return otherwise;
            }
            if (datum instanceof Datum.Number number
                    && number.value().bitLength() < 32
                    && number.value().intValue() >= least
                    && number.value().intValue() <= most) {
                return number.value().intValue();
            }
            wrong(where, "`" + name + "` must be a number from " + least + " to " + most);
            return least;
        }

        String text(String name) {
            if (fields.get(name) instanceof Datum.Text(String text)) {
                return text;
            }
            wrong(where, "`" + name + "` must be a text");
            return "";
        }

        int decimal(String name, String digits, int most) {
            if (digits.matches("[0-9]{1,3}") && Integer.parseInt(digits) <= most) {
                return Integer.parseInt(digits);
            }
            wrong(where, "`" + name + "` ends in `/" + digits + "`, which is no length up to " + most);
            return 0;
        }

        Address address(String name, Datum datum) {
            Optional<Address> address =
                    datum instanceof Datum.Text(String text) ? Address.parse(text) : Optional.empty();
            if (address.isEmpty()) {
                wrong(where, "`" + name + "` must be an address such as `10.0.0.1` or `2001:db8::1`");
            }
            return address.orElse(new Address(ByteString.zeros(4)));
        }

        List<Address> optional(String name) {
            Datum datum = fields.get(name);
            return datum == null ? List.of() : List.of(address(name, datum));
        }

        ByteString mac() {
            if (!fields.containsKey("mac")) {
                return ByteString.zeros(6);
            }
            String digits = text("mac").replace(":", "");
            if (!digits.matches("[0-9a-fA-F]{12}")) {
                wrong(where, "`mac` must be 12 hex digits");
                return ByteString.zeros(6);
            }
            return ByteString.copyOf(HexFormat.of().parseHex(digits));
        }
    }
}
