package dev.cleave.model.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Says what is wrong with a JSON text and where, in words for whoever wrote the file and not for whoever wrote the parser. */
final class JsonFault {
    /** The parser's advice to programmers. */
    private static final Pattern ADVICE = Pattern.compile(
            ": enable `[^`]*` to allow| \\(not recognized as one since [^)]*\\)|, from `[^`]*`(?=\\))|\\[Source: [^;]*; ");

    private static final Pattern LOCATION = Pattern.compile("line: (\\d+), column: (\\d+)\\]");

    private static final int CHUNK = 8192;

    private JsonFault() {}

    /** Returns a fault at a place. */
    static ModelException at(String source, JsonLocation location, String problem) {
        return new ModelException(Reason.MALFORMED, source + ": " + place(location) + problem);
    }

    /** Returns what the parser found. */
    static ModelException of(String source, JsonProcessingException e) {
        String problem = String.valueOf(e.getOriginalMessage());
        problem = LOCATION.matcher(ADVICE.matcher(problem).replaceAll("")).replaceAll("line $1, column $2");
        return new ModelException(
                Reason.MALFORMED, source + ": " + place(e.getLocation()) + "not valid JSON: " + problem, e);
    }

    /** Refuses bytes of which the parser would silently make replacement characters. */
    static void refuseOtherThanUtf8(String source, byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(CHUNK);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        int line = 1;
        int column = 1;
        CoderResult result;
        do {
            result = decoder.decode(rest, text, true);
            for (int i = 0; i < text.position(); i++) {
                boolean next = text.get(i) == '\n';
                line += next ? 1 : 0;
                column = next ? 1 : column + 1;
            }
            ((Buffer) text).clear();
        } while (result.isOverflow());
        if (result.isError()) {
            throw new ModelException(
                    Reason.MALFORMED,
                    source + ": line " + line + ", column " + column + ", offset=" + rest.position()
                            + ": the bytes are no UTF-8. Save the file in UTF-8, or download it again");
        }
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
    }
}
