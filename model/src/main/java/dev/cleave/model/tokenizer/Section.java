package dev.cleave.model.tokenizer;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A component of tokenizer.json: its fields, and where it stands, so that a complaint can name the place. */
final class Section {
    private static final String FILE = "tokenizer.json";

    private final String path;
    private final JsonObject json;

    private Section(String path, JsonObject json) {
        this.path = path;
        this.json = json;
    }

    static Section parse(byte[] utf8) {
        return new Section("", Json.parsePublished(utf8, FILE));
    }

    /** Returns the name of the component: the field {@code type}. */
    String type() {
        return json.string("type");
    }

    boolean has(String name) {
        return json.has(name);
    }

    Section object(String name) {
        return new Section(at(name), json.object(name));
    }

    /** Returns the fields of an object within, in the file's order. */
    Map<String, Object> fields(String name) {
        return json.object(name).fields();
    }

    List<Object> list(String name) {
        return json.list(name);
    }

    List<Section> objects(String name) {
        List<Section> sections = new ArrayList<>();
        for (int i = json.list(name).size(); i > 0; i--) {
            int index = sections.size();
            sections.add(new Section(at(name) + "[" + index + "]", json.element(name, index)));
        }
        return sections;
    }

    String string(String name) {
        return json.string(name);
    }

    boolean flag(String name, boolean otherwise) {
        return json.bool(name, otherwise);
    }

    int count(String name) {
        return json.int32(name, 0, Integer.MAX_VALUE);
    }

    /** Returns an id that stands in a list or object within. */
    int id(String name, Object value) {
        if (value instanceof Long id && id >= 0 && id <= Integer.MAX_VALUE) {
            return id.intValue();
        }
        throw json.malformed(name, "a token id is expected, found " + value);
    }

    /** Returns the one code point of a field. */
    int character(String name) {
        String value = json.string(name);
        if (value.isEmpty() || value.codePointCount(0, value.length()) != 1) {
            throw json.malformed(name, "one character is expected, found \"" + value + "\"");
        }
        return value.codePointAt(0);
    }

    /** Returns {@code {"String": …}} or {@code {"Regex": …}} as a regular expression of java.util.regex. */
    String pattern(String name) {
        Section pattern = object(name);
        return pattern.has("String")
                ? RegexTranslator.literal(pattern.string("String"))
                : RegexTranslator.translate(pattern.string("Regex"), pattern.at("Regex"));
    }

    ModelException malformed(String name, String problem) {
        return json.malformed(name, problem);
    }

    ModelException unsupportedType(String supported) {
        return unsupported("type " + type(), "supported are " + supported);
    }

    ModelException unsupported(String what, String instead) {
        return new ModelException(
                Reason.UNSUPPORTED, FILE + ": field " + path + ": " + what + " is not supported; " + instead);
    }

    /** Refuses a field that is set to anything but null, the empty text or 0. */
    void refuse(String name) {
        Object value = json.fields().get(name);
        if (value != null && !value.equals("") && !(value instanceof Number number && number.doubleValue() == 0)) {
            throw unsupported(name + " = " + value, "it must be null");
        }
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
