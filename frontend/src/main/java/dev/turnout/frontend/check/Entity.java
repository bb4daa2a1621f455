package dev.turnout.frontend.check;

import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.stdlib.helper.HelperFunction;
import java.math.BigInteger;
import java.util.List;

/** What a top-level name turned out to be. */
sealed interface Entity {
    /** What it is, for messages: {@code a type}. */
    String kind();

    record TypeName(Type type) implements Entity {
        @Override
        public String kind() {
            return "a type";
        }
    }

    /**
     * A {@code const} without a type whose value is a number: takes the type at which it is used.
     *
     * @param complement whether it came from {@code ~}, so that a negative value may be read as unsigned
     */
    record ExactNumber(BigInteger value, boolean complement) implements Entity {
        @Override
        public String kind() {
            return "a constant";
        }
    }

    record Constant(Symbol.Named symbol) implements Entity {
        @Override
        public String kind() {
            return "a constant";
        }
    }

    record Config(Symbol.Config symbol) implements Entity {
        @Override
        public String kind() {
            return "a `config`";
        }
    }

    record Global(Symbol.Global symbol) implements Entity {
        @Override
        public String kind() {
            return "a variable";
        }
    }

    record MapName(Symbol.MapSymbol symbol) implements Entity {
        @Override
        public String kind() {
            return "a map";
        }
    }

    record KeyName(Symbol.Key symbol) implements Entity {
        @Override
        public String kind() {
            return "a key";
        }
    }

    record Function(Symbol.FunctionSymbol symbol) implements Entity {
        @Override
        public String kind() {
            return symbol.kind() instanceof Symbol.FunctionKind.Program ? "a program" : "a function";
        }
    }

    record Table(Symbol.Table symbol) implements Entity {
        @Override
        public String kind() {
            return "a table of functions";
        }
    }

    /** A helper that the program declares. */
    record Extern(String name, HelperFunction row, List<Type> parameters, Type result) implements Entity {
        public Extern {
            parameters = List.copyOf(parameters);
        }

        @Override
        public String kind() {
            return "a helper";
        }
    }

    /** A function of the kernel that is no helper, and that the program declares. */
    record KernelFunction(Symbol.KernelFunction symbol) implements Entity {
        @Override
        public String kind() {
            return "a function of the kernel";
        }
    }

    /** A function of the language itself, by its whole name: {@code min}, {@code atomic::add}. */
    record Intrinsic(String name) implements Entity {
        @Override
        public String kind() {
            return "a built-in function";
        }
    }

    /** Already reported. */
    record Invalid() implements Entity {
        static final Invalid INVALID = new Invalid();

        @Override
        public String kind() {
            return "invalid";
        }
    }
}
