package dev.cleave.model;

/** The rotary position embedding: half-split, as in Hugging Face checkpoints. */
public sealed interface Rope {
    /** Returns the base θ of the frequencies. */
    double theta();

    /**
     * Returns the angular frequencies, one for each pair of a head, [headSize / 2], radians for each position.
     *
     * @param headSize width of one head, even
     */
    double[] frequencies(int headSize);

    /** Frequencies θ^(-2i/headSize), unscaled. */
    record Plain(double theta) implements Rope {
        @Override
        public double[] frequencies(int headSize) {
            double[] frequencies = new double[headSize / 2];
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = Math.pow(theta, -2.0 * i / headSize);
            }
            return frequencies;
        }
    }

    /**
     * The scaling of Llama 3.1: long wavelengths are stretched by {@code factor}, short ones stay, those between are
     * interpolated. Source: the published Llama 3.1 configuration, field {@code rope_scaling} of type {@code llama3}.
     */
    record Llama3(
            double theta, double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements Rope {
        @Override
        public double[] frequencies(int headSize) {
            double[] frequencies = new Plain(theta).frequencies(headSize);
            double lowWavelength = originalContext / lowFrequencyFactor;
            double highWavelength = originalContext / highFrequencyFactor;
            for (int i = 0; i < frequencies.length; i++) {
                double wavelength = 2 * Math.PI / frequencies[i];
                if (wavelength > lowWavelength) {
                    frequencies[i] /= factor;
                } else if (wavelength > highWavelength) {
                    double smooth = (originalContext / wavelength - lowFrequencyFactor)
                            / (highFrequencyFactor - lowFrequencyFactor);
                    frequencies[i] = (1 - smooth) * frequencies[i] / factor + smooth * frequencies[i];
                }
            }
            return frequencies;
        }
    }
}
