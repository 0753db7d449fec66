package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.plan.Qualities;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.ModelException;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleAddition;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import dev.cleave.quality.evaluation.VariantEvaluation;
import dev.cleave.quality.evaluation.VariantEvaluation.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code prepare} measures of the losses of a bundle. */
@Timeout(300)
class QualityTest {
    @TempDir
    static Path home;

    private final Commands commands = new Commands(home);

    @Test
    void preparedModelsKnowWhatTheirWidthsAndLinksLose() throws IOException {
        Bundle bundle = prepare(3, "--measure-quality");
        QualityProfile profile = Qualities.of(bundle).orElseThrow();

        for (List<Curve> side : List.of(
                List.copyOf(profile.front().values()),
                List.copyOf(profile.back().values()))) {
            assertThat(side).hasSize(2);
            assertThat(side.get(1).points()).as("the widest").allMatch(point -> point.loss() == 0);
            assertThat(side.get(0).points()).extracting(Curve.Point::split).containsExactly(0, 1, 2, 3);
        }
        Curve front = profile.front().get(4);
        Curve back = profile.back().get(4);
        assertThat(front.at(0)).isZero();
        assertThat(back.at(3)).isZero();
        assertThat(front.at(3)).as("the whole model").isPositive().isEqualTo(back.at(0));
        assertThat(front.at(1)).isPositive();
        assertThat(back.at(2)).isPositive();

        int width = bundle.architecture().hidden();
        assertThat(profile.links())
                .extracting(LinkLoss::link)
                .containsExactlyElementsOf(
                        CodecLevel.all().stream().map(CodecLevel::name).toList());
        assertThat(profile.links()).allSatisfy(link -> {
            assertThat(link.tuned()).isFalse();
            assertThat(link.points()).extracting(LinkLoss.Point::split).containsExactly(1, 2);
            assertThat(link.points()).allSatisfy(point -> {
                assertThat(point.promptBytes()).isBetween(width / 8.0, 4.0 * width + 1);
                assertThat(point.decodeBytes())
                        .as("a frame of one token has the header alone")
                        .isGreaterThan(point.promptBytes() + 8);
                assertThat(point.memoryBytes()).isZero();
            });
        });
        assertThat(loss(profile, "lossless")).isZero();
        assertThat(loss(profile, "tabq-24")).isGreaterThan(loss(profile, "tabq-04"));
        assertThat(profile.kv()).containsOnlyKeys("float32", "float16").containsEntry("float32", 0.0);
        assertThat(profile.kv().get("float16"))
                .as("far less than any width costs")
                .isBetween(0.0, profile.front().get(4).at(1));
        assertThat(profile.additivityError()).isBetween(0.0, 1.0);
        assertThat(commands.err()).contains("front at 4 bits", "sums are off by at most");
    }

    private static double loss(QualityProfile profile, String link) {
        return profile.link(link).orElseThrow().at(1).orElseThrow().loss();
    }

    /** No split cuts it, and its width loses all the same. */
    @Test
    void aModelOfOneLayerLosesAsAWhole() throws IOException {
        QualityProfile profile = Qualities.of(prepare(1, "--measure-quality")).orElseThrow();

        assertThat(profile.front().get(4).at(0)).isZero();
        assertThat(profile.front().get(4).at(1))
                .isPositive()
                .isEqualTo(profile.back().get(4).at(0));
        assertThat(profile.links()).isEmpty();
    }

    @Test
    void whereACutLiesChangesNothing() throws IOException {
        Bundle bundle = prepare(2);
        int[] ids = IntStream.range(20, 220).toArray();
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT);
                VariantEvaluation whole =
                        new VariantEvaluation(engine, bundle, 2, ids.length, List.of(new Variant(4, 4)));
                VariantEvaluation config = new VariantEvaluation(
                        engine,
                        bundle,
                        1,
                        ids.length,
                        List.of(new Variant(4, 4), new Variant(8, 8), new Variant(4, 8)))) {
            double[] divided = config.run(ids);

            assertThat(whole.run(ids)[0]).isPositive().isEqualTo(divided[0]);
            assertThat(divided[1]).as("the reference itself").isLessThan(1e-9);
            assertThat(divided[2]).isPositive();
        }
    }

    @Test
    void lossesOfAnotherModelAreRefusedAndNewOnesTakeTheirPlace() throws IOException {
        Bundle bundle = prepare(2);
        assertThat(Qualities.of(bundle)).isEmpty();
        Curve nothing = new Curve(List.of(new Curve.Point(0, 0)));
        Map<Integer, Curve> curves = Map.of(4, nothing, 8, nothing);

        Bundle other = put(bundle, new QualityProfile("0".repeat(64), curves, curves, List.of(), Map.of(), 0));
        assertThatThrownBy(() -> Qualities.of(other))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("field modelHash")
                .hasMessageContaining(bundle.modelHash());

        Bundle own = put(other, new QualityProfile(bundle.modelHash(), curves, curves, List.of(), Map.of(), 0.5));
        assertThat(Qualities.of(own).orElseThrow().additivityError()).isEqualTo(0.5);
        assertThat(own.files().stream().filter(file -> file.role().equals(Bundle.QUALITY)))
                .hasSize(1);
        own.verify();
    }

    private static Bundle put(Bundle bundle, QualityProfile profile) {
        return BundleAddition.replace(
                bundle, Bundle.QUALITY, "quality", List.of(new BundleAddition.Content(-1, QualityFile.write(profile))));
    }

    private Bundle prepare(int layers, String... more) throws IOException {
        String name = "short-" + layers + "-" + System.nanoTime();
        String[] arguments = new String[3 + more.length];
        arguments[0] = "prepare";
        arguments[1] = "--bits=4,8";
        arguments[2] = ShortModel.write(home.resolve("checkpoints").resolve(name), layers)
                .toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        assertThat(commands.run(arguments)).as(commands.err()).isZero();
        return Bundle.open(home.resolve("models").resolve(name));
    }
}
