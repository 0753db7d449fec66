package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;

/**
 * What a codec level costs on one machine, in ms a token.
 *
 * @param link its name
 * @param encode of a single token
 * @param decode of a single token
 * @param encodePrompt of a token within a full chunk
 * @param decodePrompt of a token within a full chunk
 */
public record CodecCost(String link, double encode, double decode, double encodePrompt, double decodePrompt) {
    private static final double MOST = 1e4;

    /** Checks the ranges. */
    public CodecCost {
        if (link.isEmpty()) {
            throw new ProfileException("codec.link", "empty", "the name of a codec level");
        }
        Checks.within("encode", encode, 0, MOST);
        Checks.within("decode", decode, 0, MOST);
        Checks.within("encodePrompt", encodePrompt, 0, MOST);
        Checks.within("decodePrompt", decodePrompt, 0, MOST);
    }
}
