package dev.turnout.cli.startup;

import org.jspecify.annotations.Nullable;

/** What the test lowers: switches with guards, null, a list of types, and labels that are no types. */
public final class Shapes {
    private Shapes() {}

    sealed interface Shape {}

    record Square(int side) implements Shape {}

    record Circle(int radius) implements Shape {}

    enum Colour {
        RED,
        BLUE
    }

    /** Says something different for each case. */
    public static String describe() {
        StringBuilder all = new StringBuilder();
        for (Object one : new Object[] {new Square(1), new Square(9), new Circle(3), Colour.BLUE, "text", 4L}) {
            all.append(word(one)).append(' ');
        }
        return all.append(word(null)).append(' ').append(paint(Colour.RED)).toString();
    }

    private static String word(@Nullable Object value) {
        return switch (value) {
            case null -> "nothing";
            case Square square when square.side() > 5 -> "large";
            case Square _ -> "square";
            case Circle(int radius) when radius == 4 -> "four";
            case Circle _, Colour _ -> "round";
            case String text -> text;
            default -> "other";
        };
    }

    private static String paint(Object value) {
        return switch (value) {
            case Colour.RED -> "red";
            default -> "none";
        };
    }
}
