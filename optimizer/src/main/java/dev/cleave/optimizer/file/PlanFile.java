package dev.cleave.optimizer.file;

import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Constraint;
import dev.cleave.optimizer.plan.Forecast;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.PlanAnswer.Infeasible;
import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the planner answers, as JSON; and the setting of such a file, for whoever lives by it. */
public final class PlanFile {
    /** What the file calls itself. */
    public static final String FORMAT = "cleave-plan";

    /** Its version. */
    public static final int VERSION = 1;

    private static final int MOST_LAYERS = 1000;
    private static final int MOST_BITS = 32;
    private static final int MOST_LENGTH = 1 << 24;

    private PlanFile() {}

    /**
     * A plan to live by.
     *
     * @param modelHash of the bundle that it was made for
     * @param setting what it chose
     */
    public record Chosen(String modelHash, Setting setting) {}

    /** Returns the answer as a file's bytes. */
    public static byte[] write(PlanRequest request, PlanAnswer answer) {
        return JsonWriter.pretty(tree(request, answer));
    }

    /** Returns the answer as fields of a JSON object. */
    public static Map<String, Object> tree(PlanRequest request, PlanAnswer answer) {
        Map<String, Object> fields = ProfileFiles.begin(FORMAT, VERSION);
        fields.put("modelHash", request.device().provenance().modelHash());
        fields.put("objective", request.objective().name());
        fields.put("demand", demand(request));
        fields.put("budget", budget(request.budget()));
        fields.put("feasible", answer instanceof Planned);
        if (answer instanceof Planned) {
            planned(fields, (Planned) answer);
        } else {
            fields.put("nearest", nearest((Infeasible) answer));
        }
        return fields;
    }

    private static void planned(Map<String, Object> fields, Planned planned) {
        fields.put("plan", plan(planned.best()));
        planned.binding().ifPresent(binding -> {
            Map<String, Object> binds = new LinkedHashMap<>();
            binds.put("constraint", name(binding.constraint()));
            binds.put("without", plan(binding.without()));
            fields.put("binding", binds);
        });
        fields.put("runnersUp", plans(planned.runnersUp()));
    }

    /** Returns the nearest budgets as a list of JSON objects. */
    public static List<Object> nearest(Infeasible infeasible) {
        List<Object> nearest = new ArrayList<>();
        for (PlanAnswer.Nearest each : infeasible.nearest()) {
            Map<String, Object> limits = new LinkedHashMap<>();
            each.limits().forEach((constraint, limit) -> limits.put(name(constraint), limit));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("limits", limits);
            row.put("plan", plan(each.plan()));
            nearest.add(row);
        }
        return nearest;
    }

    private static Map<String, Object> demand(PlanRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("promptTokens", request.demand().promptTokens());
        fields.put("answerTokens", request.demand().answerTokens());
        fields.put("leastTokens", request.demand().leastTokens());
        fields.put("mostTokens", request.demand().mostTokens());
        return fields;
    }

    private static Map<String, Object> budget(Budget budget) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Constraint constraint : Constraint.values()) {
            if (budget.limit(constraint) < Budget.UNLIMITED) {
                fields.put(name(constraint), budget.limit(constraint));
            }
        }
        fields.put("missShare", budget.missShare());
        return fields;
    }

    /** Returns plans as a list of JSON objects. */
    public static List<Object> plans(List<Plan> plans) {
        List<Object> rows = new ArrayList<>();
        plans.forEach(plan -> rows.add(plan(plan)));
        return rows;
    }

    /** Returns a plan as a JSON object. */
    public static Map<String, Object> plan(Plan plan) {
        Setting setting = plan.setting();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("split", setting.split());
        fields.put("frontBits", setting.frontBits());
        fields.put("backBits", setting.backBits());
        fields.put("promptLink", setting.promptLink());
        fields.put("decodeLink", setting.decodeLink());
        fields.put("kv", setting.kv());
        fields.put("length", setting.length());
        Forecast forecast = plan.forecast();
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("base", forecast.memory().base());
        memory.put("weights", forecast.memory().weights());
        memory.put("kv", forecast.memory().kv());
        memory.put("workspace", forecast.memory().workspace());
        memory.put("total", forecast.memory().total());
        fields.put("memoryBytes", memory);
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("edge", forecast.token().edge());
        token.put("codec", forecast.token().codec());
        token.put("link", forecast.token().link());
        token.put("cloud", forecast.token().cloud());
        token.put("reserve", forecast.token().reserve());
        token.put("total", forecast.token().total());
        fields.put("tokenMillis", token);
        fields.put("firstTokenMillis", forecast.firstTokenMillis());
        fields.put("expectedMillis", forecast.expectedMillis());
        fields.put("loss", forecast.loss());
        fields.put("perplexityRise", Math.expm1(forecast.loss()));
        fields.put("bytesPerToken", forecast.bytesPerToken());
        fields.put("cloudMillisPerToken", forecast.cloudMillisPerToken());
        fields.put("cost", plan.cost());
        return fields;
    }

    /** Returns what a constraint's limit is called. */
    public static String name(Constraint constraint) {
        switch (constraint) {
            case MEMORY:
                return "memoryBytes";
            case FIRST_TOKEN:
                return "firstTokenMillis";
            case TOKEN:
                return "tokenMillis";
            default:
                return "loss";
        }
    }

    /**
     * Reads the setting that a file chose.
     *
     * @param source what messages call it
     * @throws dev.cleave.model.ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     */
    public static Chosen read(byte[] utf8, String source) {
        return ProfileFiles.parse(utf8, source, FORMAT, VERSION, PlanFile::chosen);
    }

    private static Chosen chosen(JsonObject json) {
        if (!json.bool("feasible")) {
            throw json.malformed("feasible", "a plan is expected, found an answer that there is none");
        }
        JsonObject plan = json.object("plan");
        return new Chosen(
                json.string("modelHash"),
                new Setting(
                        plan.int32("split", 0, MOST_LAYERS),
                        plan.int32("frontBits", 0, MOST_BITS),
                        plan.int32("backBits", 0, MOST_BITS),
                        plan.string("promptLink"),
                        plan.string("decodeLink"),
                        plan.string("kv"),
                        plan.int32("length", 1, MOST_LENGTH)));
    }
}
