package dev.cleave.workbench.plot;

import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import dev.cleave.optimizer.profile.LinkProfile;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** On which links everything here, a split, or everything there is the best plan. */
final class WinnersMap {
    private static final int COLUMNS = 33;
    private static final int ROWS = 21;

    /** 0.1 to 1000 Mbit/s, and 1 to 300 ms, in equal steps of the logarithm. */
    private static final double LEAST_MEGABITS = 0.1;

    private static final double MOST_MEGABITS = 1000;
    private static final double LEAST_MILLIS = 1;
    private static final double MOST_MILLIS = 300;

    private WinnersMap() {}

    /** Who wins. */
    private enum Winner {
        /** The whole model on the device. */
        HERE("all here", new Color(46, 125, 50)),
        /** A split. */
        SPLIT("split", new Color(25, 118, 210)),
        /** The whole model in the cloud. */
        THERE("all there", new Color(245, 124, 0)),
        /** No plan keeps the budget. */
        NONE("no plan", new Color(200, 200, 200));

        private final String label;
        private final Color color;

        Winner(String label, Color color) {
            this.label = label;
            this.color = color;
        }
    }

    /** Returns who wins on a link without jitter. */
    private static Winner winner(PlanRequest request, double megabits, double roundTripMillis) {
        LinkProfile measured = request.link();
        LinkProfile.Sample sample = new LinkProfile.Sample(roundTripMillis, megabits * 1e6 / 8e3, 0);
        LinkProfile link =
                new LinkProfile(Collections.singletonList(sample), measured.overheadBytes(), measured.idsBytes());
        if (!(Planner.plan(request.with(link)) instanceof Planned planned)) {
            return Winner.NONE;
        }
        int split = planned.best().setting().split();
        if (split == 0) {
            return Winner.THERE;
        }
        return split == request.device().layers() ? Winner.HERE : Winner.SPLIT;
    }

    static XYChart chart(PlanRequest request) {
        Map<Winner, List<double[]>> points = new EnumMap<>(Winner.class);
        for (int column = 0; column < COLUMNS; column++) {
            double megabits = step(LEAST_MEGABITS, MOST_MEGABITS, column, COLUMNS);
            for (int row = 0; row < ROWS; row++) {
                double millis = step(LEAST_MILLIS, MOST_MILLIS, row, ROWS);
                points.computeIfAbsent(winner(request, megabits, millis), any -> new ArrayList<>())
                        .add(new double[] {megabits, millis});
            }
        }
        XYChart chart = PlanPlots.chart("plan-map", "bandwidth upwards, Mbit/s", "round trip, ms");
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setYAxisMin(LEAST_MILLIS)
                .setMarkerSize(14);
        points.forEach((winner, where) -> {
            XYSeries series = chart.addSeries(
                    winner.label,
                    where.stream().mapToDouble(point -> point[0]).toArray(),
                    where.stream().mapToDouble(point -> point[1]).toArray());
            series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
            series.setMarker(SeriesMarkers.SQUARE);
            series.setMarkerColor(winner.color);
        });
        return chart;
    }

    private static double step(double least, double most, int index, int count) {
        return least * Math.pow(most / least, index / (count - 1.0));
    }
}
