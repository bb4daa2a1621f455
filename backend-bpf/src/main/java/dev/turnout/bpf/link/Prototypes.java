package dev.turnout.bpf.link;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.object.ObjectTypes;
import dev.turnout.bpf.program.Prototype;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an object's types say of its functions, with the annotations of their parameters. */
final class Prototypes {
    private final ObjectTypes types;
    /** By the id of the FUNC that they annotate. */
    private final Map<Integer, List<BtfType.DeclarationTag>> tags = new HashMap<>();

    Prototypes(ObjectTypes types) {
        this.types = types;
        for (BtfType type : types.all().types()) {
            if (type instanceof BtfType.DeclarationTag tag) {
                tags.computeIfAbsent(tag.to(), _ -> new ArrayList<>()).add(tag);
            }
        }
    }

    Prototype of(String function) {
        Btf btf = types.all();
        int id = types.functions().getOrDefault(function, 0);
        if (btf.find(id).orElse(null) instanceof BtfType.Function declared
                && btf.find(declared.prototype()).orElse(null) instanceof BtfType.Prototype prototype) {
            List<Prototype.Parameter> parameters = new ArrayList<>();
            for (BtfType.Parameter parameter : prototype.parameters()) {
                parameters.add(
                        new Prototype.Parameter(parameter.name(), parameter.type(), tagged(id, parameters.size())));
            }
            return new Prototype(true, prototype.result(), parameters, tagged(id, -1));
        }
        return Prototype.UNKNOWN;
    }

    private List<String> tagged(int id, int component) {
        return tags.getOrDefault(id, List.of()).stream()
                .filter(tag -> tag.component() == component)
                .map(BtfType.DeclarationTag::name)
                .toList();
    }
}
