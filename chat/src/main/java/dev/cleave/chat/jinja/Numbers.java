package dev.cleave.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's numbers: integers of at most 64 bits, and floats. */
final class Numbers {
    private static final int SHORTEST_DIGITS = 17;
    private static final int PLAIN_EXPONENT = 16;

    private Numbers() {}

    static double asDouble(Object number) {
        return number instanceof Boolean ? (Boolean) number ? 1 : 0 : ((Number) number).doubleValue();
    }

    static boolean isNan(Object number) {
        return number instanceof Double && ((Double) number).isNaN();
    }

    static int compare(Object left, Object right) {
        if (left instanceof Double || right instanceof Double) {
            double one = asDouble(left);
            double other = asDouble(right);
            return one < other ? -1 : one == other ? 0 : 1;
        }
        return Long.compare(Values.integer(left, "left"), Values.integer(right, "right"));
    }

    static Object arithmetic(String operator, Object left, Object right) {
        try {
            boolean whole = !(left instanceof Double || right instanceof Double);
            return whole && !operator.equals("/")
                    ? integers(operator, Values.integer(left, operator), Values.integer(right, operator))
                    : floats(operator, asDouble(left), asDouble(right));
        } catch (ArithmeticException e) {
            throw JinjaException.unsupported("an integer of more than 64 bits");
        }
    }

    private static Object integers(String operator, long left, long right) {
        switch (operator) {
            case "+":
                return Math.addExact(left, right);
            case "-":
                return Math.subtractExact(left, right);
            case "*":
                return Math.multiplyExact(left, right);
            case "//":
                return Math.floorDiv(left, divisor(right));
            case "%":
                return Math.floorMod(left, divisor(right));
            default:
                return power(left, right);
        }
    }

    private static Object power(long base, long exponent) {
        if (exponent < 0) {
            return Math.pow(base, exponent);
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
            if (result == 0 || result == 1) {
                return result;
            }
            if (base == -1) {
                return exponent % 2 == 0 ? 1L : -1L;
            }
        }
        return result;
    }

    private static Object floats(String operator, double left, double right) {
        switch (operator) {
            case "+":
                return left + right;
            case "-":
                return left - right;
            case "*":
                return left * right;
            case "/":
                return left / divisor(right);
            case "//":
                return Math.floor(left / divisor(right));
            case "%":
                double rest = left % divisor(right);
                return rest != 0 && rest < 0 != right < 0 ? rest + right : rest;
            default:
                return Math.pow(left, right);
        }
    }

    private static long divisor(long value) {
        if (value == 0) {
            throw JinjaException.failed("division by zero");
        }
        return value;
    }

    private static double divisor(double value) {
        if (value == 0) {
            throw JinjaException.failed("division by zero");
        }
        return value;
    }

    /** Rounds as Python's {@code round} does: to the even neighbour, on the exact value. */
    static double rounded(double value, int digits, RoundingMode mode) {
        return new BigDecimal(value).setScale(digits, mode).doubleValue();
    }

    /** Returns the shortest text that gives the same float, as {@code repr} writes it. */
    static String text(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        } else if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        } else if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Math.abs(value));
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= SHORTEST_DIGITS; digits++) {
            shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shortest.doubleValue() == Math.abs(value)) {
                break;
            }
        }
        shortest = shortest.stripTrailingZeros();
        String sign = value < 0 ? "-" : "";
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        if (exponent < -4 || exponent >= PLAIN_EXPONENT) {
            String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
            return sign + digits.charAt(0) + rest + "e" + (exponent < 0 ? "-" : "+")
                    + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        String plain = shortest.toPlainString();
        return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
    }
}
