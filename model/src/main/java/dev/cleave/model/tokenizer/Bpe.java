package dev.cleave.model.tokenizer;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Byte-pair encoding (Sennrich et al., 2016) of single words, with the options of tokenizer.json.
 *
 * <p>Words up to {@value #CACHED_LENGTH} characters are remembered in a table of fixed size; entries are immutable, so
 * threads may share it without locks.
 */
final class Bpe {
    private static final int CACHED_LENGTH = 64;
    private static final int CACHE_SLOTS = 1 << 13;

    private record CachedWord(String word, int[] ids) {}

    private final Vocabulary vocabulary;
    private final MergeTable merges;
    private final int[] results;
    private final int[] bytes;
    private final String unknownToken;
    private final int unknown;
    private final boolean fuseUnknown;
    private final boolean ignoreMerges;
    private final CachedWord[] cache = new CachedWord[CACHE_SLOTS];

    Bpe(Section model, Vocabulary vocabulary, List<AddedToken> added) {
        this.vocabulary = vocabulary;
        for (String field : new String[] {"dropout", "continuing_subword_prefix", "end_of_word_suffix"}) {
            model.refuse(field);
        }
        List<Object> list = model.list("merges");
        merges = new MergeTable(list.size());
        results = new int[list.size()];
        int rank = 0;
        for (Object merge : list) {
            // Merges that were lines of a file may bring its header.
            if (!(merge instanceof String line && line.startsWith("#version"))) {
                addMerge(model, rank++, merge);
            }
        }
        unknownToken = model.has("unk_token") ? model.string("unk_token") : null;
        unknown = unknown(vocabulary, added);
        fuseUnknown = model.flag("fuse_unk", false);
        ignoreMerges = model.flag("ignore_merges", false);
        bytes = model.flag("byte_fallback", false) ? byteTokens(vocabulary) : null;
    }

    /** Byte-level vocabularies never ask for it, so it may be missing; the reference also looks it up when it needs it. */
    private int unknown(Vocabulary vocabulary, List<AddedToken> added) {
        int id = unknownToken == null ? -1 : vocabulary.id(unknownToken);
        for (AddedToken token : added) {
            id = id < 0 && token.content().equals(unknownToken) ? token.id() : id;
        }
        return id;
    }

    private void addMerge(Section model, int rank, Object merge) {
        String path = "merges[" + rank + "]";
        String left = null;
        String right = null;
        if (merge instanceof String pair) {
            int blank = pair.indexOf(' ');
            if (blank >= 0 && blank == pair.lastIndexOf(' ')) {
                left = pair.substring(0, blank);
                right = pair.substring(blank + 1);
            }
        } else if (merge instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof String first
                && pair.get(1) instanceof String second) {
            left = first;
            right = second;
        }
        if (left == null) {
            throw model.malformed(path, "two tokens are expected, found " + merge);
        }
        results[rank] = id(model, left + right, path);
        merges.put(id(model, left, path), id(model, right, path), rank);
    }

    private int id(Section model, String token, String path) {
        int id = vocabulary.id(token);
        if (id < 0) {
            throw model.malformed(path, "\"" + token + "\" is not in the vocabulary");
        }
        return id;
    }

    private static int[] byteTokens(Vocabulary vocabulary) {
        int[] ids = new int[256];
        for (int b = 0; b < 256; b++) {
            ids[b] = vocabulary.id(String.format("<0x%02X>", b));
        }
        return ids;
    }

    /** Returns the state of one call of encode. */
    Run run() {
        return new Run();
    }

    /** Encodes words one after another; for one thread. */
    final class Run {
        private final WordMerger merger = new WordMerger(merges, results);

        /** Appends the ids of a word. */
        void encode(String word, IntList ids) {
            int slot = word.hashCode();
            slot = (slot ^ slot >>> 15) & CACHE_SLOTS - 1;
            CachedWord cached = cache[slot];
            if (cached != null && cached.word.equals(word)) {
                ids.addAll(cached.ids);
                return;
            }
            int start = ids.size();
            int whole = ignoreMerges ? vocabulary.id(word) : -1;
            if (whole >= 0) {
                ids.add(whole);
            } else {
                symbols(word);
                merger.finish(ids);
            }
            if (word.length() <= CACHED_LENGTH) {
                cache[slot] = new CachedWord(word, ids.from(start));
            }
        }

        private void symbols(String word) {
            boolean unknownWaits = false;
            for (int i = 0, c; i < word.length(); i += Character.charCount(c)) {
                c = word.codePointAt(i);
                int id = vocabulary.id(c);
                if (id >= 0) {
                    if (unknownWaits) {
                        merger.add(unknown);
                    }
                    unknownWaits = false;
                    merger.add(id);
                } else if (!addBytes(c) && unknownToken != null) {
                    if (unknown < 0) {
                        throw new ModelException(
                                Reason.UNSUPPORTED,
                                String.format(
                                        "tokenizer.json: no token stands for the character U+%04X, and model.unk_token"
                                                + " \"%s\" is no token",
                                        c, unknownToken));
                    }
                    // An unknown that waits stays behind the bytes of a character that follows it: as in the reference.
                    if (unknownWaits && !fuseUnknown) {
                        merger.add(unknown);
                    }
                    unknownWaits = true;
                }
            }
            if (unknownWaits) {
                merger.add(unknown);
            }
        }

        private boolean addBytes(int c) {
            if (bytes == null) {
                return false;
            }
            byte[] utf8 = new String(Character.toChars(c)).getBytes(StandardCharsets.UTF_8);
            for (byte b : utf8) {
                if (bytes[b & 0xff] < 0) {
                    return false;
                }
            }
            for (byte b : utf8) {
                merger.add(bytes[b & 0xff]);
            }
            return true;
        }
    }
}
