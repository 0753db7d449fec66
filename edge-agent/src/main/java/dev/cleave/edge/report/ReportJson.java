package dev.cleave.edge.report;

import dev.cleave.edge.Failure;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.GenerationTrace;
import dev.cleave.generation.StepMillis;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.file.PlanFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as one JSON object; docs/cli.md says what each field means. */
public final class ReportJson {
    private ReportJson() {}

    /** Returns the object on one line, with a line feed. */
    public static String of(Report report) {
        return text(fields(report));
    }

    /** Returns the object of a failure before there was anything to report, on one line, with a line feed. */
    public static String of(Failure failure) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("error", failure.json());
        return text(fields);
    }

    private static String text(Map<String, Object> fields) {
        return new String(JsonWriter.compact(fields), StandardCharsets.UTF_8) + "\n";
    }

    private static Map<String, Object> fields(Report report) {
        GenerationResult result = report.result();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", report.bundle().name());
        fields.put("text", result.text());
        fields.put("tokenIds", result.tokenIds());
        fields.put("finishReason", result.finishReason().label());
        fields.put("promptTokens", result.promptTokens());
        fields.put("reusedTokens", result.reusedTokens());
        fields.put("split", result.config().split());
        fields.put("frontBits", result.config().frontBits());
        fields.put("backBits", result.config().backBits());
        fields.put("link", result.config().link().label());
        fields.put("mode", result.config().mode().label());
        fields.put("kv", result.config().kv().label());
        fields.put("steps", result.steps());
        fields.put("bytesUp", result.bytes().frames());
        fields.put("bytesSocket", traffic(result));
        if (result.timings().decodeSteps() > 0) {
            fields.put("bytesPerToken", perToken(result));
        }
        fields.put("bitsPerValue", result.bytes().bitsPerValue());
        fields.put("relativeError", result.bytes().relativeError());
        fields.put("msPerToken", millis(result.timings().mean()));
        fields.put("msPerTokenMedian", millis(result.timings().median()));
        fields.put("msPrefill", number(result.timings().prefill()));
        trace(result, fields);
        fields.put("memory", memory(report));
        report.plan().ifPresent(plan -> fields.put("plan", PlanFile.plan(plan)));
        report.failure().ifPresent(failure -> fields.put("error", failure.json()));
        return fields;
    }

    private static void trace(GenerationResult result, Map<String, Object> fields) {
        GenerationTrace trace = result.trace();
        if (result.bytes().values() > 0) {
            links(trace.links(), fields);
        }
        fields.put("lateTokens", trace.late());
        trace.cutShort().ifPresent(reason -> fields.put("cutShort", reason));
        trace.offline().ifPresent(offline -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("fromToken", offline.fromToken());
            row.put("bits", offline.bits());
            row.put("reason", offline.reason());
            fields.put("offline", row);
        });
    }

    private static void links(LinkPlan used, Map<String, Object> fields) {
        List<Object> links = new ArrayList<>();
        for (LinkPlan.Change change : used.changes()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("from", change.from());
            row.put("link", change.quality().name());
            links.add(row);
        }
        fields.put("promptLink", used.prompt().name());
        fields.put("links", links);
    }

    private static Map<String, Object> traffic(GenerationResult result) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("up", result.bytes().socket().up());
        fields.put("down", result.bytes().socket().down());
        return fields;
    }

    private static Map<String, Object> perToken(GenerationResult result) {
        double steps = result.timings().decodeSteps();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("codec", result.bytes().decodeFrames() / steps);
        fields.put("up", result.bytes().decodeSocket().up() / steps);
        fields.put("down", result.bytes().decodeSocket().down() / steps);
        return fields;
    }

    private static Map<String, Object> millis(StepMillis step) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("edge", number(step.edge()));
        fields.put("encode", number(step.encode()));
        fields.put("link", number(step.link()));
        fields.put("cloud", number(step.cloud()));
        fields.put("total", number(step.total()));
        return fields;
    }

    private static Map<String, Object> memory(Report report) {
        SegmentMemory segment = report.result().memory();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("predicted", report.prediction().total());
        fields.put(
                "peakRss",
                report.peakResident().isPresent() ? report.peakResident().getAsLong() : null);
        fields.put("model", segment.total());
        fields.put(
                "modelPredicted",
                report.prediction().total() - report.prediction().base());
        return fields;
    }

    /** JSON has no NaN. */
    private static Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
