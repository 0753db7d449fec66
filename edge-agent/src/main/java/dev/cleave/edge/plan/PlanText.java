package dev.cleave.edge.plan;

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
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A planner's answer for people. */
public final class PlanText {
    private static final double MIB = 1 << 20;
    private static final double PER_CENT = 100;
    private static final String HEADER = "split  front  back  prompt link  decode link  KV        length  memory MiB"
            + "  first ms  ms a token  expected  rise %  bytes up  cloud ms";

    private PlanText() {}

    /** Returns lines. */
    public static List<String> of(PlanRequest request, PlanAnswer answer) {
        return answer instanceof Planned planned ? planned(request, planned) : infeasible(request, (Infeasible) answer);
    }

    private static List<String> planned(PlanRequest request, Planned planned) {
        List<String> lines = new ArrayList<>();
        lines.add(sentence(planned.best(), request.device().layers()));
        lines.add("");
        Forecast forecast = planned.best().forecast();
        lines.add(format(
                "memory      %.1f MiB: program %.1f, weights %.1f, KV cache %.1f, workspace %.1f%s",
                forecast.memory().total() / MIB,
                forecast.memory().base() / MIB,
                forecast.memory().weights() / MIB,
                forecast.memory().kv() / MIB,
                forecast.memory().workspace() / MIB,
                limit(request, Constraint.MEMORY)));
        lines.add(format(
                "a token     %.2f ms at position %d: edge %.2f, codec %.2f, link %.2f, cloud %.2f, reserve %.2f%s",
                forecast.token().total(),
                planned.best().setting().length(),
                forecast.token().edge(),
                forecast.token().codec(),
                forecast.token().link(),
                forecast.token().cloud(),
                forecast.token().reserve(),
                limit(request, Constraint.TOKEN)));
        lines.add(format(
                "the first   %.2f ms behind a prompt of %d%s",
                forecast.firstTokenMillis(), request.demand().promptTokens(), limit(request, Constraint.FIRST_TOKEN)));
        lines.add(format(
                "quality     perplexity rises by %.2f %%%s",
                PER_CENT * Math.expm1(forecast.loss()), limit(request, Constraint.LOSS)));
        lines.add(format(
                "times hold with probability %.0f %%; expected on average %.2f ms a token of the answer, the first one's wait"
                        + " included",
                PER_CENT * (1 - request.budget().missShare()), forecast.expectedMillis()));
        lines.add(planned.binding()
                .map(binding -> format(
                        "binding     %s: without its limit, %s",
                        binding.constraint().label(),
                        sentence(binding.without(), request.device().layers())))
                .orElse("binding     no limit: nothing better exists without them"));
        lines.add("");
        List<Plan> all = new ArrayList<>();
        all.add(planned.best());
        all.addAll(planned.runnersUp());
        lines.addAll(table(all));
        return lines;
    }

    private static List<String> infeasible(PlanRequest request, Infeasible infeasible) {
        List<String> lines = new ArrayList<>();
        lines.add("no plan keeps this budget. These would do:");
        for (PlanAnswer.Nearest nearest : infeasible.nearest()) {
            String limits = nearest.limits().entrySet().stream()
                    .map(limit -> limit.getKey().label() + " " + value(limit.getKey(), limit.getValue()))
                    .collect(Collectors.joining(" and "));
            lines.add("  " + limits + " in place of "
                    + nearest.limits().keySet().stream()
                            .map(constraint ->
                                    value(constraint, request.budget().limit(constraint)))
                            .collect(Collectors.joining(" and "))
                    + ": " + sentence(nearest.plan(), request.device().layers()));
        }
        return lines;
    }

    /** Returns a plan in words. */
    public static String sentence(Plan plan, int layers) {
        Setting setting = plan.setting();
        if (setting.split() == 0) {
            return format("all %d layers in the cloud at %d bits", layers, setting.backBits());
        }
        if (setting.split() == layers) {
            return format("all %d layers here at %d bits, no cloud", layers, setting.frontBits());
        }
        return format(
                "%d layers here at %d bits, %d in the cloud at %d; link %s, prompt %s",
                setting.split(),
                setting.frontBits(),
                layers - setting.split(),
                setting.backBits(),
                setting.decodeLink(),
                setting.promptLink());
    }

    /** Returns plans as a table, with its header. */
    public static List<String> table(List<Plan> plans) {
        List<String> lines = new ArrayList<>();
        lines.add(HEADER);
        plans.forEach(plan -> lines.add(row(plan)));
        return lines;
    }

    private static String row(Plan plan) {
        Setting setting = plan.setting();
        Forecast forecast = plan.forecast();
        return format(
                "%5d  %5s  %4s  %-11s  %-11s  %-8s  %6d  %10.1f  %8.1f  %10.2f  %8.2f  %6.2f  %8.1f  %8.2f",
                setting.split(),
                setting.frontBits() == 0 ? "-" : setting.frontBits(),
                setting.backBits() == 0 ? "-" : setting.backBits(),
                dash(setting.promptLink()),
                dash(setting.decodeLink()),
                dash(setting.kv()),
                setting.length(),
                forecast.memory().total() / MIB,
                forecast.firstTokenMillis(),
                forecast.token().total(),
                forecast.expectedMillis(),
                PER_CENT * Math.expm1(forecast.loss()),
                forecast.bytesPerToken(),
                forecast.cloudMillisPerToken());
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String limit(PlanRequest request, Constraint constraint) {
        double limit = request.budget().limit(constraint);
        return limit < Budget.UNLIMITED ? "; at most " + value(constraint, limit) : "";
    }

    /** Returns a constraint's value with its unit. */
    public static String value(Constraint constraint, double value) {
        return switch (constraint) {
            case MEMORY -> format("%.1f MiB", value / MIB);
            case FIRST_TOKEN, TOKEN -> format("%.2f ms", value);
            case LOSS -> format("%.3f %%", PER_CENT * Math.expm1(value));
        };
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
