package dev.cleave.model.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Says what is wrong with a JSON text and where, in words for whoever wrote the file and not for whoever wrote the parser. */
final class JsonFault {
    /** The parser's advice to programmers. */
    private static final Pattern ADVICE = Pattern.compile(
            ": enable `[^`]*` to allow| \\(not recognized as one since [^)]*\\)|, from `[^`]*`(?=\\))|\\[Source: [^;]*; ");

    private static final Pattern LOCATION = Pattern.compile("line: (\\d+), column: (\\d+)\\]");

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

    /** Returns what is wrong with the bytes, of which the parser could make no characters. */
    static ModelException of(String source, byte[] bytes, IOException e) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(rest, text, true);
        if (!result.isError()) {
            return new ModelException(Reason.MALFORMED, source + ": not valid JSON: " + e.getMessage(), e);
        }
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.position(); i++) {
            boolean next = text.get(i) == '\n';
            line += next ? 1 : 0;
            column = next ? 1 : column + 1;
        }
        return new ModelException(
                Reason.MALFORMED,
                source + ": line " + line + ", column " + column + ", offset=" + rest.position()
                        + ": the bytes are no UTF-8. Save the file in UTF-8, or download it again",
                e);
    }

    private static String place(JsonLocation location) {
        return location == null ? "" : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
    }
}
