package dev.cleave.bench.link;

import dev.cleave.generation.SplitConfig;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.quality.evaluation.Coding;
import dev.cleave.quality.evaluation.TextEvaluation.Steps;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The activations of a text at a split, and how many bits a value a memoryless Gaussian source of their mean and covariance
 * needs: reverse water-filling, R = 1/d Σ max(0, ½ log₂(λ/θ)) where D = 1/d Σ min(θ, λ). The first position of a window is
 * left out of the covariance and of every error: it is unlike all others.
 */
final class GaussianReference {
    private static final int HALVINGS = 200;

    private final int width;
    private final int chunk;
    private final List<int[]> windows;
    private final List<float[]> activations = new ArrayList<>();
    private final double[] eigenvalues;

    /** Runs the front segment. */
    GaussianReference(SegmentEngine engine, Bundle bundle, SplitConfig config, List<int[]> windows) {
        this.windows = windows;
        width = bundle.architecture().hidden();
        int context = bundle.architecture().context();
        try (Sequence front = engine.begin(
                bundle,
                new SegmentSpec(0, config.split(), config.frontBits(), config.mode()),
                context,
                KvPrecision.FLOAT32)) {
            chunk = front.chunk();
            windows.forEach(ids -> activations.add(run(front, ids)));
        }
        eigenvalues = eigenvalues(covariance());
    }

    private float[] run(Sequence front, int[] ids) {
        float[] rows = new float[ids.length * width];
        for (int from = 0; from < ids.length; from += chunk) {
            int count = Math.min(chunk, ids.length - from);
            FloatBuffer hidden = front.run(ids, from, count, from, Output.NONE);
            for (int i = 0; i < count * width; i++) {
                rows[from * width + i] = hidden.get(i);
            }
        }
        return rows;
    }

    private double[] covariance() {
        double[] mean = new double[width];
        double[] products = new double[width * width];
        long count = 0;
        for (float[] rows : activations) {
            for (int at = width; at < rows.length; at += width) {
                count++;
                for (int i = 0; i < width; i++) {
                    mean[i] += rows[at + i];
                    for (int j = 0; j <= i; j++) {
                        products[i * width + j] += (double) rows[at + i] * rows[at + j];
                    }
                }
            }
        }
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double value = products[i * width + j] / count - mean[i] / count * (mean[j] / count);
                products[i * width + j] = value;
                products[j * width + i] = value;
            }
        }
        return products;
    }

    private double[] eigenvalues(double[] covariance) {
        EigenDecomposition_F64<DMatrixRMaj> decomposition = DecompositionFactory_DDRM.eig(width, false, true);
        if (!decomposition.decompose(DMatrixRMaj.wrap(width, width, covariance))) {
            throw new IllegalStateException("the covariance has no eigenvalues");
        }
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = Math.max(0, decomposition.getEigenvalue(i).getReal());
        }
        return values;
    }

    /** Returns how many bits a value the Gaussian needs at the mean squared error of a coding. */
    double bits(Coding coding, Steps steps) {
        return rate(squaredError(coding, steps));
    }

    private double squaredError(Coding coding, Steps steps) {
        int step = steps == Steps.PROMPT ? chunk : 1;
        byte[] frame = new byte[coding.encoder().maxEncodedSize(chunk)];
        float[] back = new float[chunk * width];
        double error = 0;
        long values = 0;
        for (int window = 0; window < windows.size(); window++) {
            int[] ids = windows.get(window);
            float[] rows = activations.get(window);
            for (int from = 0; from < ids.length; from += step) {
                int count = Math.min(step, ids.length - from);
                if (steps == Steps.DECODE && from > 0) {
                    int before = from > 1 ? ids[from - 1] : -1;
                    coding.encoder().known(ids[from], before);
                    coding.decoder().known(ids[from], before);
                }
                FloatBuffer hidden =
                        FloatBuffer.wrap(rows, from * width, count * width).slice();
                int length = coding.encoder().encode(hidden, count, frame, 0);
                coding.decoder().decode(frame, 0, length, FloatBuffer.wrap(back));
                for (int i = from == 0 ? width : 0; i < count * width; i++) {
                    double lost = (double) rows[from * width + i] - back[i];
                    error += lost * lost;
                    values++;
                }
            }
        }
        return error / values;
    }

    private double rate(double squaredError) {
        double low = 0;
        double high = 0;
        for (double value : eigenvalues) {
            high = Math.max(high, value);
        }
        for (int i = 0; i < HALVINGS; i++) {
            double level = (low + high) / 2;
            double distortion = 0;
            for (double value : eigenvalues) {
                distortion += Math.min(level, value) / width;
            }
            if (distortion < squaredError) {
                low = level;
            } else {
                high = level;
            }
        }
        double bits = 0;
        for (double value : eigenvalues) {
            bits += Math.max(0, Math.log(value / high) / Math.log(2) / 2) / width;
        }
        return bits;
    }
}
