package dev.cleave.quality.evaluation;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.quality.evaluation.ChoiceItem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Questions with answers to weigh: a JSON object on each line, all of one kind, which their fields tell. */
public final class ChoiceFile {
    private final Path path;
    private final List<ChoiceItem> items;

    private ChoiceFile(Path path, List<ChoiceItem> items) {
        this.path = path;
        this.items = items;
    }

    /**
     * Reads a file.
     *
     * @param limit reads at most so many items
     * @throws ModelException with {@code MALFORMED} for a line that is no item, naming it, or where there is none
     * @throws EvaluationException for a file that cannot be read
     */
    public static ChoiceFile read(Path file, int limit) {
        List<ChoiceItem> items = new ArrayList<>();
        int number = 0;
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                number++;
                if (!line.isBlank() && items.size() < limit) {
                    String source = file + ", line " + number;
                    ChoiceItem item = item(Json.parseObject(line.getBytes(StandardCharsets.UTF_8), source));
                    if (!items.isEmpty() && items.get(0).kind() != item.kind()) {
                        throw malformed(source + ": is of another kind than the lines before it");
                    }
                    items.add(item);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new EvaluationException(file + " cannot be read: " + e);
        }
        if (items.isEmpty()) {
            throw malformed(file + ", line " + (number + 1) + ": the file ends without an item");
        }
        return new ChoiceFile(file, items);
    }

    /** Returns the file's path, as it was given. */
    public String name() {
        return path.toString();
    }

    /** Returns the last name of its path. */
    public String shortName() {
        return path.getFileName().toString();
    }

    /** Returns the number of items. */
    public int size() {
        return items.size();
    }

    List<ChoiceItem> items() {
        return items;
    }

    private static ChoiceItem item(JsonObject line) {
        if (line.has("context_options")) {
            List<String> contexts = new ArrayList<>();
            texts(line, "context_options").forEach(each -> contexts.add(context(each)));
            String text = text(line, "continuation", line.string("continuation"));
            List<String> continuations = new ArrayList<>();
            contexts.forEach(context -> continuations.add(behind(context, text)));
            return new ChoiceItem(line.source(), Kind.CONTEXTS, contexts, continuations, gold(line, contexts));
        }
        if (line.has("choices")) {
            String context = context(line.string("query"));
            List<String> continuations = new ArrayList<>();
            texts(line, "choices").forEach(each -> continuations.add(behind(context, each)));
            List<String> contexts = Collections.nCopies(continuations.size(), context);
            return new ChoiceItem(line.source(), Kind.CHOICES, contexts, continuations, gold(line, continuations));
        }
        if (line.has("context")) {
            String context = context(line.string("context"));
            String text = text(line, "continuation", line.string("continuation"));
            return new ChoiceItem(
                    line.source(), Kind.CONTINUATION, List.of(context), List.of(behind(context, text)), 0);
        }
        throw malformed(line.source() + ": is no item: {context, continuation}, {query, choices, gold} or"
                + " {context_options, continuation, gold} are expected, found the fields "
                + line.fields().keySet());
    }

    private static int gold(JsonObject line, List<String> answers) {
        return line.int32("gold", 0, answers.size() - 1);
    }

    private static List<String> texts(JsonObject line, String name) {
        List<String> texts = new ArrayList<>();
        for (Object each : line.list(name)) {
            texts.add(text(line, name + "[" + texts.size() + "]", each));
        }
        if (texts.size() < 2) {
            throw line.malformed(name, "at least 2 are expected, found " + texts.size());
        }
        return texts;
    }

    private static String text(JsonObject line, String name, Object value) {
        if (!(value instanceof String text)) {
            throw line.malformed(name, "a text is expected, found " + value);
        }
        if (text.isBlank()) {
            throw line.malformed(name, "a text with a character is expected, found none");
        }
        return text;
    }

    /** White space at the end is dropped; what asks a question goes on to its answer. */
    private static String context(String text) {
        String stripped = text.stripTrailing();
        boolean question = stripped.startsWith("Question:") || stripped.contains("\nQuestion:");
        return question && !stripped.endsWith("\nAnswer:") ? stripped + "\nAnswer:" : stripped;
    }

    private static String behind(String context, String text) {
        return (context.isEmpty() ? "" : " ") + text.strip();
    }

    private static ModelException malformed(String message) {
        return new ModelException(ModelException.Reason.MALFORMED, message);
    }
}
