package dev.cleave.engine.onnx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands for the default model that it has not seen in training, with the right answers. */
record EvalPrompt(String prompt, String completion) {
    static List<EvalPrompt> first(int count) throws IOException {
        Path file = Path.of(System.getProperty("cleave.root"), "models", "hearth-5m", "eval", "commands-dev.jsonl");
        List<EvalPrompt> prompts = new ArrayList<>();
        for (String line : Files.readAllLines(file).subList(0, count)) {
            try (JsonParser json = new JsonFactory().createParser(line)) {
                json.nextToken();
                json.nextToken();
                String prompt = json.nextTextValue();
                json.nextToken();
                prompts.add(new EvalPrompt(prompt, json.nextTextValue()));
            }
        }
        return prompts;
    }

    /** Returns the text that the model was trained to continue. */
    String chat() {
        return "<|end|><|user|>" + prompt + "<|assistant|>";
    }
}
