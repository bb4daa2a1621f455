package dev.turnout.bpf.merge;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the types of all inputs one graph in which no type is twice. Its nodes are the types, numbered through the inputs, and node 0 is
 * {@code void}.
 *
 * <ol>
 *   <li>A function or variable that is only declared, or that lost, is the one that is taken; the types that only it used go.
 *   <li>A struct, union or enumeration that is only declared is the one of that name that another type defines, if all that define
 *       it agree: which object sees the members is chance.
 *   <li>Nodes that cannot be told apart are one ({@link TypeClasses}); variables and the sections that hold them stay what they are.
 * </ol>
 *
 * <p>Whether definitions agree is known only when they were compared, and they are compared with declarations resolved. So all are taken
 * to agree at first, and names for which that proves wrong are left declared, until the division holds. See ADR 0024.
 */
final class TypeMerge {
    /** Names come back as declared ones one after the other only where files are made to do so; then none is resolved. */
    private static final int MOST_ATTEMPTS = 8;

    private final List<LinkInput> inputs;
    /** The node in front of each input's first. */
    private final int[] offsets;

    /** The number of the input that each node is of. */
    private final int[] owners;

    private final int nodes;
    /** The node that stands for a node, itself as a rule. */
    private final int[] standing;

    private final boolean[] dropped;
    /** The node that is written for a node. */
    private final int[] written;

    private TypeMerge(List<LinkInput> inputs) {
        this.inputs = inputs;
        offsets = new int[inputs.size()];
        int count = 0;
        for (LinkInput input : inputs) {
            offsets[input.number()] = count;
            count += input.types().count();
        }
        nodes = count + 1;
        owners = new int[nodes];
        for (LinkInput input : inputs) {
            int from = offsets[input.number()] + 1;
            Arrays.fill(owners, from, from + input.types().count(), input.number());
        }
        standing = new int[nodes];
        Arrays.setAll(standing, node -> node);
        dropped = new boolean[nodes];
        written = new int[nodes];
    }

    /**
     * @param symbols whose resolution made types one, and left some out
     * @param used by something beside types
     */
    static TypeMerge of(List<LinkInput> inputs, SymbolMerge symbols, List<TypeUse> used) {
        TypeMerge merge = new TypeMerge(inputs);
        symbols.leftTypes().forEach(one -> merge.dropped[merge.node(one.input(), one.id())] = true);
        for (SymbolMerge.SameType one : symbols.sameTypes()) {
            merge.standing[merge.node(one.input(), one.id())] = merge.node(one.standard(), one.standardId());
        }
        merge.dropOrphans(used);
        merge.divide();
        return merge;
    }

    /** A reference to a type from outside of the types. */
    record TypeUse(LinkInput input, int id) {}

    private LinkInput input(int node) {
        return inputs.get(owners[node]);
    }

    private int id(int node) {
        return node - offsets[input(node).number()];
    }

    private int[] successors(int node) {
        if (node == 0) {
            return new int[0];
        }
        LinkInput input = input(node);
        TypeRecords types = input.types();
        int id = id(node);
        TypeShape shape = types.shape(id);
        int[] all = new int[types.size(id)];
        int count = 0;
        for (int i = 0; i < all.length; i++) {
            if (shape.role(i) == TypeShape.Role.TYPE) {
                all[count++] = node(input, types.word(id, i));
            }
        }
        return Arrays.copyOf(all, count);
    }

    /** Types that nobody but a declaration refers to that was resolved: the signature without names of an extern function. */
    private void dropOrphans(List<TypeUse> used) {
        int[] uses = new int[nodes];
        for (int node = 1; node < nodes; node++) {
            for (int successor : successors(node)) {
                uses[successor]++;
            }
        }
        used.forEach(use -> uses[node(use.input(), use.id())]++);
        List<Integer> gone = new ArrayList<>();
        for (int node = 1; node < nodes; node++) {
            if (standing[node] != node || dropped[node]) {
                gone.add(node);
            }
        }
        while (!gone.isEmpty()) {
            for (int successor : successors(gone.removeLast())) {
                if (--uses[successor] == 0
                        && successor != 0
                        && standing[successor] == successor
                        && !dropped[successor]) {
                    dropped[successor] = true;
                    gone.add(successor);
                }
            }
        }
    }

    private void divide() {
        Map<List<Object>, List<Integer>> definitions = definitions();
        Map<Integer, List<Object>> declarations = declarations(definitions.keySet());
        int[] classes = classes(definitions, declarations);
        for (int attempt = 0; !declarations.isEmpty(); attempt++) {
            Set<List<Object>> ambiguous = new LinkedHashSet<>();
            int[] found = classes;
            definitions.forEach((name, all) -> {
                if (all.stream().mapToInt(node -> found[node]).distinct().count() > 1) {
                    ambiguous.add(name);
                }
            });
            if (!declarations.values().removeIf(name -> ambiguous.contains(name))) {
                break;
            }
            if (attempt == MOST_ATTEMPTS) {
                declarations.clear();
            }
            classes = classes(definitions, declarations);
        }
        choose(classes, definitions, declarations);
    }

    /** Takes the first of each class for all of it. */
    private void choose(
            int[] classes, Map<List<Object>, List<Integer>> definitions, Map<Integer, List<Object>> declarations) {
        Map<Integer, Integer> first = new HashMap<>();
        for (int node = 1; node < nodes; node++) {
            if (standing[node] == node && !dropped[node] && !declarations.containsKey(node)) {
                first.putIfAbsent(classes[node], node);
            }
        }
        for (int node = 1; node < nodes; node++) {
            int stands = target(node, definitions, declarations);
            written[node] = first.getOrDefault(classes[stands], stands);
        }
    }

    /** The node that a reference to a node is a reference to. */
    private int target(
            int node, Map<List<Object>, List<Integer>> definitions, Map<Integer, List<Object>> declarations) {
        int stands = standing[node];
        List<Object> name = declarations.get(stands);
        return name == null
                ? stands
                : definitions.getOrDefault(name, List.of(stands)).getFirst();
    }

    private int[] classes(Map<List<Object>, List<Integer>> definitions, Map<Integer, List<Object>> declarations) {
        int[] labels = new int[nodes];
        int[][] edges = new int[nodes][];
        Map<IntBuffer, Integer> numbers = new HashMap<>();
        for (int node = 0; node < nodes; node++) {
            labels[node] = numbers.computeIfAbsent(label(node), _ -> numbers.size());
            edges[node] = successors(node);
            for (int i = 0; i < edges[node].length; i++) {
                edges[node][i] = target(edges[node][i], definitions, declarations);
            }
        }
        return TypeClasses.of(labels, edges);
    }

    /** What a node is without what it refers to. */
    private IntBuffer label(int node) {
        if (node == 0) {
            return IntBuffer.allocate(0);
        }
        TypeRecords types = input(node).types();
        int id = id(node);
        int kind = types.kind(id);
        boolean unique = kind == TypeShape.VARIABLE || kind == TypeShape.DATA_SECTION;
        int[] words = new int[unique ? 1 : types.size(id)];
        if (unique) {
            words[0] = node;
            return IntBuffer.wrap(words);
        }
        TypeShape shape = types.shape(id);
        for (int i = 0; i < words.length; i++) {
            words[i] = shape.role(i) == TypeShape.Role.TYPE ? 0 : types.word(id, i);
        }
        return IntBuffer.wrap(words);
    }

    /** Structs, unions and enumerations with their members, by kind and name. */
    private Map<List<Object>, List<Integer>> definitions() {
        Map<List<Object>, List<Integer>> all = new LinkedHashMap<>();
        for (int node = 1; node < nodes; node++) {
            TypeRecords types = input(node).types();
            int id = id(node);
            List<Object> name = name(types, id);
            if (!name.isEmpty() && !isDeclaration(types, id) && !dropped[node]) {
                all.computeIfAbsent(name, _ -> new ArrayList<>()).add(node);
            }
        }
        return all;
    }

    private Map<Integer, List<Object>> declarations(Set<List<Object>> defined) {
        Map<Integer, List<Object>> all = new LinkedHashMap<>();
        for (int node = 1; node < nodes; node++) {
            TypeRecords types = input(node).types();
            int id = id(node);
            List<Object> name = name(types, id);
            if (isDeclaration(types, id) && defined.contains(name)) {
                all.put(node, name);
            }
        }
        return all;
    }

    private static boolean isDeclaration(TypeRecords types, int id) {
        int kind = types.kind(id);
        boolean enumeration = kind == TypeShape.ENUM || kind == TypeShape.ENUM64;
        return kind == TypeShape.FORWARD || (enumeration && types.length(id) == 0);
    }

    /** What kind of thing it is and its name; empty for a type that cannot be declared apart from its definition. */
    private static List<Object> name(TypeRecords types, int id) {
        if (types.name(id) == 0) {
            return List.of();
        }
        return switch (types.kind(id)) {
            case TypeShape.STRUCT -> List.of("struct", types.name(id));
            case TypeShape.UNION -> List.of("union", types.name(id));
            case TypeShape.FORWARD -> List.of(types.flag(id) ? "union" : "struct", types.name(id));
            case TypeShape.ENUM, TypeShape.ENUM64 -> List.of("enum", types.name(id));
            default -> List.of();
        };
    }

    /** Gives ids, in the order of the inputs. Sections of variables get none: they are {@link VariableMerge}'s. */
    MergedTypes numbered() {
        int[] ids = new int[nodes];
        List<Integer> order = new ArrayList<>();
        for (int node = 1; node < nodes; node++) {
            if (written[node] == node
                    && !dropped[node]
                    && input(node).types().kind(id(node)) != TypeShape.DATA_SECTION) {
                order.add(node);
                ids[node] = order.size();
            }
        }
        for (int node = 1; node < nodes; node++) {
            ids[node] = ids[written[node]];
        }
        List<List<Integer>> records = new ArrayList<>(order.size());
        for (int node : order) {
            LinkInput input = input(node);
            TypeRecords types = input.types();
            int id = id(node);
            List<Integer> words = new ArrayList<>(types.size(id));
            for (int i = 0; i < types.size(id); i++) {
                int word = types.word(id, i);
                words.add(types.shape(id).role(i) == TypeShape.Role.TYPE ? ids[node(input, word)] : word);
            }
            records.add(words);
        }
        return new MergedTypes(this, ids, records);
    }

    int node(LinkInput input, int id) {
        return id == 0 ? 0 : offsets[input.number()] + id;
    }

    /** Whether the type of an input is itself in the output, and not another one for it. */
    boolean stays(LinkInput input, int id) {
        return written[node(input, id)] == node(input, id);
    }
}
