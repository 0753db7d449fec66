package dev.cleave.model.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The field {@code decoder} of tokenizer.json: a recipe for chains of stages, one chain for each text. */
final class Decoding {
    private final List<UnaryOperator<TokenSink>> stages = new ArrayList<>();

    /** Reads the field; null joins tokens by blanks, as the reference does. */
    static Decoding in(Section root) {
        Decoding decoding = new Decoding();
        if (root.has("decoder")) {
            decoding.add(root.object("decoder"));
        } else {
            decoding.stages.add(DecodeStages.Join::new);
        }
        return decoding;
    }

    /** Returns the first stage of a new chain that ends in a sink. */
    TokenSink chain(TokenSink end) {
        TokenSink first = end;
        for (int i = stages.size() - 1; i >= 0; i--) {
            first = stages.get(i).apply(first);
        }
        return first;
    }

    private void add(Section section) {
        switch (section.type()) {
            case "Sequence":
                for (Section stage : section.objects("decoders")) {
                    add(stage);
                }
                break;
            case "ByteLevel":
                stages.add(ByteStages.Level::new);
                break;
            case "ByteFallback":
                stages.add(ByteStages.Fallback::new);
                break;
            case "Fuse":
                stages.add(DecodeStages.Fuse::new);
                break;
            case "Strip":
                int content = section.character("content");
                int start = section.count("start");
                int stop = section.count("stop");
                stages.add(next -> new DecodeStages.Strip(next, content, start, stop));
                break;
            case "Replace":
                Pattern pattern = Pattern.compile(section.pattern("pattern"));
                String replacement = Matcher.quoteReplacement(section.string("content"));
                stages.add(next -> new DecodeStages.Replace(next, pattern, replacement));
                break;
            case "Metaspace":
                Metaspace metaspace = Metaspace.of(section);
                stages.add(next -> new DecodeStages.Blanks(next, metaspace));
                break;
            default:
                throw section.unsupportedType("Sequence, ByteLevel, ByteFallback, Fuse, Strip, Replace and Metaspace");
        }
    }
}
