package dev.turnout.stdlib.program;

import static dev.turnout.stdlib.helper.HelperFunction.SKB_ADJUST_ROOM;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_CHANGE_HEAD;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_CHANGE_PROTO;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_CHANGE_TAIL;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_CHANGE_TYPE;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_PULL_DATA;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_STORE_BYTES;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_VLAN_POP;
import static dev.turnout.stdlib.helper.HelperFunction.SKB_VLAN_PUSH;
import static dev.turnout.stdlib.helper.HelperFunction.XDP_ADJUST_HEAD;
import static dev.turnout.stdlib.helper.HelperFunction.XDP_ADJUST_META;
import static dev.turnout.stdlib.helper.HelperFunction.XDP_ADJUST_TAIL;

import dev.turnout.stdlib.helper.HelperFunction;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a program asks of its packet through its context, by the names in the language. Each is a helper that is given the context first and
 * says with 0 that it was done; what a method does not pass (flags) is 0.
 */
public enum ContextMethod {
    /** Moves the packet's start by so many bytes: back, to add some in front, if negative. */
    ADJUST_HEAD(ContextLayout.XDP_MD, XDP_ADJUST_HEAD, Argument.I32),
    /** Moves the packet's end. */
    ADJUST_TAIL(ContextLayout.XDP_MD, XDP_ADJUST_TAIL, Argument.I32),
    /** Moves the start of the bytes in front of the packet that travel with it. */
    ADJUST_META(ContextLayout.XDP_MD, XDP_ADJUST_META, Argument.I32),
    /** Makes the first bytes lie in one piece, so that they can be reached; 0 for all. */
    PULL(ContextLayout.SK_BUFF, SKB_PULL_DATA, Argument.U32),
    /** Writes bytes at an offset. */
    STORE(ContextLayout.SK_BUFF, SKB_STORE_BYTES, Argument.U32, Argument.BYTES),
    /** Sets the length. */
    CHANGE_TAIL(ContextLayout.SK_BUFF, SKB_CHANGE_TAIL, Argument.U32),
    /** Adds room in front. */
    CHANGE_HEAD(ContextLayout.SK_BUFF, SKB_CHANGE_HEAD, Argument.U32),
    /** Makes an IPv4 packet an IPv6 one, or the other way: changes the room that the header has. */
    CHANGE_PROTO(ContextLayout.SK_BUFF, SKB_CHANGE_PROTO, Argument.BE16),
    /** Says whom the packet is for: {@code PACKET_HOST} and its like. */
    CHANGE_TYPE(ContextLayout.SK_BUFF, SKB_CHANGE_TYPE, Argument.U32),
    /** Adds or removes bytes behind the header of a layer: how many, which layer. */
    ADJUST_ROOM(ContextLayout.SK_BUFF, SKB_ADJUST_ROOM, Argument.I32, Argument.U32),
    VLAN_PUSH(ContextLayout.SK_BUFF, SKB_VLAN_PUSH, Argument.BE16, Argument.U16),
    VLAN_POP(ContextLayout.SK_BUFF, SKB_VLAN_POP);

    /** What the language passes. */
    public enum Argument {
        I32,
        U16,
        U32,
        BE16,
        /** A reference; the helper is given the address and the size of what it refers to. */
        BYTES
    }

    private final ContextLayout context;
    private final HelperFunction helper;
    private final List<Argument> arguments;
    private final String word = name().toLowerCase(Locale.ROOT);

    ContextMethod(ContextLayout context, HelperFunction helper, Argument... arguments) {
        this.context = context;
        this.helper = helper;
        this.arguments = List.of(arguments);
    }

    public String word() {
        return word;
    }

    public ContextLayout context() {
        return context;
    }

    public HelperFunction helper() {
        return helper;
    }

    public List<Argument> arguments() {
        return arguments;
    }

    /** The method of a context. */
    public static Optional<ContextMethod> of(ContextLayout context, String word) {
        return Arrays.stream(values())
                .filter(one -> one.context == context && one.word.equals(word))
                .findFirst();
    }
}
