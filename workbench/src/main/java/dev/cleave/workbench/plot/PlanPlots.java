package dev.cleave.workbench.plot;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.optimizer.file.ProfileFiles;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Constraint;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import dev.cleave.optimizer.profile.WidthCost;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what a plan was chosen from: memory and time against the split, the Pareto front, and which way wins on which link. */
public final class PlanPlots {
    private static final double MIB = 1 << 20;
    private static final int WIDTH = 860;
    private static final int HEIGHT = 480;

    private final PlanRequest request;
    private final Path folder;
    private final List<Path> files = new ArrayList<>();

    private PlanPlots(PlanRequest request, Path folder) {
        this.request = request;
        this.folder = folder;
    }

    /**
     * Draws {@code plan-memory.png}, {@code plan-time.png}, {@code plan-front.png} and {@code plan-map.png} into a folder.
     *
     * @param front the Pareto front
     * @return the files
     * @throws CliException with {@code WRITE_FAILED}
     */
    public static List<Path> draw(PlanRequest request, List<Plan> front, Path folder) {
        PlanPlots plots = new PlanPlots(request, folder);
        try {
            Files.createDirectories(folder);
            plots.bySplit(
                    "plan-memory",
                    "memory of the device, MiB",
                    Constraint.MEMORY,
                    plan -> plan.forecast().memory().total() / MIB,
                    MIB);
            plots.bySplit(
                    "plan-time",
                    "ms a token, kept by "
                            + Math.round(100 * (1 - request.budget().missShare())) + " %",
                    Constraint.TOKEN,
                    plan -> plan.forecast().token().total(),
                    1);
            plots.front(front);
            plots.save("plan-map", WinnersMap.chart(request));
            return plots.files;
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.WRITE_FAILED, "--plot " + folder + ": cannot be written: " + e + ". Name another place");
        }
    }

    /** For each width on the device the best plan of every split, whatever it takes; and where the budget ends. */
    private void bySplit(String name, String axis, Constraint constraint, ToDoubleFunction<Plan> figure, double unit)
            throws IOException {
        XYChart chart = chart(name, "decoder layers on the device", axis);
        int layers = request.device().layers();
        for (WidthCost width : request.device().widths()) {
            List<Double> splits = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            for (int split = 0; split <= layers; split++) {
                Optional<Plan> plan = best(split, width.bits());
                if (plan.isPresent()) {
                    splits.add((double) split);
                    values.add(figure.applyAsDouble(plan.get()));
                }
            }
            if (!splits.isEmpty()) {
                chart.addSeries(width.bits() + " bits here", splits, values);
            }
        }
        double limit = request.budget().limit(constraint) / unit;
        if (limit < Budget.UNLIMITED) {
            XYSeries line = chart.addSeries("budget", new double[] {0, layers}, new double[] {limit, limit});
            line.setMarker(SeriesMarkers.NONE);
            line.setLineColor(Color.RED);
        }
        save(name, chart);
    }

    private Optional<Plan> best(int split, int bits) {
        Choices own = request.choices();
        Choices only = new Choices(
                List.of(split), List.of(bits), own.backBits(), own.promptLinks(), own.decodeLinks(), own.kv());
        Budget easy = Budget.NONE.with(Constraint.LOSS, request.budget().loss());
        PlanRequest narrowed = request.with(only).with(easy);
        return Planner.plan(narrowed) instanceof Planned planned ? Optional.of(planned.best()) : Optional.empty();
    }

    private void front(List<Plan> front) throws IOException {
        XYChart chart = chart("plan-front", "memory of the device, MiB", "expected ms a token");
        if (!front.isEmpty()) {
            XYSeries points = chart.addSeries(
                    "Pareto front (memory, time, quality)",
                    front.stream()
                            .mapToDouble(plan -> plan.forecast().memory().total() / MIB)
                            .toArray(),
                    front.stream()
                            .mapToDouble(plan -> plan.forecast().expectedMillis())
                            .toArray());
            points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        }
        save("plan-front", chart);
    }

    static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setYAxisMin(0.0).setMarkerSize(6).setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    private void save(String name, XYChart chart) throws IOException {
        Path file = folder.resolve(name + ".png");
        ProfileFiles.write(file, BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG));
        files.add(file);
    }
}
