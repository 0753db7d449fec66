package dev.cleave.bench.link;

import dev.cleave.quality.evaluation.TextEvaluation.Steps;
import dev.cleave.quality.evaluation.TextResult;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;

/** Draws bits a value against the rise of the perplexity. */
final class LinkPlot {
    /** A smaller rise, or none, is drawn at this one, in per cent. */
    static final double LEAST_RISE = 0.01;

    private static final double MOST_BITS = 10;
    private static final List<Color> RIVALS =
            List.of(Color.BLACK, Color.MAGENTA, Color.GRAY, new Color(0, 128, 128), new Color(160, 82, 45), Color.PINK);

    private final SplitResults results;
    private final XYChart chart;

    private LinkPlot(SplitResults results) {
        this.results = results;
        chart = new XYChartBuilder()
                .width(860)
                .height(500)
                .title(results.model() + ", split " + results.split())
                .xAxisTitle("bits a value")
                .yAxisTitle("rise of the perplexity, %")
                .build();
        chart.getStyler()
                .setYAxisLogarithmic(true)
                .setYAxisMin(LEAST_RISE)
                .setXAxisMin(0.0)
                .setXAxisMax(MOST_BITS)
                .setMarkerSize(8)
                .setChartBackgroundColor(Color.WHITE);
    }

    /** Draws into a folder, as {@link SplitResults#plot()}. */
    static void write(SplitResults results, Path folder) throws IOException {
        LinkPlot plot = new LinkPlot(results);
        Predicate<TextResult> tabQ = each -> each.link().startsWith(SplitResults.TAB_Q);
        Predicate<TextResult> tuned = each -> each.link().startsWith(SplitResults.TUNED);
        for (Steps steps : List.of(Steps.PROMPT, Steps.DECODE)) {
            String ending = steps == Steps.PROMPT ? ", prompt" : ", decode";
            plot.line("TS, TAB-Q, entropy" + ending, steps, tabQ, TextResult::bitsPerValue);
            plot.line("tuned" + ending, steps, tuned, TextResult::bitsPerValue);
        }
        plot.line(
                "Gaussian at tuned's error, prompt",
                Steps.PROMPT,
                tuned,
                each -> results.gaussian().get(Steps.PROMPT).get(each.link()));
        int rivals = 0;
        for (TextResult each : results.texts().get(Steps.PROMPT)) {
            if (!tabQ.test(each) && !tuned.test(each) && each.bitsPerValue() <= MOST_BITS) {
                plot.line(each.link() + ", prompt", Steps.PROMPT, each::equals, TextResult::bitsPerValue)
                        .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                        .setMarkerColor(RIVALS.get(rivals++ % RIVALS.size()));
            }
        }
        BitmapEncoder.saveBitmap(plot.chart, folder.resolve(results.plot()).toString(), BitmapFormat.PNG);
    }

    private XYSeries line(String name, Steps steps, Predicate<TextResult> which, ToDoubleFunction<TextResult> bits) {
        List<TextResult> points =
                results.texts().get(steps).stream().filter(which).toList();
        return chart.addSeries(
                name,
                points.stream().mapToDouble(bits).toArray(),
                points.stream()
                        .mapToDouble(each -> Math.max(LEAST_RISE, 100 * results.rise(steps, each)))
                        .toArray());
    }
}
