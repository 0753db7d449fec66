package dev.cleave.model.tokenizer;

import static dev.cleave.model.tokenizer.Shape.BYTE_LEVEL;
import static dev.cleave.model.tokenizer.Shape.LLAMA_3_WORDS;
import static dev.cleave.model.tokenizer.Shape.split;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each component, in each setting, does what that of the Hugging Face library does. */
class ComponentParityTest {
    private static void check(Shape shape, int everyNth) {
        byte[] json = shape.json();
        try (Parity parity = new Parity(json)) {
            for (String text : Texts.some(TokenizerParityTest.addedTokens(json), everyNth)) {
                parity.assertDecodes(parity.assertEncodes(text, true));
            }
            parity.assertDecodesAnything(200);
        }
    }

    private static String sequence(String field, String... parts) {
        return "{'type':'Sequence','" + field + "':[" + String.join(",", parts) + "]}";
    }

    @Test
    void llama3() {
        check(
                Shape.bytes()
                        .with(
                                "pre_tokenizer",
                                sequence("pretokenizers", split("Regex", LLAMA_3_WORDS, "Isolated", false), BYTE_LEVEL))
                        .words("\u0120kitchenlight", "Don", "\u010a\u010a\u010a", "zz")
                        .model("ignore_merges", true)
                        .added("<|begin_of_text|>", "'special':true")
                        .added("<|start_header_id|>", "'special':true")
                        .with(
                                "post_processor",
                                sequence(
                                        "processors",
                                        BYTE_LEVEL,
                                        "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<|begin_of_text|>','type_id':0}},{'Sequence':{'id':'A','type_id':0}}],'pair':[{'Sequence':{'id':'A','type_id':0}},{'Sequence':{'id':'B','type_id':1}}],'special_tokens':{'<|begin_of_text|>':{'id':'<|begin_of_text|>','ids':[2052],'tokens':['<|begin_of_text|>']}}}")),
                3);
    }

    @Test
    void qwen2() {
        check(
                Shape.bytes()
                        .with("normalizer", "{'type':'NFC'}")
                        .with(
                                "pre_tokenizer",
                                sequence(
                                        "pretokenizers",
                                        split("Regex", LLAMA_3_WORDS.replace("{1,3}", ""), "Isolated", false),
                                        BYTE_LEVEL))
                        .added("<|im_start|>", "'special':true")
                        .added("<|im_end|>", "'special':true")
                        .added("<tool_call>", "'special':false"),
                3);
    }

    @ParameterizedTest
    @CsvSource({"always, true", "always, false", "first, true", "first, false", "never, true", "never, false"})
    void metaspace(String scheme, boolean cut) {
        String metaspace =
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'" + scheme + "','split':" + cut + "}";
        check(Shape.characters(256).with("pre_tokenizer", metaspace), 20);
        check(Shape.characters(256).with("pre_tokenizer", metaspace).with("decoder", metaspace), 40);
    }

    @Test
    void metaspaceOfOlderFiles() {
        check(
                Shape.characters(256)
                        .with("pre_tokenizer", "{'type':'Metaspace','replacement':'▁','add_prefix_space':true}"),
                40);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "128, true", "128, false", "256, true"})
    void unknownCharacters(int byteTokens, boolean fuse) {
        check(
                Shape.characters(byteTokens)
                        .model("fuse_unk", fuse)
                        .with("normalizer", "{'type':'Prepend','prepend':'▁'}"),
                15);
        check(Shape.characters(byteTokens).model("fuse_unk", fuse).model("unk_token", null), 40);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Isolated", "Removed", "Contiguous", "MergedWithPrevious", "MergedWithNext"})
    void splits(String behavior) {
        for (boolean invert : new boolean[] {false, true}) {
            for (String cut : new String[] {
                split("Regex", "\\\\s", behavior, invert),
                split("Regex", "\\\\p{L}+|\\\\d", behavior, invert),
                split("String", "a", behavior, invert),
                split("String", ". ", behavior, invert)
            }) {
                check(Shape.bytes().with("pre_tokenizer", sequence("pretokenizers", cut, BYTE_LEVEL)), 60);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?[\\\\p{Lu}\\\\p{Lt}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]*[\\\\p{Ll}\\\\p{Lm}\\\\p{Lo}\\\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n/]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+",
                "[!#$%&()*+,\\\\-./:;<=>?@\\\\[\\\\\\\\\\\\]^_`{|}~][A-Za-z]+|[^\\\\r\\\\n\\\\p{L}\\\\p{P}\\\\p{S}]?[\\\\p{L}\\\\p{M}]+| ?[\\\\p{P}\\\\p{S}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+",
                "[^\\\\s]+|\\\\S\\\\s",
                "(?<=[a-z])\\\\P{L}{2,}",
                "(?:a|b.)c?|[-x]\\\\t|(?>e|er)r",
                "(?i:kITchen|s+)|(\\\\p{Zs})",
                "[^\\\\S\\\\r\\\\n]+|\\\\p{Han}+|[\\\\p{Hiragana}\\\\p{Katakana}]+|\\\\s?\\\\p{P}+"
            })
    void expressions(String expression) {
        String cut = split("Regex", expression, "Isolated", false);
        check(Shape.bytes().with("pre_tokenizer", sequence("pretokenizers", cut, BYTE_LEVEL)), 8);
    }

    /** Expressions of published tokenizers, and shorthands whose meaning differs from one engine to another. */
    @ParameterizedTest
    @MethodSource("shorthands")
    void expressionsAsOnigurumaReadsThem(String expression) {
        String cut = split("Regex", expression.replace("\\", "\\\\"), "Isolated", false);
        check(Shape.bytes().with("pre_tokenizer", sequence("pretokenizers", cut, BYTE_LEVEL)), 30);
    }

    static List<String> shorthands() {
        return List.of(
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*"
                        + "|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+"
                        + "|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
                "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+|\\s+$",
                "\\w+",
                "\\W",
                "\\d|\\h\\H",
                "\\D+",
                "\\b\\w",
                "\\B.",
                "[^\\W\\d_]+|[\\W\\d]",
                "[\\S\\n]+",
                "[^\\P{L}a-c]",
                "\\p{^L}+|\\P{^Ll}",
                "\\p{Letter}\\p{Space}|\\p{Punctuation}|\\p{Latin}",
                "^.|.$",
                "^\\s*",
                "\\A.|.\\z",
                "(?:a(?i)B|c)D|(?i:q(?-i)r)|(?i)t|u",
                "\\u0061|\\x{1f600}|\\x62",
                "(?i:[a-e0-9]|[i-t]{2})",
                "ab{2}?|o{1,2}?|(?:en){0,2}+",
                "(?<=\\p{L})\\p{N}|(?<!\\w)\\p{L}",
                "[-a]|[b-]|[\\w']",
                "x*| |(?=\\d)");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void digits(boolean individual) {
        check(
                Shape.bytes()
                        .with(
                                "pre_tokenizer",
                                sequence(
                                        "pretokenizers",
                                        "{'type':'Digits','individual_digits':" + individual + "}",
                                        BYTE_LEVEL)),
                10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'Punctuation'}",
                "{'type':'Punctuation','behavior':'Isolated'}",
                "{'type':'Punctuation','behavior':'Removed'}",
                "{'type':'Punctuation','behavior':'Contiguous'}",
                "{'type':'Punctuation','behavior':'MergedWithPrevious'}",
                "{'type':'Punctuation','behavior':'MergedWithNext'}",
                "{'type':'Whitespace'}",
                "{'type':'WhitespaceSplit'}",
                "{'type':'BertPreTokenizer'}",
                "{'type':'CharDelimiterSplit','delimiter':'e'}"
            })
    void kindsOfCharacters(String preTokenizer) {
        check(Shape.bytes().with("pre_tokenizer", sequence("pretokenizers", preTokenizer, BYTE_LEVEL)), 20);
    }

    @Test
    void sequencesWithinSequencesAndBehindByteLevel() {
        check(
                Shape.bytes()
                        .with(
                                "pre_tokenizer",
                                sequence(
                                        "pretokenizers",
                                        sequence("pretokenizers", "{'type':'Punctuation','behavior':'Contiguous'}"),
                                        sequence(
                                                "pretokenizers",
                                                "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
                                                "{'type':'Digits','individual_digits':false}"),
                                        split("Regex", "[0-9][0-9][0-9]", "Isolated", false))),
                10);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void byteLevel(boolean prefixSpace, boolean words) {
        check(
                Shape.bytes()
                        .with(
                                "pre_tokenizer",
                                "{'type':'ByteLevel','trim_offsets':true,'add_prefix_space':" + prefixSpace
                                        + ",'use_regex':" + words + "}"),
                10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'NFC'}",
                "{'type':'NFD'}",
                "{'type':'NFKC'}",
                "{'type':'NFKD'}",
                "{'type':'Lowercase'}",
                "{'type':'Strip','strip_left':true,'strip_right':false}",
                "{'type':'Strip','strip_left':true,'strip_right':true}",
                "{'type':'Prepend','prepend':'ab '}",
                "{'type':'Replace','pattern':{'String':'$1.'},'content':'\\\\$0'}",
                "{'type':'Replace','pattern':{'Regex':'[\\\\s]+'},'content':' '}",
                "{'type':'Sequence','normalizers':[{'type':'Lowercase'},{'type':'NFD'},{'type':'Replace','pattern':{'Regex':'\\\\p{M}'},'content':''}]}"
            })
    void normalizers(String normalizer) {
        check(Shape.bytes().with("normalizer", normalizer), 6);
    }

    @Test
    void bytesAsNormalization() {
        check(
                Shape.bytes()
                        .with("normalizer", "{'type':'ByteLevel'}")
                        .with("pre_tokenizer", split("Regex", "\\\\w+", "Isolated", false))
                        .added("<|end|>", "'special':true"),
                10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bert", "Roberta"})
    void tokensAtTheEnds(String kind) {
        String more = kind.equals("Bert") ? "" : ",'trim_offsets':true,'add_prefix_space':false";
        check(
                Shape.bytes()
                        .added("<s>", "'special':true")
                        .added("</s>", "'special':true")
                        .with(
                                "post_processor",
                                "{'type':'" + kind + "Processing','sep':['</s>',2049],'cls':['<s>',2048]" + more + "}"),
                60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NFC", "NFKD"})
    void normalFormsOfEveryCharacterAmongMarks(String form) {
        List<String> marked = new ArrayList<>();
        for (String all : Texts.everyCharacter()) {
            all.codePoints().forEach(c -> {
                if (!Character.isIdeographic(c) && !(c >= 0xac00 && c < 0xd7a4)) {
                    String s = Character.toString(c);
                    StringBuilder text = new StringBuilder();
                    for (String mark : new String[] {"\u0334", "\u0301", "\u0323", "\u0345", "\u3099", "\u093c"}) {
                        text.append('x')
                                .append(s)
                                .append(mark)
                                .append('x')
                                .append(mark)
                                .append(s);
                    }
                    marked.add(text.append("xa").append(s).toString());
                }
            });
        }
        marked.add("\ud806\udd35\ud806\udd30\u0301");
        try (Parity parity = new Parity(
                Shape.bytes().with("normalizer", "{'type':'" + form + "'}").json())) {
            for (int i = 0; i < marked.size(); i += 16) {
                parity.assertEncodes(String.join("", marked.subList(i, Math.min(marked.size(), i + 16))), false);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, false",
        "true, false, false",
        "false, true, false",
        "false, false, true",
        "true, true, true"
    })
    void addedTokens(boolean singleWord, boolean lstrip, boolean rstrip) {
        String flags = "'single_word':" + singleWord + ",'lstrip':" + lstrip + ",'rstrip':" + rstrip;
        for (String normalizer : new String[] {
            "{'type':'Lowercase'}",
            "{'type':'Prepend','prepend':' '}",
            "{'type':'Replace','pattern':{'String':' '},'content':'▁'}"
        }) {
            check(
                    Shape.bytes()
                            .with("normalizer", normalizer)
                            .added("<|end|>", flags + ",'special':true")
                            .added("<|end|>x", flags + ",'special':true")
                            .added("Kitchen", flags + ",'normalized':true")
                            .added("KITCHEN Sink", flags + ",'normalized':true")
                            .added("ab", flags)
                            .added("abc", flags)
                            .added("bcd", flags)
                            .added("  ", flags + ",'normalized':true")
                            .added("<mask>", flags + ",'normalized':true,'special':true"),
                    20);
        }
    }

    /** Whatever ids the file states: the library counts on from the vocabulary, in the file's order. */
    @Test
    void addedTokensOutOfOrderAndTwice() {
        check(
                Shape.bytes()
                        .added("<c>", "'id':2051,'special':true")
                        .added("<b>", "'id':2049,'special':true")
                        .added("<gap>", "'id':3000")
                        .added("<b>", "'id':2049,'lstrip':true,'special':true")
                        .added("the", "'id':7")
                        .added("<gap>", "'id':2048,'special':true")
                        .added("<last>", "'id':2050,'rstrip':true"),
                20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{'type':'Fuse'}",
                "{'type':'ByteFallback'}",
                "{'type':'Metaspace','replacement':'▁','prepend_scheme':'never'}",
                "{'type':'Sequence','decoders':[{'type':'Fuse'},{'type':'Replace','pattern':{'String':'▁t'},'content':'_$'},{'type':'Strip','content':'_','start':2,'stop':0}]}",
                "{'type':'Strip','content':'e','start':0,'stop':1}",
                "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'Regex':'[a-m]'},'content':''},{'type':'ByteFallback'},{'type':'Strip','content':'▁','start':1,'stop':0},{'type':'Fuse'}]}"
            })
    void decoders(String decoder) {
        check(Shape.characters(256).with("decoder", decoder), 25);
    }
}
