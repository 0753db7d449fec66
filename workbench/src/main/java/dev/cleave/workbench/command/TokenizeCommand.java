package dev.cleave.workbench.command;

import dev.cleave.chat.ModelTemplate;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.Models;
import dev.cleave.model.ModelException;
import dev.cleave.model.TextPart;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.model.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a model is told: the rendered prompt and its token ids. */
@Command(
        name = "tokenize",
        description = "Print the text and the token ids that a model is told, as one JSON object.",
        sortOptions = false)
public final class TokenizeCommand implements Callable<Integer> {
    private static final long MAX_BYTES = 16L << 20;
    private static final String DATE = "strftime_now";

    private final Context context;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A prepared model: its name, or its folder.")
    private String model;

    @Parameters(index = "1", paramLabel = "TEXT", arity = "0..1", description = "Tokenized as it is.")
    private String text;

    @Option(
            names = "--messages",
            paramLabel = "FILE",
            description =
                    "A conversation to render: {\"messages\": [{\"role\", \"content\"}], \"add_generation_prompt\": true}.")
    private Path messages;

    @Option(
            names = "--template-var",
            paramLabel = "NAME=VALUE",
            description =
                    "A variable of the chat template; the value is JSON, or else text. strftime_now=DATE sets the date.")
    private List<String> variables = new ArrayList<>();

    /** Creates the command. */
    public TokenizeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if ((text == null) == (messages == null)) {
            throw new CliException(
                    ExitCode.USAGE,
                    text == null
                            ? "there is nothing to tokenize; give a text, or a conversation by --messages FILE"
                            : "a text and --messages " + messages + " are given; only one of them can be tokenized");
        } else if (text != null && !variables.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE, "--template-var needs --messages FILE: a text is tokenized as it is");
        }
        Bundle bundle = Models.open(context.home(), model);
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        if (messages == null) {
            print(text, tokenizer.encode(text, true), "raw");
        } else {
            conversation(bundle, tokenizer);
        }
        return ExitCode.OK.number();
    }

    private void conversation(Bundle bundle, Tokenizer tokenizer) {
        Map<String, Object> given = variables();
        JsonObject file = Json.readObject(messages, MAX_BYTES);
        file.only(Arrays.asList("messages", "add_generation_prompt", "tools"));
        List<Object> list = checked(file);
        Object date = given.remove(DATE);
        Supplier<LocalDateTime> clock = date == null ? LocalDateTime::now : () -> (LocalDateTime) date;
        Optional<ModelTemplate> template = ModelTemplate.of(bundle, clock);
        if (file.has("tools")) {
            given.put("tools", file.list("tools"));
        }
        if (template.isEmpty()) {
            raw(bundle, tokenizer, file, given);
            return;
        }
        ModelTemplate.Rendering rendering =
                template.get().render(list, file.bool("add_generation_prompt", false), given);
        StringBuilder rendered = new StringBuilder();
        for (TextPart part : rendering.parts()) {
            rendered.append(part.text());
        }
        print(
                rendered.toString(),
                tokenizer.encode(rendering.parts(), false),
                rendering.byMarkers() ? "markers" : "template");
    }

    private static List<Object> checked(JsonObject file) {
        List<Object> list = file.list("messages");
        for (int i = 0; i < list.size(); i++) {
            JsonObject message = file.element("messages", i);
            message.string("role");
            if (!message.fields().containsKey("content") && !message.has("tool_calls")) {
                throw message.unexpected("content", "a text, a list of parts or null");
            }
        }
        return list;
    }

    private void raw(Bundle bundle, Tokenizer tokenizer, JsonObject file, Map<String, Object> given) {
        if (!given.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE,
                    bundle.name() + " has no chat template that could take " + String.join(", ", given.keySet()));
        }
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < file.list("messages").size(); i++) {
            all.append(file.element("messages", i).string("content"));
        }
        context.err().println("cleave: " + bundle.name() + " has no chat template: messages are taken as they are");
        print(all.toString(), tokenizer.encode(all.toString(), true), "raw");
    }

    private Map<String, Object> variables() {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String each : variables) {
            int equals = each.indexOf('=');
            if (equals < 1 || !each.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new CliException(ExitCode.USAGE, "--template-var " + each + ": NAME=VALUE is expected");
            }
            String name = each.substring(0, equals);
            String value = each.substring(equals + 1);
            if (Arrays.asList("messages", "add_generation_prompt", "tools").contains(name)) {
                throw new CliException(ExitCode.USAGE, "--template-var " + name + ": the file of --messages says that");
            }
            all.put(name, name.equals(DATE) ? date(value) : value(value));
        }
        return all;
    }

    private static LocalDateTime date(String value) {
        try {
            return value.contains("T")
                    ? LocalDateTime.parse(value)
                    : LocalDate.parse(value).atStartOfDay();
        } catch (DateTimeParseException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--template-var " + DATE + "=" + value
                            + ": a date such as 2024-07-26 or 2024-07-26T09:30:00 is expected");
        }
    }

    private static Object value(String value) {
        try {
            return Json.parse(value.getBytes(StandardCharsets.UTF_8), "--template-var");
        } catch (ModelException noJson) {
            return value;
        }
    }

    private void print(String rendered, int[] ids, String how) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", rendered);
        List<Object> list = new ArrayList<>();
        for (int id : ids) {
            list.add((long) id);
        }
        object.put("ids", list);
        object.put("rendered", how);
        context.out().print(new String(JsonWriter.pretty(object), StandardCharsets.UTF_8));
    }
}
